"""Chains over large arrays: the same numbers as in one piece, whatever the shape and the last block."""

import numpy as np
import pytest
from compiler.same import assert_same

from autograd import jit, relu, trace
from autograd.compiler.blocks import BLOCK, fuse_chains


def names(program):
    return [equation.name for equation in program.equations]


def chained(x, row, n):
    scaled = np.exp(-x) * n + row
    total = np.sum(scaled, axis=0)
    return relu(scaled - total) / 2, scaled, np.sqrt(np.abs(x)) > 1


@pytest.mark.parametrize(
    "shape", [(4 * BLOCK, 1), (5, BLOCK), (BLOCK // 2 + 3, 9), (1 << 17, 2), (3, 1 << 17), (1, 1 << 18), (700, 20, 11)]
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_blocks_give_the_numbers_of_eager(shape, dtype):
    x = np.random.default_rng(0).normal(size=shape).astype(dtype)
    args = (x, x[:1], 1.5)
    compiled = jit(chained)
    for _ in range(2):
        assert_same(chained(*args), compiled(*args))
    strided = np.asfortranarray(x)[:, ::-1]
    assert_same(chained(strided, x[:1], 2.5), compiled(strided, x[:1], 2.5))


def test_a_chain_is_one_equation_and_the_rest_keeps_its_order():
    x = np.ones(4 * BLOCK)
    program = trace(lambda x: np.sum(np.exp(x) * 2 + np.cumsum(x)) * np.tanh(np.sum(x)), x)
    fused = fuse_chains(program).validate()
    assert names(fused) == ["cumsum", "chain", "sum", "sum", "tanh", "multiply"]
    assert_same(program(x), fused(x))


def test_equations_that_share_no_large_array_are_chains_of_their_own():
    x, y = np.ones(4 * BLOCK), np.ones(4 * BLOCK)
    program = trace(lambda x, y, n: (np.exp(x) * n, y * n + 1, np.sin(x) - n, y * n, np.tanh(y * 3)), x, y, 2.0)
    fused = fuse_chains(program).validate()
    assert sorted(len(e.function.program.equations) for e in fused.equations) == [4, 5]
    assert_same(program(x, y, 3.0), fused(x, y, 3.0))


def test_captured_arrays_are_cut_as_inputs_are():
    captured = np.arange(4.0 * BLOCK)
    compiled = jit(lambda x: x * captured + 1)
    x = np.ones(4 * BLOCK)
    assert_same(captured + 1, compiled(x))
    captured[:] = 2
    assert_same(np.full(4 * BLOCK, 3.0), compiled(x))


def test_small_arrays_and_single_operations_are_left_alone():
    small = trace(lambda x: np.exp(x) * 2, np.ones(100))
    assert fuse_chains(small) is small
    assert names(fuse_chains(trace(np.exp, np.ones(4 * BLOCK)))) == ["exp"]


def test_results_of_a_chain_are_fresh():
    x = np.ones(4 * BLOCK)
    compiled = jit(lambda x: (x * 2 + 1, x * 2))
    first = compiled(x)
    second = compiled(x)
    arrays = [x, *first, *second]
    assert not any(np.shares_memory(a, b) for i, a in enumerate(arrays) for b in arrays[:i])
