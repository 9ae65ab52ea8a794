"""How deep a nesting is, and whether it contains itself: found by a loop, where a walk has used up Python's stack."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

#: A nesting of so many levels is deep: walking through it needs a good part of Python's stack.
DEEP = 100
#: Where counting levels ends: a type of the user may make up new children for ever.
ENDLESS = 10_000

Parts = Callable[[Any], "Iterable[tuple[str, Any]] | None"]


class Survey(NamedTuple):
    """How many levels there are; the ``path`` of a part that is ``again`` one above it, if there is such a part."""

    depth: int
    path: str = ""
    again: str = ""


def survey(tree: Any, parts: Parts) -> Survey:
    """Go through ``tree``, where ``parts(tree)`` are the pairs (suffix in a path, part), or None for a leaf.

    Every part is visited once, so shared parts cost no more than others. It ends at the first that contains itself.

    >>> endless = [1.0]
    >>> endless.append([endless])
    >>> survey(endless, lambda tree: ((f"[{i}]", x) for i, x in enumerate(tree)) if isinstance(tree, list) else None)
    Survey(depth=2, path='[1][0]', again='')
    """
    trail = [("", tree, iter(parts(tree) or ()))]  # from the root to where the walk is
    places, met, depth = {id(tree): 0}, {id(tree): tree}, int(parts(tree) is not None)
    while trail and depth < ENDLESS:
        for suffix, part in trail[-1][2]:
            if id(part) in places:
                steps = [step for step, *_ in trail]
                return Survey(depth, "".join([*steps, suffix]), "".join(steps[: places[id(part)] + 1]))
            below = None if id(part) in met else parts(part)
            if below is not None:
                met[id(part)], places[id(part)] = part, len(trail)
                trail.append((suffix, part, iter(below)))
                depth = max(depth, len(trail))
                break
        else:
            del places[id(trail.pop()[1])]
    return Survey(depth)


def fault_of(found: Survey, name: str) -> str | None:
    """What is wrong with a tree called ``name`` that no walk gets through, and the cure; None if it is not the tree.

    >>> fault_of(Survey(5000), "params")[:33], fault_of(Survey(3), "params")
    ('params is nested 5000 levels deep', None)
    """
    if found.path:
        return (
            f"{name} contains itself: {_shortened(name + found.path)} is {_shortened(name + found.again)} again. "
            f"A tree ends in numbers and arrays: leave that reference out."
        )
    if found.depth < DEEP:
        return None
    depth = f"more than {ENDLESS}" if found.depth == ENDLESS else found.depth
    return (
        f"{name} is nested {depth} levels deep, too deep for Python's stack (sys.getrecursionlimit() is "
        f"{sys.getrecursionlimit()}). Keep a long chain in one flat list."
    )


def _shortened(path: str) -> str:
    return path if len(path) <= 120 else f"{path[:80]} … {path[-30:]}"
