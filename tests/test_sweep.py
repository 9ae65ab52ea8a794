"""The sweep visits each useful node once, frees what it has used, and names the rule that is wrong."""

import gc
import tracemalloc

import numpy as np
import pytest

from autograd import Tensor, derivative, grad, gradients
from autograd.errors import RuleError
from autograd.graph import topological_order
from autograd.sweep import on_the_way


def counted(name="counted"):
    """An identity whose rule counts how often it is asked."""

    def rule(g):
        visits.append(g)
        return g

    visits = []

    @derivative(x=rule)
    def identity(x):
        return x + 0.0

    identity.__name__ = name
    return identity, visits


# ------------------------------------------------------------------------------------------------------------- diamonds


def test_a_diamond_is_visited_once_with_all_of_its_gradient():
    top, visits = counted()

    def diamond(x):
        a = top(x)
        return a * 2 + a * 3 + np.square(a)

    assert grad(diamond)(5.0) == 15.0
    assert visits == [15.0]


def test_a_doubling_chain_of_60_has_2_to_the_60_paths_and_60_visits():
    node, visits = counted()

    def double(x):
        for _ in range(60):
            x = node(x)
            x = x + x
        return x

    assert grad(double)(1.0) == 2.0**60
    assert len(visits) == 60


def test_doubling_chains_at_order_two():
    def double(x):
        for _ in range(60):
            x = x + x
        return x

    assert grad(grad(lambda x: double(x) * x))(1.0) == 2.0**61
    assert grad(grad(lambda x: double(x) ** 2))(1.0) == 2.0**121


def test_an_operand_may_be_used_twice_in_one_call():
    assert grad(lambda x: x * x)(3.0) == 6.0
    assert grad(lambda x: x**x)(2.0) == pytest.approx(4 * (np.log(2) + 1), rel=1e-15)
    assert grad(lambda x: x - x)(3.0) == 0.0
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert np.array_equal(grad(lambda x: np.sum(x @ x))(x), np.ones((2, 2)) @ x.T + x.T @ np.ones((2, 2)))


def test_nodes_of_different_ages_meet():
    def late(x):
        early = np.exp(x)
        for _ in range(5):
            x = x * 1.5
        return early * x

    assert grad(late)(0.5) == pytest.approx(1.5**5 * np.exp(0.5) * 1.5, rel=1e-14)


# -------------------------------------------------------------------------------------------------- only what is useful


def test_branches_to_constants_are_not_recorded():
    side, visits = counted()
    c = np.ones(3)
    assert grad(lambda x: np.sum(x * side(c)))(np.ones(3)).tolist() == [1.0] * 3
    assert visits == []


def test_branches_to_unwanted_inputs_are_not_visited():
    side, visits = counted()
    x, y = Tensor(2.0), Tensor(3.0)
    loss = x * side(y)
    assert gradients(loss, x) == 3.0
    assert visits == []
    assert gradients(loss, (x, y)) == (3.0, 2.0)
    assert len(visits) == 1


def test_branches_that_the_output_does_not_use_are_not_visited():
    side, visits = counted()

    def fun(x):
        side(x)
        return x * 2

    assert grad(fun)(1.0) == 2.0
    assert visits == []


def test_on_the_way_are_the_nodes_between_an_input_and_the_output():
    x, y = Tensor(2.0), Tensor(3.0)
    a, b = x * 2.0, y * 2.0
    c = a * b
    assert on_the_way(c.node, {x.node}) == {x.node, a.node, c.node}
    assert on_the_way(c.node, {a.node}) == {a.node, c.node}
    assert on_the_way(c.node, set()) == set()


def test_gradients_with_respect_to_a_value_on_the_way():
    x = Tensor(2.0)
    a = x * x
    loss = a * a * x
    assert gradients(loss, (a, x)) == (16.0, 80.0)
    assert gradients(loss, loss) == 1.0


# ------------------------------------------------------------------------------------------------------------- memory


def test_what_a_call_kept_is_freed_as_the_sweep_goes():
    size, length = 100_000, 10
    alive = []

    def rule(g, out):
        gc.collect()
        alive.append(tracemalloc.get_traced_memory()[0] / (8 * size))
        return g * out

    @derivative(x=rule)
    def exponential(x):
        return np.exp(x)

    def chain(x):
        for _ in range(length):
            x = exponential(-x)
        return np.sum(x)

    x = np.ones(size)
    tracemalloc.start()
    try:
        grad(chain)(x)
    finally:
        tracemalloc.stop()
    assert len(alive) == length
    assert alive[0] > length - 1  # every output is kept when the sweep begins …
    assert all(
        later < earlier - 0.5 for earlier, later in zip(alive, alive[1:], strict=False)
    )  # … and then one less each


def test_a_graph_by_hand_can_be_swept_again():
    x = Tensor(3.0)
    y = x**2
    for _ in range(3):
        assert gradients(y, x) == 6.0
    kept = [node.kept for node in topological_order([y.node])]
    y.backward()
    assert kept == [node.kept for node in topological_order([y.node])]


# -------------------------------------------------------------------------------------------------------- wrong rules

A = np.arange(6.0).reshape(2, 3)


def scaled_by(rule):
    @derivative(x=rule)
    def scaled(x):
        return x * 2.0

    return scaled


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (lambda g: g.T, r"rule of scaled for 'x' \(test_sweep.*\) returned a gradient of shape \(3, 2\).* \(2, 3\)"),
        (lambda g: 1.0, r"rule of scaled for 'x' \(test_sweep.*\) returned a gradient of shape \(\) "),
        (lambda g: np.sum(g, axis=0), r"returned a gradient of shape \(3,\)"),
        (lambda g: None, r"rule of scaled for 'x' \(test_sweep.*\) returned None.*register x=None"),
    ],
)
def test_a_rule_with_a_wrong_result_is_named(rule, words):
    with pytest.raises(RuleError, match=words):
        grad(lambda x: np.sum(scaled_by(rule)(x)))(A)


def test_a_rule_that_raises_is_named_in_a_note():
    with pytest.raises(ZeroDivisionError) as caught:
        grad(lambda x: np.sum(scaled_by(lambda g: 1 / 0)(x)))(A)
    assert caught.value.__notes__ == ["autograd: raised by a rule of scaled (for x), given a gradient of shape (2, 3)."]


def test_a_rule_may_return_a_list_or_a_number_of_the_right_shape():
    assert grad(lambda x: np.sum(scaled_by(lambda g: (2 * g).tolist())(x)))(A).tolist() == [[2.0] * 3] * 2
    assert grad(scaled_by(lambda g: 2))(1.0) == 2.0


# ---------------------------------------------------------------------------------------------------------- sequences


def total_by(rule):
    @derivative(xs=rule, trees=("xs",))
    def total(xs):
        return sum(np.sum(x) for x in xs)

    return total


PARTS = [np.ones(3), np.ones((2, 3))]
GOOD = [np.full(3, 2.0), np.full((2, 3), 3.0)]


def test_each_operand_of_a_sequence_gets_its_entry():
    total = total_by(lambda g: GOOD)
    assert [x.tolist() for x in grad(total)(PARTS)] == [x.tolist() for x in GOOD]
    assert grad(lambda b: total([PARTS[0], b]))(PARTS[1]).tolist() == GOOD[1].tolist()
    assert grad(lambda a: total((a, PARTS[1])))(PARTS[0]).tolist() == GOOD[0].tolist()


def test_none_in_a_sequence_of_gradients_keeps_its_place():
    a, b = grad(total_by(lambda g: [None, GOOD[1]]))(PARTS)
    assert a.tolist() == [0.0] * 3 and b.tolist() == GOOD[1].tolist()


def test_none_among_the_operands_keeps_its_place():
    @derivative(x=lambda g: [2 * g, None, 3 * g], trees=("x",))
    def some(x):
        return 2 * x[0] + 3 * x[2]

    assert grad(lambda a, b: some([a, None, b]), (0, 1))(1.0, 1.0) == (2.0, 3.0)


def test_the_same_operand_twice_in_a_sequence_receives_twice():
    total = total_by(lambda g: [np.full(3, 2.0), np.full(3, 5.0)])
    assert grad(lambda x: total([x, x]))(np.ones(3)).tolist() == [7.0] * 3


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (lambda g: GOOD[:1], r"rule of total for 'xs' .*xs has the keys \[0\] where \[0, 1\] were expected"),
        (
            lambda g: GOOD[::-1],
            r"rule of total for xs\[0\], whose shape is \(3,\), returned a gradient of shape \(2, 3\)",
        ),
        (lambda g: g, "rule of total for 'xs' .*xs is a float64 where a list was expected"),
        (lambda g: None, r"rule of total for 'xs' \(test_sweep.*\) returned None"),
    ],
)
def test_a_wrong_sequence_of_gradients_is_named(rule, words):
    with pytest.raises(RuleError, match=words):
        grad(total_by(rule))(PARTS)


def test_a_single_array_where_a_sequence_is_expected():
    assert grad(total_by(lambda g: 2 * np.ones((2, 3))))(np.ones((2, 3))).tolist() == [[2.0] * 3] * 2
    with pytest.raises(RuleError, match=r"returned 2 gradients, but the operand was one array.*list\(t\)"):
        grad(total_by(lambda g: [np.ones(3)] * 2))(np.ones((2, 3)))


# ---------------------------------------------------------------------------------------------------- several outputs


@derivative(x=lambda g, x: sum(scale * part for scale, part in zip((2.0, 3.0), g, strict=True) if part is not None))
def pair(x):
    return 2 * x, 3 * x


def test_functions_with_several_outputs():
    assert grad(lambda x: pair(x)[0])(1.0) == 2.0
    assert grad(lambda x: pair(x)[1])(1.0) == 3.0
    assert grad(lambda x: pair(x)[0] * pair(x)[1])(1.0) == 12.0

    def product(x):
        a, b = pair(x)
        return a * b

    assert grad(product)(1.0) == 12.0
    assert grad(grad(product))(1.0) == 12.0
