"""Trees that contain themselves, or are too deep for Python's stack: one clear error, wherever they come in."""

import sys
from collections import deque

import numpy as np
import pytest
from autograd.misc.flatten import flatten as flatten_to_vector

import autograd
from autograd import AutogradError, Tensor, check_gradients, grad, jit, make_jvp, make_vjp, register_tree
from autograd.trees import depth_of, flatten, leaves_like, leaves_with_paths, map_tree, rebuild

X = np.array([1.0, 2.0])


def deep(levels, wrap=lambda tree: [tree]):
    tree = X
    for _ in range(levels):
        tree = wrap(tree)
    return tree


def cyclic_list():
    tree = [X]
    tree.append(tree)
    return tree


def cyclic_dict():
    tree = {"w": X}
    tree["layers"] = [{"parent": tree}]
    return tree


ENDLESS = {
    "list": (cyclic_list(), r"\[1\] is .* again"),
    "dict": (cyclic_dict(), r"\['layers'\]\[0\]\['parent'\] is .* again"),
    "deep list": (deep(2000), r"nested \d+ levels deep.*one flat list"),
    "deep dict": (deep(2000, lambda tree: {"a": tree}), r"nested \d+ levels deep"),
    "deep tuple": (deep(2000, lambda tree: (tree, 1.0)), r"nested \d+ levels deep"),
}


def loss(params):
    leaves = flatten(params)[0]
    return np.sum(leaves[0] ** 2)


def returning(tree):
    return lambda x: tree


def measured(optimizer, tree):
    return optimizer.update(tree, optimizer.init(tree), tree)


ENTRIES = {
    **{name: lambda tree, name=name: getattr(autograd, name)(loss)(tree) for name in (
        "grad", "value_and_grad", "elementwise_grad", "jacobian", "hessian", "make_vjp", "checkpoint", "jit")},
    "grad of checkpoint": lambda tree: grad(autograd.checkpoint(loss))(tree),
    "make_jvp": lambda tree: make_jvp(loss)(tree)(tree),
    "tangent": lambda tree: make_jvp(lambda x: x)([X])(tree),
    "cotangent": lambda tree: make_vjp(lambda x: [x])(X)[0](tree),
    "hessian_vector_product": lambda tree: autograd.hessian_vector_product(loss)(tree, tree),
    "output": lambda tree: make_vjp(returning(tree))(X),
    "aux": lambda tree: grad(lambda x: (np.sum(x), tree), has_aux=True)(X),
    "stop_gradient": autograd.stop_gradient,
    "jit of grad": lambda tree: jit(grad(loss))(tree),
    "output of jit": lambda tree: jit(returning(tree))(X),
    "source": lambda tree: jit(loss).source(tree),
    "trace": lambda tree: autograd.trace(loss, tree),
    "draw": lambda tree: autograd.draw(loss, tree),
    "check_gradients": lambda tree: check_gradients(loss, tree),
    "gradients": lambda tree: autograd.gradients(Tensor(1.0), tree),
    "Tensor": lambda tree: Tensor([tree]),
    "operand": lambda tree: np.stack([Tensor(X), tree]),
    "misc.flatten": flatten_to_vector,
    "flatten": flatten,
    "map_tree": lambda tree: map_tree(lambda leaf: leaf, tree),
    "leaves_with_paths": leaves_with_paths,
    "leaves_like": lambda tree: leaves_like(flatten([X])[1], [tree]),
}  # fmt: skip


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("kind", ENDLESS)
def test_every_entry_says_what_is_wrong_with_the_tree(entry, kind):
    tree, message = ENDLESS[kind]
    if entry in ("leaves_like", "tangent", "cotangent"):  # told by what the tree should have been like
        message = "expected|number"
    with pytest.raises(AutogradError, match=message):
        ENTRIES[entry](tree)


@pytest.mark.parametrize("levels", [150, 350, 700, 900])
@pytest.mark.parametrize("entry", ENTRIES)
def test_at_any_depth_a_call_works_or_says_why_not(entry, levels):
    """Some walks need more of the stack than others; none may end in Python's own error."""
    reasons = ("levels deep", "expected", "no shape", "not a Tensor", "too many axes")
    try:
        ENTRIES[entry](deep(levels))
    except AutogradError as error:
        assert any(reason in str(error) for reason in reasons)


def test_the_path_leads_from_the_argument_to_the_reference():
    def model(params):
        return loss(params)

    with pytest.raises(TypeError) as caught:
        grad(model)(cyclic_dict())
    assert str(caught.value) == (
        "params contains itself: params['layers'][0]['parent'] is params again. "
        "A tree ends in numbers and arrays: leave that reference out."
    )


def test_a_part_may_be_the_one_that_contains_itself():
    with pytest.raises(AutogradError, match=r"p\['a'\]\[1\] is p\['a'\] again"):
        leaves_with_paths({"a": cyclic_list()}, "p")


def test_a_long_cycle_has_a_short_message():
    bottom = []
    tree = bottom
    for _ in range(300):
        tree = [tree]
    bottom.append(tree)
    with pytest.raises(AutogradError, match=r" … .* is tree again") as caught:
        flatten(tree)
    assert len(str(caught.value)) < 400


def test_a_shared_part_is_no_cycle():
    shared = [X, X]
    assert len(flatten({"a": shared, "b": [shared, shared]})[0]) == 6
    tree = shared
    for _ in range(3000):  # 2**3000 leaves
        tree = [tree, tree]
    with pytest.raises(AutogradError, match="nested 3001 levels deep"):
        flatten(tree)


def test_a_type_that_makes_up_children_without_end():
    class Endless:
        pass

    register_tree(Endless, lambda tree: {"next": Endless()}, lambda parts: Endless())
    with pytest.raises(AutogradError, match="nested more than 10000 levels deep"):
        flatten([Endless()])


def test_rebuilding_needs_stack_too():
    structure = flatten(X)[1]
    for _ in range(3000):
        structure = flatten([X])[1]._replace(children=(structure,))
    with pytest.raises(AutogradError, match="levels deep"):
        rebuild(structure, [X])


def test_a_stack_that_the_user_has_used_up_is_not_the_fault_of_a_tree():
    def endless(tree):
        return [endless(map_tree(lambda leaf: leaf, tree))]

    with pytest.raises(RecursionError):
        endless([[X], [X]])
    with pytest.raises(RecursionError):
        map_tree(lambda leaf: endless([[leaf]]), [X])


def test_depth_counts_levels_of_containers():
    assert [depth_of(tree) for tree in (X, [X], [X, {"a": (X,)}], None, deque([X]))] == [0, 1, 3, 1, 0]
    assert depth_of(deep(2000)) == 2000 > sys.getrecursionlimit()
