"""The structure of a tree as text, and a tree from text and arrays: what `nets.checkpoint` writes beside the arrays.

node  = {"array": path}                               an array, stored under its path
      | {"scalar": path}                              a NumPy scalar, stored as a 0-d array
      | {"value": null | bool | int | float | str}    as Python has it; complex as {"complex": [re, im]}
      | {"list": [node, …]} | {"tuple": [node, …]}
      | {"dict": [[key, node], …]}                    key: a str, int, float, bool, or None
      | {"record": name, "fields": [[field, node], …]}   a named tuple or dataclass
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from autograd import AutogradError, errors, trees
from nets.errors import CheckpointError

__all__ = ["decode", "encode", "fill"]

Arrays = dict[str, np.ndarray[Any, Any]]
Node = dict[str, Any]

PLAIN = (bool, int, float, str)


def encode(tree: Any) -> tuple[str, Arrays]:
    """Return the structure of ``tree`` as JSON, and its arrays by path.

    >>> encode({"W": np.ones(2), "n": 3})[0]
    '{"dict":[["W",{"array":"[\\'W\\']"}],["n",{"value":3}]]}'
    """
    arrays: Arrays = {}
    try:
        text = json.dumps(_encoded(tree, "", arrays), ensure_ascii=False, separators=(",", ":"))
    except RecursionError as error:
        raise CheckpointError(f"A file cannot hold this tree: {trees.explain_depth(error, tree)}") from None
    return text, arrays


def _encoded(tree: Any, path: str, arrays: Arrays) -> Node:
    container = trees.container_of(tree)
    if tree is None or container is None:
        return _encoded_leaf(tree, path, arrays)
    keys = list(container.keys(tree))
    children = [(key, _encoded(container.get(tree, key), path + container.suffix(key), arrays)) for key in keys]
    if isinstance(tree, dict):
        for key in keys:
            if key is not None and type(key) not in PLAIN:
                raise CheckpointError(
                    f"The key {key!r} at {path or 'the root'} is {errors.with_article(type(key))}, "
                    f"not text or a number. Use str(key)."
                )
        return {"dict": [[key, child] for key, child in children]}
    if isinstance(tree, (list, tuple)) and not hasattr(tree, "_fields"):
        return {"list" if isinstance(tree, list) else "tuple": [child for _, child in children]}
    return {"record": type(tree).__name__, "fields": [[key, child] for key, child in children]}


def _encoded_leaf(leaf: Any, path: str, arrays: Arrays) -> Node:
    if leaf is None or type(leaf) in PLAIN:
        return {"value": leaf}
    if type(leaf) is complex:
        return {"complex": [leaf.real, leaf.imag]}
    if isinstance(leaf, (np.ndarray, np.generic)) and not leaf.dtype.hasobject and not hasattr(leaf, "mask"):
        arrays[path] = np.asarray(leaf)
        return {"array" if isinstance(leaf, np.ndarray) else "scalar": path}
    what = f"an array of {leaf.dtype}" if type(leaf) is np.ndarray else errors.with_article(type(leaf))
    raise CheckpointError(
        f"{path or 'The tree'} is {what}, which a file cannot hold. "
        f"Save arrays, numbers and strings; for a tensor, t.numpy()."
    )


def decode(text: str, arrays: Arrays, path: Path) -> Any:
    """Return the tree of a structure, every array in its place, or raise `CheckpointError` for what makes no sense."""
    left = dict(arrays)
    try:
        tree = _decoded(json.loads(text), left)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CheckpointError(
            f"{path}: the structure of the tree is damaged ({type(error).__name__}: {error})."
        ) from error
    if left:
        raise CheckpointError(f"{path} holds entries that are no part of its tree: {', '.join(sorted(left))}.")
    return tree


def _decoded(node: Node, arrays: Arrays) -> Any:
    (kind, content), *more = node.items()
    if kind == "record":
        ((_, fields),) = more
        names = [field for field, _ in fields]
        return namedtuple(content, names)(*(_decoded(child, arrays) for _, child in fields))  # type: ignore[misc]
    if more:
        raise ValueError(f"a node with the keys {', '.join(node)}")
    return DECODERS[kind](content, arrays)


def _value(content: Any, arrays: Arrays) -> Any:
    if content is not None and type(content) not in PLAIN:
        raise ValueError(f"a value of type {type(content).__name__}")
    return content


DECODERS: dict[str, Callable[[Any, Arrays], Any]] = {
    "array": lambda path, arrays: arrays.pop(path),
    "scalar": lambda path, arrays: arrays.pop(path)[()],
    "value": _value,
    "complex": lambda parts, arrays: complex(*parts),
    "list": lambda children, arrays: [_decoded(child, arrays) for child in children],
    "tuple": lambda children, arrays: tuple([_decoded(child, arrays) for child in children]),
    "dict": lambda items, arrays: {key: _decoded(child, arrays) for key, child in items},
}


def fill(like: Any, tree: Any, path: Path) -> Any:
    """Return ``tree`` in the containers of ``like``. Raises `CheckpointError` that names what does not fit."""
    expected, found = (dict(trees.leaves_with_paths(t, "tree")) for t in (like, tree))
    missing, extra = [p for p in expected if p not in found], [p for p in found if p not in expected]
    if missing or extra:
        raise CheckpointError(
            f"{path} does not fit: it {'lacks ' + ', '.join(missing) if missing else 'has all that is expected'}"
            f"{' and has besides ' + ', '.join(extra) if extra else ''}."
        )
    for name, leaf in expected.items():
        if _nature(leaf) != _nature(found[name]):
            raise CheckpointError(
                f"{path} does not fit: {name} is {_nature(found[name])} in the file, and {_nature(leaf)} is expected."
            )
    leaves = [found[name] for name in expected]
    try:
        return trees.rebuild(trees.flatten(like)[1], leaves)
    except AutogradError as error:
        raise CheckpointError(f"{path} does not fit: {error}") from error


def _nature(leaf: Any) -> str:
    if isinstance(leaf, (np.ndarray, np.generic)):
        return f"{leaf.shape} {leaf.dtype}"
    return "a number" if isinstance(leaf, (int, float)) else errors.with_article(type(leaf))
