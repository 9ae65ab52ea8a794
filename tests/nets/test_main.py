"""The main job, run as a user runs it: ``python -m nets`` in a process of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import nets
from nets import two_layer
from nets.__main__ import INPUTS, TARGET, main

ROOT = Path(nets.__file__).parent.parent


def run(folder, *options, blocked=None):
    """Run the job in ``folder``; ``blocked`` is a module that this run cannot import."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-m", "nets", *options]
    if blocked:
        code = f"import runpy, sys; sys.modules[{blocked!r}] = None; runpy.run_module('nets', run_name='__main__')"
        command = [sys.executable, "-c", code, *options]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    """The job with no options, and the folder that it ran in."""
    folder = tmp_path_factory.mktemp("job")
    done = run(folder)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines(), folder


LOSSES = [
    0.3554116985980176, 0.24752004301481156, 0.2371479909188821, 0.21501666287568857, 0.15859536315101694,
    0.10354917248966536, 0.0633233102464841, 0.03927771309917888, 0.026341836923495277, 0.018929977360634176,
]  # fmt: skip


def test_it_prints_the_losses_of_the_tutorial(job):
    lines, _ = job
    assert lines[0].startswith("Epoch 0: Loss 0.35541169859801")
    printed = [re.fullmatch(r"Epoch (\d+): Loss (0\.\d+)", line).groups() for line in lines[:10]]
    assert [int(epoch) for epoch, _ in printed] == list(range(0, 1000, 100))
    assert [float(loss) for _, loss in printed] == pytest.approx(LOSSES, rel=0, abs=1e-12)


def test_it_prints_the_outputs_and_the_predictions(job):
    lines, _ = job
    assert lines[10] == "Outputs: 0.1792, 0.9014, 0.9037, 0.0800"
    assert lines[11] == "Predictions: [0, 1, 1, 0]"


def test_it_proves_the_gradients_of_all_parameters_at_both_ends(job):
    lines, _ = job
    rows = [re.match(r"  (\w+) +(\S+e-\d+|0\.0e\+00) +(\S+e-\d+|0\.0e\+00)( \*)?$", line) for line in lines]
    rows = [row for row in rows if row]
    names = ["input_hidden_weights", "input_hidden_bias", "hidden_out_weights", "hidden_out_bias"]
    assert [row[1] for row in rows] == 2 * names
    assert all(float(row[2]) <= 1e-12 and float(row[3]) <= 1e-7 for row in rows)


def test_it_writes_two_pictures(job):
    lines, folder = job
    for name, sentence in [("loss-graph.svg", "The graph of the loss: "), ("loss-curve.svg", "The loss curve: ")]:
        path = Path("out") / name
        assert f"{sentence}{path}" in lines
        assert ElementTree.parse(folder / path).getroot().tag.endswith("svg")
    text = "".join(ElementTree.parse(folder / "out" / "loss-graph.svg").getroot().itertext())
    for word in ("squared error", *two_layer.Parameters._fields, "dot", "relu", "sigmoid", "gradient"):
        assert word in text


def test_the_picture_of_the_readme_is_the_one_that_it_writes(job):
    _, folder = job
    shown, written = (
        ElementTree.parse(path).find("{http://www.w3.org/2000/svg}desc").text
        for path in (ROOT / "docs" / "two-layer.svg", folder / "out" / "loss-graph.svg")
    )
    assert shown == written


def test_options_change_the_run_and_where_it_writes(tmp_path):
    options = ["--epochs", "101", "--hidden", "3", "--learning-rate", "0.5", "--seed", "7", "--out", "some/where"]
    done = run(tmp_path, *options)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.split(":")[0] for line in lines[:3]] == ["Epoch 0", "Epoch 100", "Outputs"]
    assert lines[0] != "Epoch 0: Loss 0.3554116985980176"
    assert sorted(path.name for path in (tmp_path / "some/where").iterdir()) == ["loss-curve.svg", "loss-graph.svg"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--epochs", "0"], "argument --epochs: '0' is not a whole number above zero"),
        (["--epochs", "many"], "argument --epochs: 'many' is not a whole number above zero"),
        (["--hidden", "1.5"], "argument --hidden: '1.5' is not a whole number above zero"),
        (["--learning-rate", "-1"], "argument --learning-rate: '-1' is not a finite number above zero"),
        (["--learning-rate", "nan"], "argument --learning-rate: 'nan' is not a finite number above zero"),
        (["--learning-rate", "inf"], "argument --learning-rate: 'inf' is not a finite number above zero"),
        (["--seed", "-1"], "argument --seed: '-1' is not a whole number from 0 to 4294967295"),
        (["--out"], "argument --out: expected one argument"),
        (["--unheard-of"], "unrecognized arguments: --unheard-of; see --help"),
    ],
)
def test_a_wrong_value_is_one_line_and_status_2(options, words, capsys):
    with pytest.raises(SystemExit) as caught:
        main(options)
    assert caught.value.code == 2
    assert capsys.readouterr() == ("", f"python -m nets: {words}\n")


def test_a_wrong_value_from_the_shell(tmp_path):
    done = run(tmp_path, "--epochs", "-3")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "python -m nets: argument --epochs: '-3' is not a whole number above zero\n"
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_one_line_and_status_2(tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = run(tmp_path, "--out", "file")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("python -m nets: cannot write to --out file: ") and done.stderr.count("\n") == 1
    (tmp_path / "out/loss-graph.svg").mkdir(parents=True)
    done = run(tmp_path, "--epochs", "1")
    assert done.returncode == 2
    assert done.stderr.startswith("python -m nets: cannot write ") and done.stderr.count("\n") == 1


def test_without_matplotlib_it_says_how_to_get_the_curve(tmp_path):
    done = run(tmp_path, "--epochs", "1", blocked="matplotlib")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == (
        "No loss curve: matplotlib is not installed. Get it with: pip install matplotlib"
    )
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["loss-graph.svg"]


@pytest.mark.skipif(os.name == "nt", reason="a closed pipe is another error there")
def test_a_reader_that_closes_early_is_no_error(tmp_path):
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = [sys.executable, "-m", "nets", "--source"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, stdout=write_end, stderr=subprocess.PIPE, check=False)
    os.close(write_end)
    assert (done.returncode, done.stderr) == (0, b"")


def test_help_lists_every_option(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    text = capsys.readouterr().out
    assert caught.value.code == 0
    for option in ("--epochs", "--hidden", "--learning-rate", "--seed", "--out"):
        assert option in text


def test_source_prints_two_steps_that_agree(capsys):
    assert main(["--source"]) == 0
    printed = capsys.readouterr().out
    assert "# backward of sigmoid" in printed and "autograd" not in printed
    namespace = {}
    exec(printed, namespace)
    step = (two_layer.initialize(2, 4, 1), INPUTS, TARGET, 0.1)
    for engine, by_hand in zip(*(namespace[name](*step)[0] for name in ("descend", "descend_by_hand")), strict=True):
        np.testing.assert_allclose(engine, by_hand, rtol=1e-13)
