"""Trees come apart and go together again, and every leaf has a path."""

from collections import Counter, OrderedDict, defaultdict, deque
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pytest

from autograd import AutogradError, grad, register_tree
from autograd.errors import ArgumentError
from autograd.trees import LEAF, flatten, leaves_like, leaves_with_paths, map_tree, rebuild


class Point(NamedTuple):
    x: float
    y: float


@dataclass
class Layer:
    w: float
    b: float = 0.0


@dataclass(frozen=True, slots=True)
class Frozen:
    w: float
    b: float


@dataclass(kw_only=True)
class ByKeyword:
    w: float
    b: float


@dataclass
class Derived:
    w: float
    count: int = field(init=False, default=3)


class Names(dict):
    def __init__(self, **items):
        super().__init__(items)

    @property
    def w(self):
        return self["w"]


class Layers(list):
    def __init__(self, first, *others):
        super().__init__([first, *others])

    def last(self):
        return self[-1]


class Pair(tuple):
    def __new__(cls, left, right):
        return super().__new__(cls, (left, right))


class Ordered(OrderedDict):
    pass


TREES = [
    (1.0, [1.0]),
    ([1.0, 2.0], [1.0, 2.0]),
    ((1.0, (2.0, 3.0)), [1.0, 2.0, 3.0]),
    ({"b": 1.0, "a": [2.0, {"c": 3.0}]}, [1.0, 2.0, 3.0]),
    (OrderedDict(b=1.0, a=2.0), [1.0, 2.0]),
    (Point(1.0, 2.0), [1.0, 2.0]),
    (Layer(1.0, 2.0), [1.0, 2.0]),
    (Frozen(1.0, 2.0), [1.0, 2.0]),
    (ByKeyword(w=1.0, b=2.0), [1.0, 2.0]),
    (Derived(1.0), [1.0]),
    (Names(w=1.0, b=2.0), [1.0, 2.0]),
    (Layers(1.0, 2.0), [1.0, 2.0]),
    (Pair(1.0, 2.0), [1.0, 2.0]),
    (Ordered(b=1.0, a=2.0), [1.0, 2.0]),
    (Counter(a=1), [1]),
    (None, []),
    ([], []),
    ((), []),
    ({}, []),
    ({"w": 1.0, "b": None}, [1.0]),
    ([Point(1.0, {"k": (2.0,)}), Layer([3.0], None)], [1.0, 2.0, 3.0]),
    ("text", ["text"]),
    (deque([1.0]), [deque([1.0])]),
]


@pytest.mark.parametrize(("tree", "leaves"), TREES, ids=lambda x: type(x).__name__)
def test_flatten_then_rebuild_is_the_identity(tree, leaves):
    found, structure = flatten(tree)
    rebuilt = rebuild(structure, found)
    assert found == leaves
    assert rebuilt == tree and type(rebuilt) is type(tree)


@pytest.mark.parametrize("tree", [[1.0, 2.0], {"a": (1.0, {"b": 2.0}), "c": 3.0}, ((1.0, 2.0), [3.0, 4.0])])
def test_a_tree_is_not_rebuilt_from_fewer_leaves(tree):
    leaves, structure = flatten(tree)
    for some in (leaves[:-1], leaves[:1], [], iter(leaves[:-1])):
        with pytest.raises(ArgumentError, match=f"of {len(leaves)} leaves cannot be rebuilt from fewer"):
            rebuild(structure, some)


def test_dict_order_survives():
    assert list(rebuild(flatten({"b": 1, "a": 2})[1], [3, 4]).items()) == [("b", 3), ("a", 4)]
    assert list(rebuild(flatten(Ordered(b=1, a=2))[1], [3, 4]).items()) == [("b", 3), ("a", 4)]


def test_default_dict_becomes_one_without_a_factory():
    rebuilt = rebuild(*reversed(flatten(defaultdict(list, a=1.0))))
    assert rebuilt == {"a": 1.0} and isinstance(rebuilt, defaultdict)
    with pytest.raises(KeyError):
        rebuilt["new"]


def test_structures_are_hashable_and_equal_for_equal_nestings():
    one, other = flatten([1.0, {"a": 2.0}])[1], flatten([np.ones(3), {"a": "x"}])[1]
    assert one == other and hash(one) == hash(other)
    assert flatten([1.0, {"b": 2.0}])[1] != one
    assert flatten((1.0, {"a": 2.0}))[1] != one
    assert flatten(5)[1] is LEAF


def test_arrays_and_strings_are_leaves():
    array = np.ones((2, 2))
    assert flatten(array) == ([array], LEAF)


@pytest.mark.parametrize(
    ("tree", "paths"),
    [
        (1.0, ["p"]),
        ([1.0, (2.0,)], ["p[0]", "p[1][0]"]),
        ({"hidden": Layer(1.0, 2.0)}, ["p['hidden'].w", "p['hidden'].b"]),
        ({3: Point(1.0, 2.0), "it's": 1.0}, ["p[3].x", "p[3].y", 'p["it\'s"]']),
        ([None, 1.0], ["p[1]"]),
        (Names(w=1.0), ["p['w']"]),
    ],
)
def test_paths_are_written_as_python_reaches_the_leaf(tree, paths):
    found = leaves_with_paths(tree, "p")
    assert [path for path, _ in found] == paths
    for path, leaf in found:
        assert eval(path, {"p": tree}) == leaf


def test_leaves_like_another_tree():
    like = lambda tree: flatten(tree)[1]  # noqa: E731
    assert leaves_like(like([1.0, None, (2.0, 3.0)]), [10.0, None, (None, 30.0)]) == [10.0, None, 30.0]
    assert leaves_like(like([1.0, None, (2.0, 3.0)]), (10.0, 5.0, None)) == [10.0, None, None]
    assert leaves_like(like({"a": 1.0, "b": 2.0}), {"b": 20.0, "a": 10.0}) == [10.0, 20.0]
    assert leaves_like(like(1.0), [1.0, 2.0]) == [1.0, 2.0]
    with pytest.raises(AutogradError, match=r"g has the keys \['a', 'c'\] where \['a', 'b'\]"):
        leaves_like(like({"a": 1.0, "b": 2.0}), {"a": 1.0, "c": 2.0}, "g")
    with pytest.raises(AutogradError, match=r"g\['b'\] is a list where a leaf"):
        leaves_like(like({"a": 1.0, "b": 2.0}), {"a": 1.0, "b": [2.0]}, "g")
    with pytest.raises(AutogradError, match=r"g\['a'\] is a float where a list"):
        leaves_like(like({"a": [1.0]}), {"a": 1.0}, "g")


# ------------------------------------------------------------------------------------------------------------- map


def test_map_over_several_trees():
    out = map_tree(lambda a, b, c: a + b * c, {"w": [1, 2], "b": 3}, {"b": 4, "w": [5, 6]}, {"w": [7, 8], "b": 9})
    assert out == {"w": [36, 50], "b": 39}


def test_map_keeps_the_kind_of_every_container():
    out = map_tree(lambda x: 2 * x, [Point(1, 2), Layer(3), Names(w=4), None])
    assert out == [Point(2, 4), Layer(6, 0), Names(w=8), None]
    assert type(out[2]) is Names


@pytest.mark.parametrize(
    ("tree", "other", "message"),
    [
        ({"w": [1, 2]}, {"w": [1]}, r"params\['w'\] has the keys \[0, 1\] in one tree and \[0\]"),
        ({"w": 1}, {"v": 1}, r"params has the keys \['w'\] in one tree and \['v'\]"),
        ([1, [2]], [1, (2,)], r"params\[1\] is a list in one tree and a tuple"),
        ([1], 1, "params is a list in one tree and an int"),
        ([1], [[1]], r"params\[0\] is a leaf in one tree and a list"),
        ([1], [None], r"params\[0\] is a leaf in one tree and a NoneType"),
        (Layer(1), Frozen(1, 0), "params is a Layer in one tree and a Frozen"),
    ],
)
def test_map_names_the_path_where_trees_part(tree, other, message):
    with pytest.raises(TypeError, match=message) as caught:
        map_tree(lambda a, b: a, tree, other, name="params")
    assert isinstance(caught.value, AutogradError)


# ------------------------------------------------------------------------------------------------ types of one's own


class Weights:
    def __init__(self, w, b):
        self.w, self.b = w, b


def test_a_registered_type_is_a_tree():
    register_tree(Weights, vars, lambda parts: Weights(**parts))
    found, structure = flatten({"layer": Weights(1.0, [2.0])})
    assert found == [1.0, 2.0]
    assert rebuild(structure, [3.0, 4.0])["layer"].b == [4.0]
    assert leaves_with_paths(Weights(1.0, [2.0]), "p")[1] == ("p.b[0]", 2.0)
    g = grad(lambda p: p.w * p.b[0])(Weights(2.0, [3.0]))
    assert (g.w, g.b) == (3.0, [2.0])


def test_subclasses_arrive_in_the_function_as_what_they_are():
    g = grad(lambda p, q: p.w * q.last(), (0, 1))(Names(w=2.0), Layers(1.0, 3.0))
    assert g == ({"w": 3.0}, [0.0, 2.0])
    assert type(g[0]) is Names and type(g[1]) is Layers
