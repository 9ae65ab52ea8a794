"""The chapter on creation: grids, and arrays like another."""

import numpy as np
import pytest
from referee import Case

from autograd import Tensor

rng = np.random.default_rng(6)
A, B = np.array(0.6), np.array(2.3)
V, W, M = rng.normal(size=3), rng.normal(size=2), rng.normal(size=(2, 3))

CASES = [
    Case(np.linspace, lambda a, b: np.linspace(a, b, 5), (A, B)),
    Case(np.linspace, lambda a, b: np.linspace(a, b, num=4, endpoint=False), (A, B), name="linspace open"),
    Case(np.linspace, lambda a: np.linspace(a, 3.0, 1), (A,), name="linspace of one"),
    Case(np.linspace, lambda b: np.linspace(1, b, 4), (B,), name="linspace from a number"),
    Case(np.linspace, lambda a, b: np.linspace(a, b, 4, axis=-1), (V, V + 1), name="linspace axis"),
    Case(np.linspace, lambda a, b: np.linspace(a, b, 4), (V, B), name="linspace stretched"),
    Case(np.linspace, lambda a, b: np.linspace(a, b, 4, retstep=True), (A, B), name="linspace retstep"),
    Case(np.linspace, lambda a, b: np.linspace(a, b, 4, retstep=True)[1], (A, B), name="linspace step alone"),
    Case(np.linspace, lambda a, b: np.linspace(a, b, 4, False, retstep=True), (A, V), name="linspace open, retstep"),
    Case(np.linspace, lambda a, b: np.linspace(a, b, 1, retstep=True)[0], (A, B), name="linspace of one, retstep"),
    Case(np.logspace, lambda a, b: np.logspace(a, b, 4), (A, B)),
    Case(np.logspace, lambda a, b: np.logspace(a, 1.0, 3, False, b), (A, B), name="logspace base"),
    Case(np.geomspace, lambda a, b: np.geomspace(a, b, 4), (A, B)),
    Case(np.geomspace, lambda a, b: np.geomspace(-a, -b, 4, axis=0), (A, B), name="geomspace negative"),
    Case(np.meshgrid, lambda x, y: np.meshgrid(x, y), (V, W)),
    Case(np.meshgrid, lambda x, y: np.meshgrid(x, y, indexing="ij", sparse=True), (V, W), name="meshgrid sparse"),
    Case(np.meshgrid, lambda x, y, z: np.meshgrid(x, y, z, indexing="ij"), (V, W, A), name="meshgrid of three"),
    Case(np.full_like, lambda v, a: np.full_like(v, a * v[0]), (V, A)),
    Case(np.full_like, lambda v: np.full_like(v, v[0], shape=(2, 2)), (V,), name="full_like shape"),
    Case(np.full_like, lambda m: np.full_like(m, m[0]), (M,), name="full_like a row"),
]  # fmt: skip


@pytest.mark.parametrize("create", [np.zeros_like, np.ones_like, np.empty_like])
def test_arrays_like_another_are_plain(create):
    x = M.astype(np.float32)
    for options in ({}, {"dtype": int}, {"shape": (4,)}):
        made, expected = create(Tensor(x), **options), create(x, **options)
        assert type(made) is np.ndarray and made.shape == expected.shape and made.dtype == expected.dtype
    np.testing.assert_array_equal(np.ones_like(Tensor(x)), np.ones((2, 3)))


def test_full_like_of_a_plain_value_is_a_fresh_array():
    made = np.full_like(Tensor(M), 7)
    made[0, 0] = 1.0
    np.testing.assert_array_equal(made, [[1.0, 7.0, 7.0], [7.0, 7.0, 7.0]])


def test_indices_of_triangles_and_diagonals_are_plain():
    np.testing.assert_array_equal(np.tril_indices_from(Tensor(M)), np.tril_indices(2, 0, 3))
    np.testing.assert_array_equal(np.triu_indices_from(Tensor(M)), np.triu_indices(2, 0, 3))
    np.testing.assert_array_equal(np.diag_indices_from(Tensor(M[:, :2])), np.diag_indices(2))


COVERED = (
    *(np.zeros_like, np.ones_like, np.empty_like),
    *(np.tril_indices_from, np.triu_indices_from, np.diag_indices_from),
)
