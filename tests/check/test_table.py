"""The test tables of the derivatives, judged by the checker as well: right, and without a doubt, in both modes."""

import importlib.util
import itertools
from pathlib import Path

import pytest

from autograd import check_gradients

FOLDER = Path(__file__).parents[1] / "derivatives"
MODULES = sorted(
    path for path in FOLDER.glob("test_*.py") if "CASES" in path.read_text() and "complete" not in path.name
)


def cases(path):
    spec = importlib.util.spec_from_file_location(f"judged_cases_of_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.CASES


def doubts(table):
    """What is not plainly right, as texts."""
    reports = [
        (case, check_gradients(case.call, *case.operands, order=case.order, raise_error=False)) for case in table
    ]
    assert reports
    return [f"{case}\n{report}" for case, report in reports if not report or report.mode != "reverse and forward"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_tenth_case(path):
    assert doubts(itertools.islice(cases(path), 0, None, 10)) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_case(path):
    assert doubts(cases(path)) == []
