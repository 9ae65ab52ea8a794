"""The same text in every process and for every hash seed: golden files, written again by fresh interpreters."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize("seed", ["0", "1", "12345"])
def test_texts_are_the_golden_ones_in_every_process(seed, tmp_path):
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(HERE.parent.parent)}
    subprocess.run([sys.executable, str(HERE / "golden_files.py"), str(tmp_path)], env=environment, check=True)
    written = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()}
    golden = {file.name: file.read_text(encoding="utf-8") for file in (HERE / "golden").iterdir()}
    assert sorted(golden) == sorted(written)
    for name, text in golden.items():
        assert text == written[name], name
