"""The Hypothesis strategies keep what they promise."""

import numpy as np
import pytest

pytest.importorskip("hypothesis")
from hypothesis import given, settings

from autograd import check_gradients
from autograd.errors import ArgumentError
from autograd.testing import strategies as draw
from autograd.trees import flatten

quick = settings(max_examples=25, deadline=None, derandomize=True, database=None)


@quick
@given(draw.arrays(np.float32, (2, 3), "positive"))
def test_arrays_have_their_shape_dtype_and_domain(x):
    assert x.shape == (2, 3) and x.dtype == np.float32 and np.all((x >= 0.1) & (x <= 4))


@quick
@given(draw.arrays(np.complex128, (3,), (1, 2)))
def test_both_parts_of_complex_arrays_lie_in_the_domain(z):
    assert z.dtype == np.complex128 and np.all((z.real >= 1) & (z.imag <= 2))


@quick
@given(draw.broadcastable(3))
def test_broadcastable_shapes_broadcast(operands):
    np.broadcast_shapes(*(x.shape for x in operands))


@quick
@given(draw.well_conditioned(3))
def test_well_conditioned_matrices_have_a_small_condition_number(x):
    assert np.linalg.cond(x) <= 3 + 1e-9


@quick
@given(draw.positive_definite(3))
def test_positive_definite_matrices_are_symmetric_with_eigenvalues_above_a_quarter(x):
    np.testing.assert_array_equal(x, x.T)
    assert np.all(np.linalg.eigvalsh(x) >= 0.25 - 1e-9)


@quick
@given(draw.away_from_kinks(draw.arrays(shape=(4,)), kinks=(0.0, 1.0), distinct=True))
def test_entries_keep_their_distance_from_kinks_and_from_each_other(x):
    assert np.all(np.abs(x) >= 0.1 - 1e-12) and np.all(np.abs(x - 1) >= 0.1 - 1e-12)
    assert np.all(np.diff(np.sort(x)) >= 0.1 - 1e-12)


@quick
@given(draw.away_from_kinks(draw.arrays(shape=(3,))))
def test_a_kinked_function_is_judged_away_from_its_kink(x):
    report = check_gradients(lambda x: np.sum(np.abs(x)), x)
    assert report and not report.reason


@quick
@given(draw.trees())
def test_trees_have_arrays_at_their_leaves(tree):
    leaves = flatten(tree)[0]
    assert leaves and all(isinstance(leaf, np.ndarray) for leaf in leaves)
    check_gradients(lambda tree: sum(np.sum(leaf**2) for leaf in flatten(tree)[0]), tree)


@pytest.mark.parametrize(
    "call", [lambda: draw.arrays(domain="nowhere"), lambda: draw.arrays(int), lambda: draw.arrays(domain=(2, 1))]
)
def test_domains_and_dtypes_that_do_not_exist_are_refused(call):
    with pytest.raises(ArgumentError):
        call()
