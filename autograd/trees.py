"""Trees: any nesting of tuples, lists, dicts, named tuples and dataclasses, with arrays at its leaves.

With this file you can take a tree apart, rebuild it with other leaves, map a function over several trees of one
structure, and name each leaf by its path:

>>> leaves, structure = flatten({"w": [1.0, 2.0], "b": (3.0,)})
>>> leaves
[1.0, 2.0, 3.0]
>>> rebuild(structure, [leaf * 10 for leaf in leaves])
{'w': [10.0, 20.0], 'b': (30.0,)}
>>> [path for path, leaf in leaves_with_paths({"w": [1.0, 2.0], "b": (3.0,)}, "params")]
["params['w'][0]", "params['w'][1]", "params['b'][0]"]

``None`` is an empty tree. Everything that is not a container is a leaf. A type of your own joins with `register_tree`.
A tree that contains itself, or is too deep for Python's stack, is an `ArgumentError` wherever it is met.
"""

from __future__ import annotations

import functools
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple

from autograd.depth import fault_of, survey
from autograd.errors import ArgumentError, with_article


class Container(NamedTuple):
    """How one container type is taken apart and put together.

    >>> dicts = container_of({"W": 1.0})
    >>> dicts.keys({"W": 1.0}), dicts.suffix("W"), dicts.build(["W"], [2.0])
    (('W',), "['W']", {'W': 2.0})
    """

    keys: Callable[[Any], Sequence[Hashable]]
    children: Callable[[Any], Sequence[Any]]  # in the order of the keys
    get: Callable[[Any, Any], Any]
    build: Callable[[Sequence[Any], Sequence[Any]], Any]
    suffix: Callable[[Any], str]  # how a key is written in a path


class Structure(NamedTuple):
    """A tree without its leaves: hashable, and equal for equal nestings. A leaf is the structure `LEAF`.

    >>> flatten([1.0, (2.0,)])[1] == flatten([3.0, (4.0,)])[1], flatten(5.0)[1] == LEAF
    (True, True)
    """

    kind: Any
    keys: tuple[Hashable, ...]
    children: tuple[Structure, ...]


LEAF = Structure(None, (), ())


class _Containers(dict[type, "Container | None"]):
    """How each type is taken apart; None for a leaf. A type that was not met before is looked at once."""

    def __missing__(self, kind: type) -> Container | None:
        self[kind] = container = _find_container(kind)
        return container


CONTAINERS = _Containers()


def register_tree(
    kind: type, children: Callable[[Any], dict[str, Any]], build: Callable[[dict[str, Any]], Any]
) -> None:
    """Make instances of ``kind`` trees: ``build(children(instance))`` must equal the instance.

    >>> class Pair:
    ...     def __init__(self, left, right): self.left, self.right = left, right
    >>> register_tree(Pair, vars, lambda parts: Pair(**parts))
    >>> flatten(Pair(1.0, 2.0))[0]
    [1.0, 2.0]
    """
    CONTAINERS[kind] = Container(
        keys=lambda tree: tuple(children(tree)),
        children=lambda tree: tuple(children(tree).values()),
        get=lambda tree, key: children(tree)[key],
        build=lambda keys, values: build(dict(zip(keys, values, strict=True))),
        suffix=lambda key: f".{key}",
    )


def _bracket(key: Any) -> str:
    return f"[{key!r}]"


def _sequence(build: Callable[[Sequence[Any]], Any], suffix: Callable[[Any], str] = _bracket) -> Container:
    return Container(_places, tuple, lambda tree, key: tree[key], lambda _, values: build(values), suffix)


def _places(sequence: Sequence[Any]) -> range:
    return range(len(sequence))


def _mapping(build: Callable[[Iterable[tuple[Any, Any]]], Any]) -> Container:
    return Container(
        tuple,
        lambda tree: tuple(tree.values()),
        lambda tree, key: tree[key],
        lambda keys, values: build(zip(keys, values, strict=True)),
        _bracket,
    )


def _record(kind: type, fields: tuple[str, ...]) -> Container:
    return Container(
        lambda tree: fields,
        lambda tree: tuple(getattr(tree, field) for field in fields),
        getattr,
        lambda _, values: kind(**dict(zip(fields, values, strict=True))),
        lambda key: f".{key}",
    )


def _subclass(kind: type) -> Container:
    """A subclass of dict, list or tuple is rebuilt without its ``__init__``, which may take anything."""
    if issubclass(kind, tuple):
        return _sequence(lambda values: tuple.__new__(kind, values))
    base: Any = next(base for base in (list, OrderedDict, dict) if issubclass(kind, base))

    def build(items: Any) -> Any:
        tree: Any = kind.__new__(kind)
        (base.extend if base is list else base.update)(tree, items)
        return tree

    return _sequence(build) if issubclass(kind, list) else _mapping(build)


CONTAINERS[tuple] = _sequence(tuple)
CONTAINERS[list] = _sequence(list)
CONTAINERS[dict] = _mapping(dict)
CONTAINERS[OrderedDict] = _mapping(OrderedDict)
CONTAINERS[defaultdict] = _mapping(lambda items: defaultdict(None, items))
CONTAINERS[type(None)] = _record(type(None), ())


def container_of(tree: Any) -> Container | None:
    """How ``tree`` is taken apart, or None when it is a leaf.

    >>> container_of((1.0, 2.0)).suffix(1), container_of(1.0)
    ('[1]', None)
    """
    return CONTAINERS[type(tree)]


def _find_container(kind: type) -> Container | None:
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return _record(kind, kind._fields)
    if hasattr(kind, "__dataclass_fields__"):
        import dataclasses  # as the program that wrote this class has done; all others start without it

        return _record(kind, tuple(field.name for field in dataclasses.fields(kind) if field.init))
    return _subclass(kind) if issubclass(kind, (dict, list, tuple)) else None


def flatten(tree: Any, name: str = "tree") -> tuple[list[Any], Structure]:
    """Return the leaves of ``tree`` from left to right, and the structure that puts them together again.

    ``name`` is what errors call the tree. Raises `ArgumentError` for one that contains itself, or is nested too deeply.

    >>> flatten({"w": [1.0, 2.0], "b": None})[0]
    [1.0, 2.0]
    """
    try:
        return _flatten(tree)
    except RecursionError as error:
        raise explain_depth(error, tree, name) from None


def _flatten(tree: Any) -> tuple[list[Any], Structure]:
    container = CONTAINERS[type(tree)]
    if container is None:
        return [tree], LEAF
    children = container.children(tree)
    for child in children:
        if CONTAINERS[type(child)] is not None:
            break
    else:  # nothing but leaves, as most trees
        if container.keys is _places:
            return list(children), _sequence_of_leaves(type(tree), len(children))  # type: ignore[arg-type]
        return list(children), Structure(type(tree), tuple(container.keys(tree)), (LEAF,) * len(children))
    leaves: list[Any] = []
    structures = []
    for child in children:
        below, structure = _flatten(child)
        leaves += below
        structures.append(structure)
    return leaves, Structure(type(tree), tuple(container.keys(tree)), tuple(structures))


@functools.lru_cache
def _sequence_of_leaves(kind: Any, length: int) -> Structure:
    """A flat list or tuple: most arguments are one of a few."""
    return Structure(kind, tuple(range(length)), (LEAF,) * length)


def leaves_like(structure: Structure, tree: Any, name: str = "tree") -> list[Any]:
    """Return the leaves of ``tree`` in the order of ``structure``; a None in it stands for a leaf, or a tree of them.

    Dicts match by key, whatever their order. Where ``structure`` is a leaf, all leaves are returned.
    Raises `ArgumentError` with the path where the structures part.

    >>> leaves_like(flatten({"w": [1.0, 2.0], "b": 3.0})[1], {"b": 30.0, "w": [None, 20.0]})
    [None, 20.0, 30.0]
    >>> leaves_like(flatten({"w": [1.0, 2.0], "b": 3.0})[1], {"b": 30.0, "w": None})
    [None, None, 30.0]
    """
    try:
        return flatten(tree)[0] if structure is LEAF else _leaves_like(structure, tree, name)
    except RecursionError as error:
        raise explain_depth(error, tree, name) from None


def _leaves_like(structure: Structure, tree: Any, name: str) -> list[Any]:
    if structure.kind is None:
        if container_of(tree) is not None and tree is not None:
            raise ArgumentError(f"{name} is {with_article(type(tree))} where a leaf was expected.")
        return [tree]
    if tree is None or structure.kind is type(None):
        return [leaf for child in structure.children for leaf in _leaves_like(child, None, name)]
    container = container_of(tree)
    if container is None:
        raise ArgumentError(f"{name} is {with_article(type(tree))} where {with_article(structure.kind)} was expected.")
    keys = structure.keys
    if set(container.keys(tree)) != set(keys):
        raise ArgumentError(f"{name} has the keys {list(container.keys(tree))} where {list(keys)} were expected.")
    return [
        leaf
        for key, child in zip(keys, structure.children, strict=True)
        for leaf in _leaves_like(child, container.get(tree, key), name + container.suffix(key))
    ]


def rebuild(structure: Structure, leaves: Iterable[Any]) -> Any:
    """Return the tree of ``structure`` with ``leaves`` filled in from left to right.

    Raises `ArgumentError` when there are too few leaves.

    >>> rebuild(flatten({"w": [1.0, 2.0], "b": None})[1], [3.0, 4.0])
    {'w': [3.0, 4.0], 'b': None}
    """
    try:
        return _rebuild(structure, leaves)
    except RecursionError as error:
        raise explain_depth(error, structure) from None
    except StopIteration:
        fact = f"A tree of {_count(structure)} leaves cannot be rebuilt from fewer."
        raise ArgumentError(f"{fact} Pass them all.") from None


def _rebuild(structure: Structure, leaves: Iterable[Any]) -> Any:
    if structure is LEAF or structure.kind is None:
        return next(iter(leaves))  # an iterator is its own
    container = CONTAINERS[structure.kind]
    assert container is not None
    children = structure.children
    if type(leaves) is list and children.count(LEAF) == len(children) == len(leaves):
        return container.build(structure.keys, leaves)
    leaves = iter(leaves)
    values = [next(leaves) if child is LEAF else _rebuild(child, leaves) for child in children]
    return container.build(structure.keys, values)


def _count(structure: Structure) -> int:
    """The number of leaves."""
    return 1 if structure.kind is None else sum(map(_count, structure.children))


def leaves_with_paths(tree: Any, name: str = "") -> list[tuple[str, Any]]:
    """Return ``(path, leaf)`` for every leaf, the path written as Python would reach it: ``params['hidden'].w``.

    >>> leaves_with_paths([1.0, {"b": 2.0}], "params")
    [('params[0]', 1.0), ("params[1]['b']", 2.0)]
    """
    try:
        return _leaves_with_paths(tree, name)
    except RecursionError as error:
        raise explain_depth(error, tree, name) from None


def _leaves_with_paths(tree: Any, name: str) -> list[tuple[str, Any]]:
    container = container_of(tree)
    if container is None:
        return [(name, tree)]
    return [
        pair
        for key, child in zip(container.keys(tree), container.children(tree), strict=True)
        for pair in _leaves_with_paths(child, name + container.suffix(key))
    ]


ALIKE = "Pass trees of one structure."


def map_tree(function: Callable[..., Any], tree: Any, *others: Any, name: str = "tree") -> Any:
    """Return a tree like ``tree`` of ``function(leaf, *leaves of the others at the same place)``.

    Dicts match by key, whatever their order. Raises `ArgumentError` with the path where the structures part.

    >>> map_tree(lambda p, g: p - 0.5 * g, {"w": 1.0, "b": 2.0}, {"b": 4.0, "w": 2.0})
    {'w': 0.0, 'b': 0.0}
    """
    try:
        return _map_tree(function, tree, others, name)
    except RecursionError as error:
        raise explain_depth(error, tree, name) from None


def _map_tree(function: Callable[..., Any], tree: Any, others: tuple[Any, ...], name: str) -> Any:
    container = container_of(tree)
    if container is None:
        for other in others:
            if container_of(other) is not None:
                raise ArgumentError(f"{name} is a leaf in one tree and {with_article(type(other))} in another. {ALIKE}")
        return function(tree, *others)
    keys = tuple(container.keys(tree))
    for other in others:
        _check_same(container, keys, tree, other, name)
    mapped = []
    for key in keys:
        there = tuple([container.get(other, key) for other in others])
        mapped.append(_map_tree(function, container.get(tree, key), there, name + container.suffix(key)))
    return container.build(keys, mapped)


def _check_same(container: Container, keys: tuple[Hashable, ...], tree: Any, other: Any, name: str) -> None:
    if type(other) is not type(tree):
        raise ArgumentError(
            f"{name} is {with_article(type(tree))} in one tree and {with_article(type(other))} in another. {ALIKE}"
        )
    if set(container.keys(other)) != set(keys):
        raise ArgumentError(
            f"{name} has the keys {list(keys)} in one tree and {list(container.keys(other))} in another. {ALIKE}"
        )


def depth_of(tree: Any) -> int:
    """How many levels of containers ``tree`` has; those above the first part that contains itself, if there is one.

    >>> depth_of([1.0, {"b": (2.0,)}])
    3
    """
    return survey(tree, _parts).depth


def explain_depth(error: RecursionError, tree: Any, name: str = "tree") -> Exception:
    """Return what is wrong with a tree (or `Structure`) that used up Python's stack: it contains itself, or is deep.

    The error itself is returned where the tree is neither, and the stack was the user's own.

    >>> weights = {"w": 1.0}
    >>> weights["next"] = [weights]
    >>> print(str(explain_depth(RecursionError(), weights, "weights"))[:68])
    weights contains itself: weights['next'][0] is weights again. A tree
    """
    fault = fault_of(survey(tree, _parts), name)
    return ArgumentError(fault) if fault else error


def _parts(tree: Any) -> Iterable[tuple[str, Any]] | None:
    """The children of a tree, or of a `Structure`, each with its suffix in a path; None for a leaf."""
    if type(tree) is Structure:
        return (("", child) for child in tree.children)
    container = CONTAINERS[type(tree)]
    return container and zip(map(container.suffix, container.keys(tree)), container.children(tree), strict=True)
