"""Every example runs, and asserts its own result; each as a user would start it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# For each example: its arguments, below a folder of its own, what it prints, and how many files of a kind it leaves.
EXAMPLES = {
    "digits.py": ([""], "convnet: 9", {"*.png": 6, "*.npz": 2}),
    "moons.py": (["moons.png"], "of the held-out points right", {"moons.png": 1}),
    "own_loop.py": ([], "after 1600 steps", {}),
    "symmetry.py": ([], "100% of the points right", {}),
    "wrap_scipy.py": ([], "both gradients agree", {}),
}


def test_every_example_is_here():
    assert set(EXAMPLES) == {path.name for path in ROOT.glob("examples/*.py")}


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(name, tmp_path):
    arguments, printed, files = EXAMPLES[name]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "error"}
    command = [sys.executable, str(ROOT / "examples" / name), *(str(tmp_path / argument) for argument in arguments)]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert printed in done.stdout
    for pattern, count in files.items():
        found = list(tmp_path.glob(pattern))
        assert len(found) == count
        assert all(file.read_bytes().startswith(b"\x89PNG") for file in found if file.suffix == ".png")
