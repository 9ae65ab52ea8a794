"""The graph: its order, its depth without recursion, and that nobody keeps it alive."""

import gc
import weakref

import numpy as np
import pytest

from autograd import Tensor, grad, gradients
from autograd.graph import Bundle, new_leaf, new_node, topological_order


@pytest.fixture
def without_garbage_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def chain(x, length):
    for _ in range(length):
        x = x * 1.0
    return x


# ------------------------------------------------------------------------------------------------------------- depth


def lives_and_dies(length):
    x = Tensor(2.0)
    y = chain(x, length)
    first = weakref.ref(y.node.parents[0])
    y.backward()
    assert x.grad == 1.0
    assert gradients(y, x) == 1.0
    assert len(topological_order([y.node])) == length + 1
    del y
    assert first() is None
    assert grad(chain)(2.0, length) == 1.0


def test_a_long_chain_is_recorded_differentiated_and_freed():
    lives_and_dies(100_000)


@pytest.mark.slow
def test_a_chain_of_a_million_calls():
    lives_and_dies(1_000_000)


def test_a_long_chain_at_order_two():
    def cube(x):
        return chain(x, 5_000) ** 3

    assert grad(grad(cube))(2.0) == 12.0


# ------------------------------------------------------------------------------------------------------------- order


def test_every_node_comes_after_what_it_was_computed_from():
    x, y = Tensor(1.0), Tensor(2.0)
    a = x * y
    b = a + x
    c = a * b
    order = topological_order([c.node])
    assert {x.node, y.node, a.node, b.node, c.node} == set(order) and len(order) == 5
    place = {node: i for i, node in enumerate(order)}
    assert all(place[parent] < place[node] for node in order for parent in node.parents)


def test_order_of_several_outputs_lists_a_shared_node_once():
    x = Tensor(1.0)
    a, b = x * 2.0, x * 3.0
    assert topological_order([b.node, a.node]) == [x.node, a.node, b.node]


def test_serials_grow():
    serials = [
        new_node(None, (), (), (), None).serial,
        new_leaf((), np.dtype(float)).serial,
        new_node(None, (), (), (), None).serial,
    ]
    assert serials == sorted(set(serials))


def test_bundles_add_entry_by_entry():
    total = Bundle([1.0, None, None]) + Bundle([2.0, 3.0, None])
    assert total == [3.0, 3.0, None] and type(total) is Bundle


# ------------------------------------------------------------------------------------------- nothing is kept alive


class Watched:
    """Weak references to the tensors and nodes of a call."""

    def __init__(self):
        self.references = []

    def __call__(self, tensor):
        self.references += [weakref.ref(tensor), weakref.ref(tensor.node)]
        return tensor

    def alive(self):
        return [reference() for reference in self.references if reference() is not None]


@pytest.mark.usefixtures("without_garbage_collector")
def test_grad_keeps_nothing():
    watch = Watched()
    gradient = grad(lambda x: watch(np.sum(watch(np.exp(watch(x)) * np.arange(5.0)))))(np.ones(5))
    assert gradient.shape == (5,)
    assert len(watch.references) == 6 and not watch.alive()


@pytest.mark.usefixtures("without_garbage_collector")
def test_nested_grad_keeps_nothing():
    watch = Watched()

    def outer(x):
        return watch(np.sum(grad(lambda y: watch(np.sum(watch(watch(y) ** 3 * x))))(watch(x)) ** 2))

    grad(outer)(np.ones(5))
    assert not watch.alive()


@pytest.mark.usefixtures("without_garbage_collector")
def test_an_exception_in_the_function_keeps_nothing():
    watch = Watched()

    def fails(x):
        watch(np.exp(watch(x)))
        raise KeyError

    with pytest.raises(KeyError) as caught:
        grad(fails)(np.ones(5))
    del caught
    assert not watch.alive()


@pytest.mark.usefixtures("without_garbage_collector")
def test_an_error_of_the_engine_keeps_nothing():
    watch = Watched()
    with pytest.raises(ValueError) as caught:
        grad(lambda x: watch(np.exp(watch(x))) @ np.ones(4))(np.ones(5))
    del caught
    assert not watch.alive()


@pytest.mark.usefixtures("without_garbage_collector")
def test_tensors_by_hand_are_freed_with_their_last_reference():
    x = Tensor(np.ones(5))
    y = np.sum(np.exp(x))
    nodes = [weakref.ref(node) for node in topological_order([y.node]) if node is not x.node]
    y.backward()
    del y
    assert [node() for node in nodes] == [None, None]
    assert x.grad is not None
