"""jit equals eager for every row of the test tables of derivatives: the value and the gradient."""

import importlib
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from jit.same import assert_same, run_source

from autograd import grad, jit
from autograd.errors import BranchError

TABLES = sorted(path.stem for path in (Path(__file__).parent.parent / "derivatives").glob("test_*.py"))


def all_cases():
    """Every case; all but the first of a function in each chapter are slow."""
    seen = Counter()
    for table in TABLES:
        for i, case in enumerate(getattr(importlib.import_module(f"derivatives.{table}"), "CASES", [])):
            seen[table, case.function] += 1
            marks = [pytest.mark.slow] if seen[table, case.function] > 1 else []
            yield pytest.param(case, marks=marks, id=f"{table.removeprefix('test_')}-{case.name or case}-{i}")


def size(out):
    """A number that depends on every output."""
    parts = out if isinstance(out, (tuple, list)) else [out]
    return sum(np.sum(np.real(part * np.conjugate(part))) for part in parts)


@pytest.mark.parametrize("case", list(all_cases()))
def test_jit_equals_eager(case):
    wanted = tuple(i for i, x in enumerate(case.operands) if np.asarray(x).dtype.kind in "fc")
    slope = grad(lambda *operands: size(case.call(*operands)), wanted)

    def both(*operands):
        return case.call(*operands), slope(*operands)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = jit(both)
        try:
            program = compiled.program(*case.operands)
        except BranchError:
            pytest.skip("depends on values")
        expected = both(*case.operands)
        assert_same(expected, compiled(*case.operands), ulp=64)
        source = compiled.source(*case.operands)
        assert_same(expected, run_source(source, *case.operands), ulp=64)
    assert program.validate().equations
