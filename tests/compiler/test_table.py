"""jit equals eager for every row of the test tables of derivatives: the value and the gradient."""

import warnings
from collections import Counter

import numpy as np
import pytest
import rows
from compiler.same import assert_same, run_source

from autograd import grad, jit
from autograd.errors import BranchError

#: Functions that are compositions here and an algorithm of their own in NumPy: other roundings, in entries that are
#: small beside the others. Their values agree to 4 units in the last place of the largest entry.
ANOTHER_ALGORITHM = {
    np.gradient: "NumPy takes differences over two steps, the composition means of two slopes",
    np.linalg.eigvalsh: "LAPACK finds eigenvalues alone by another iteration than eigenvalues with vectors",
    np.linalg.lstsq: "LAPACK's least squares, against a pseudoinverse",
}

#: Functions that may be refused, since the shape or the kind of their results depends on values.
DEPENDING_ON_VALUES = {
    np.real_if_close, np.extract, np.unique, np.linalg.lstsq, np.polyfit, np.piecewise, np.histogram,
}  # fmt: skip


def all_cases():
    """Every case; all but the first of a function in each chapter are slow."""
    seen = Counter()
    for chapter, cases in rows.cases().items():
        for i, case in enumerate(cases):
            seen[chapter, case.function] += 1
            marks = [pytest.mark.slow] if seen[chapter, case.function] > 1 else []
            yield pytest.param(case, marks=marks, id=f"{chapter}-{case.name or case}-{i}")


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

    entries = case.function not in ANOTHER_ALGORITHM
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = jit(both)
        try:
            program = compiled.program(*case.operands)
        except BranchError:
            assert case.function in DEPENDING_ON_VALUES
            return
        expected = both(*case.operands)
        assert_same(expected, compiled(*case.operands), entries=entries)
        assert_same(expected, run_source(compiled.source(*case.operands), *case.operands), entries=entries)
    assert program.validate().equations
