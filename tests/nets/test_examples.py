"""The examples on nets run, and assert their own results."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(name, *arguments):
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "error"}
    command = [sys.executable, str(ROOT / "examples" / name), *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_symmetry():
    assert "100% of the points right" in run("symmetry.py")


def test_own_loop():
    assert "after 1600 steps" in run("own_loop.py")


def test_moons(tmp_path):
    pytest.importorskip("matplotlib")
    run("moons.py", tmp_path / "moons.png")
    assert (tmp_path / "moons.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_digits(tmp_path):
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib")
    run("digits.py", tmp_path)
    assert len(list(tmp_path.glob("*.png"))) == 6 and len(list(tmp_path.glob("*.npz"))) == 2
