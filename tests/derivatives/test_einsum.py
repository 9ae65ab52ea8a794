"""einsum in every spelling, against differences; its parser against NumPy's own idea of the output."""

import numpy as np
import pytest
from referee import Case

import autograd.derivatives.einsum as chapter
from autograd import AutogradError, Tensor, grad

rng = np.random.default_rng(12)


def draw(*shape, dtype=float):
    x = rng.normal(size=shape)
    return x if dtype is float else x + 1j * rng.normal(size=shape)


STRINGS = [
    ("ij->ji", [(3, 4)]), ("ij->", [(3, 4)]), ("ij->j", [(3, 4)]), ("ij", [(3, 4)]), ("ba", [(3, 4)]),
    ("i,i", [(3,), (3,)]), ("i,i", [(2,), (1,)]), ("i,i", [(1,), (3,)]), ("i,i->i", [(3,), (1,)]),
    ("ij,jk->ik", [(2, 3), (3, 4)]), ("ij,jk->ik", [(2, 1), (3, 4)]), ("ij,jk->ik", [(2, 3), (1, 4)]),
    ("ij,jk", [(2, 3), (3, 4)]), ("ij,k", [(3, 4), (3,)]), ("k,nk->", [(5,), (3, 5)]),
    ("ii->i", [(3, 3)]), ("ii", [(3, 3)]), ("ii->", [(3, 3)]), ("iij->ji", [(2, 2, 3)]), ("iii->i", [(2, 2, 2)]),
    ("iji->j", [(2, 3, 2)]), ("iijj->ij", [(2, 2, 3, 3)]), ("ijij->ij", [(2, 3, 2, 3)]),
    ("ii,i->i", [(3, 3), (3,)]), ("ii,jj->ij", [(2, 2), (3, 3)]), ("ii,ij->j", [(2, 2), (2, 3)]),
    ("...ij,...jk->...ik", [(2, 3), (3, 4)]), ("...ij,...jk->...ik", [(5, 2, 3), (3, 4)]),
    ("...ij,...jk->...ik", [(5, 1, 2, 3), (4, 3, 2)]), ("...ij,...jk->...ik", [(0, 2, 3), (0, 3, 4)]),
    ("...,...->...", [(4, 4), (3, 4, 4)]), ("...,...", [(2, 3), (3,)]), ("...jk,...lj->...lk", [(3, 4, 4), (4, 4)]),
    ("jk...,lj...->lk...", [(3, 2, 4), (2, 3)]), ("jk...,lj...->lk...", [(3, 2), (2, 3, 4)]),
    ("j...k,lj...->lk...", [(2, 2, 2), (2, 2)]), ("...k,...nk->...", [(3, 5), (3, 10, 5)]),
    ("...ii->...i", [(2, 3, 3)]),
    ("...i", [(2, 3)]), ("i...->i...", [(2,)]), (" i j , j -> i ", [(2, 3), (3,)]),
    ("ijk,lji->lki", [(3, 4, 2), (5, 4, 3)]), ("ijk,lji,lli->lki", [(2, 3, 3), (4, 3, 2), (4, 4, 2)]),
    ("a,b,c->abc", [(2,), (3,), (2,)]), ("ab,bc,cd,de->ae", [(2, 3), (3, 2), (2, 3), (3, 2)]),
    (",ij->ij", [(), (2, 3)]),
    ("abcd->bd", [(3, 2, 3, 2)]), ("i,j->", [(2,), (3,)]), ("i,i,i->", [(3,), (1,), (3,)]),
    ("ij,ij->", [(0, 3), (0, 3)]),
]  # fmt: skip

SUBLISTS = [
    ("transpose", lambda x: np.einsum(x, [0, 1], [1, 0]), [(3, 4)]),
    ("product", lambda x, y: np.einsum(x, [0, 1], y, [1, 2], [0, 2]), [(2, 3), (3, 4)]),
    ("implicit", lambda x, y: np.einsum(x, [0, 1], y, [1, 2]), [(2, 3), (3, 4)]),
    ("implicit-sorted", lambda x: np.einsum(x, [30, 2]), [(2, 3)]),
    ("ellipsis", lambda x, y: np.einsum(x, (..., 0, 1), y, (..., 1, 2), (..., 0, 2)), [(2, 3), (2, 3, 4)]),
    ("diagonal", lambda x, y: np.einsum(x, [3, 3, 0], y, [0], [3]), [(2, 2, 3), (3,)]),
    ("scalar", lambda x, y: np.einsum(x, [0], y, [0], []), [(3,), (3,)]),
]


def string_cases(dtype):
    return [
        Case(np.einsum, lambda *arrays, text=text: np.einsum(text, *arrays),
             tuple(draw(*shape, dtype=dtype) for shape in shapes), name=f"{text}-{dtype.__name__}")
        for text, shapes in STRINGS
    ]  # fmt: skip


CASES: list[Case] = [
    *string_cases(float),
    *string_cases(complex),
    *(Case(np.einsum, call, tuple(draw(*s) for s in shapes), name=name)
      for name, call, shapes in SUBLISTS),
    Case(np.einsum, lambda x, y: np.einsum("ij,jk->ik", x, y), (draw(2, 3), draw(3, 2, dtype=complex)), name="mixed"),
    Case(np.einsum, lambda x: np.einsum("ij,jk,ki->", x, x, x), (draw(3, 3),), name="thrice"),
    Case(np.einsum, lambda x, y: np.einsum("ij,kj->ki", x.T, y[::-1]), (draw(3, 2), draw(4, 3)), name="strided"),
    *(
        Case(np.einsum, lambda x, y, z, how=how: np.einsum("ij,jk,kl->il", x, y, z, optimize=how),
             (draw(2, 3), draw(3, 4), draw(4, 2)), name=f"optimize-{how}")
        for how in (True, "greedy", "optimal", ["einsum_path", (1, 2), (0, 1)])
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shapes"), STRINGS)
def test_one_spelling_for_all(text, shapes):
    arrays = [draw(*shape) for shape in shapes]
    call = chapter.parse((text, *arrays))
    plain = f"{','.join(call.inputs)}->{call.output}"
    np.testing.assert_array_equal(np.einsum(plain, *arrays), np.einsum(text, *arrays))


def test_an_axis_of_length_one_is_summed():
    x, y = np.array([2.0, 3.0]), np.array([5.0])
    gradients = grad(lambda x, y: np.einsum("i,i", x, y), (0, 1))(x, y)
    np.testing.assert_array_equal(gradients[0], [5.0, 5.0])
    np.testing.assert_array_equal(gradients[1], [5.0])


def test_a_diagonal_has_no_gradient_beside_it():
    np.testing.assert_array_equal(grad(lambda x: np.einsum("ii", x))(np.ones((3, 3))), np.eye(3))


def test_only_wanted_gradients_are_computed(monkeypatch):
    places = []
    rule = chapter.einsum_gradient
    monkeypatch.setattr(
        chapter, "einsum_gradient", lambda call, place, *rest: places.append(place) or rule(call, place, *rest)
    )
    grad(lambda y: np.sum(np.einsum("ij,jk->ik", np.ones((2, 3)), y)))(np.ones((3, 2)))
    assert places == [1]


def test_a_nested_list_of_tensors_is_an_operand():
    x = np.array([1.0, 2.0])
    gradients = grad(lambda a, b: np.einsum("i,i", [a, 2 * b], x * a), (0, 1))(3.0, 4.0)
    np.testing.assert_array_equal(gradients, [2 * 3.0 + 4 * 4.0, 4 * 3.0])


def test_float32_stays_float32():
    x = np.ones((2, 3), np.float32)
    assert grad(lambda x: np.sum(np.einsum("ij,kj->ik", x, x)))(x).dtype == np.float32


MISFITS = [
    (
        "ii",
        [(0, 3)],
        r"'ii', \(0, 3\) float64.*letter 'i' stands for the lengths 0 and 3 in 'ii' of shape \(0, 3\)",
    ),
    ("ii->i", [(0, 3)], "the letter 'i' stands for the lengths 0 and 3"),
    ("ii", [(2, 3)], "the letter 'i' stands for the lengths 2 and 3"),
    ("ii", [(1, 3)], "the letter 'i' stands for the lengths 1 and 3"),
    ("ii,i", [(1, 3), (3,)], "the letter 'i' stands for the lengths 1 and 3"),
    ("iij", [(3, 0, 2)], "the letter 'i' stands for the lengths 3 and 0"),
    ("ij,jk", [(2, 3), (2, 3)], r"'j' stands for the lengths 3 and 2 in 'ij' of shape \(2, 3\) and in 'jk' of shape"),
    ("i,i,i", [(3,), (1,), (2,)], "the letter 'i' stands for the lengths 3 and 2"),
    ("...j,j...", [(2, 3), (2, 4)], "the letter 'j' stands for the lengths 3 and 2"),
    ("ijk->i", [(2, 3)], r"'ijk' does not name the 2 axes of its array, of shape \(2, 3\). Give each axis a letter"),
    ("i->i", [(2, 3)], r"'i' does not name the 2 axes.* and write \.\.\. for those"),
    ("...ijk", [(2, 3)], "does not name the 2 axes"),
    ("i,j", [(3,)], "subscripts for a number of arrays, 2, and is given another, 1. Separate them by commas"),
    ("i->j", [(3,)], "no array has the letter 'j' of the output 'j'"),
    ("i->ii", [(3,)], "Write a letter for each axis"),
    ("i1->i", [(3, 2)], "Write a letter for each axis"),
    ("...i,...i", [(2, 3), (4, 3)], r"\(2, 3\) float64, \(4, 3\) float64.*Write a letter for each axis"),
]


@pytest.mark.parametrize(("text", "shapes", "message"), MISFITS, ids=lambda value: str(value)[:20])
def test_what_does_not_fit_is_told_in_words(text, shapes, message):
    arrays = [np.ones(shape) for shape in shapes]
    for optimize in (False, True):
        with pytest.raises(AutogradError, match=message) as caught:
            grad(lambda x: np.sum(np.einsum(text, x, *arrays[1:], optimize=optimize)))(arrays[0])  # noqa: B023
        assert isinstance(caught.value, ValueError)


def test_sublists_are_told_in_letters():
    with pytest.raises(AutogradError, match="the letter 'B' stands for the lengths 2 and 3"):
        np.einsum(Tensor(np.ones((3, 2))), [0, 1], np.ones((3, 2)), [1, 2])


@pytest.mark.parametrize(("text", "shapes"), STRINGS)
def test_what_fits_is_not_complained_about(text, shapes):
    assert chapter.misfit_of((text, *(np.ones(shape) for shape in shapes))) is None
