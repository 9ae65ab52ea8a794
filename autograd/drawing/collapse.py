"""Collapsing: a large diagram becomes one that fits a page, in time linear in its size.

Boxes are grouped until at most ``max_nodes`` are left: first the calls of a scope, the deepest scopes and the largest
groups first; then linear chains; then, where that is not enough, neighbours in the order of computation. Groups are
runs of that order or chains, so the result is free of cycles. The interesting boxes stay open: results, where the first
value that is not finite was born, and the path of the largest gradients.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from autograd.drawing.diagram import CONSTANT, GROUP, INPUT, Arrow, Box, Diagram, common_scope
from autograd.drawing.numbers import is_finite, magnitude


def collapse(diagram: Diagram, max_nodes: int | None) -> Diagram:
    """Return ``diagram`` with at most ``max_nodes`` boxes; None leaves it as it is."""
    if max_nodes is None or len(diagram.boxes) <= max_nodes:
        return diagram
    partition = _Partition(diagram, interesting(diagram, max_nodes // 4))
    for find in (scope_runs, chains):
        if partition.count > max_nodes:
            partition.merge(find(partition), max_nodes)
    if partition.count > max_nodes:
        partition.merge(neighbours(partition, max_nodes), 0)
    return partition.diagram()


class _Partition:
    """The boxes of a diagram, by number, and the group that each belongs to (its first member)."""

    def __init__(self, diagram: Diagram, kept: set[int]) -> None:
        self.source = diagram
        self.boxes = diagram.boxes
        self.kept = kept
        self.group = list(range(len(diagram.boxes)))
        self.count = len(diagram.boxes)
        self.names: dict[int, tuple[str, ...]] = {}
        number = {box.id: i for i, box in enumerate(diagram.boxes)}
        self.edges = [(number[arrow.source], number[arrow.target]) for arrow in diagram.arrows]

    def merge(self, groups: Iterable[tuple[list[int], tuple[str, ...]]], limit: int) -> None:
        """Merge ``groups``, lists of boxes with a scope to name them by, until ``limit`` is reached."""
        for members, scope in groups:
            if self.count <= limit:
                return
            leaders = {self.group[i] for i in members}
            if len(leaders) < 2:
                continue
            first = min(members)
            for i in members:
                self.group[i] = first
            self.names[first] = scope
            self.count -= len(leaders) - 1

    def members(self) -> dict[int, list[int]]:
        """The boxes of each group."""
        members: dict[int, list[int]] = {}
        for i, leader in enumerate(self.group):
            members.setdefault(leader, []).append(i)
        return members

    def diagram(self) -> Diagram:
        """The smaller diagram: groups stand where their last member stood, which keeps the order of computation."""
        members = self.members()
        ids = {}
        result = Diagram(self.source.title)
        for leader in sorted(members, key=lambda leader: members[leader][-1]):
            inside = [self.boxes[i] for i in members[leader]]
            box = inside[0] if len(inside) == 1 else _group(inside, self.names.get(leader, ()))
            ids[leader] = box.id
            result.boxes.append(box)
        result.arrows = self._arrows(ids, {leader for leader, inside in members.items() if len(inside) > 1})
        return result

    def _arrows(self, ids: dict[int, str], groups: set[int]) -> list[Arrow]:
        """Arrows between groups, one for all uses of one value; what flows back along them adds up."""
        arrows: list[Arrow] = []
        merged: dict[tuple[str, int], Arrow] = {}
        for arrow, (source, target) in zip(self.source.arrows, self.edges, strict=True):
            a, b = self.group[source], self.group[target]
            if a == b:
                continue
            if a not in groups and b not in groups:
                arrows.append(arrow)
                continue
            key = (ids[a], b)
            if key not in merged:
                merged[key] = replace(arrow, source=ids[a], target=ids[b], role="" if b in groups else arrow.role)
                arrows.append(merged[key])
            elif a not in groups and arrow.gradient is not None:
                before = merged[key].gradient
                merged[key].gradient = arrow.gradient if before is None else before + arrow.gradient
            else:
                merged[key].gradient = None  # of several values of a group: no single number
        return arrows


def _group(boxes: list[Box], scope: tuple[str, ...]) -> Box:
    """The box that stands for several: how many, which functions, and the last value."""
    operations = [box for box in boxes if box.kind not in (CONSTANT, INPUT)]
    count = sum(box.count for box in operations)
    if not operations:
        label = f"+{len(boxes):,} inputs" if boxes[0].kind == INPUT else f"+{len(boxes):,} constants"
        return Box(f"g_{boxes[0].id}", GROUP, label, scope=common_scope(boxes), count=0)
    common = Counter(box.operation for box in operations).most_common(3)
    detail = ", ".join(f"{n:,} {operation}" for operation, n in common) + (
        ", …" if len({b.operation for b in operations}) > 3 else ""
    )
    last = operations[-1]
    return Box(
        f"g_{boxes[0].id}", GROUP, f"+{count:,} ops", name=scope[-1] if scope else "", detail=detail, shape=last.shape,
        dtype=last.dtype, value=last.value, gradient=last.gradient, place=last.place, count=count,
        scope=scope[:-1] if scope else common_scope(boxes),
        blame=next((box.blame for box in boxes if box.blame), ""),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------- what may be grouped


def scope_runs(partition: _Partition) -> Iterable[tuple[list[int], tuple[str, ...]]]:
    """Uninterrupted runs of calls in one scope, from the deepest scopes outwards, the largest first."""
    boxes = partition.boxes
    for depth in range(max(len(box.scope) for box in boxes), 0, -1):
        runs: list[list[int]] = []
        before: tuple[str, ...] | None = None
        for i, box in enumerate(boxes):
            scope = box.scope[:depth] if len(box.scope) >= depth and i not in partition.kept else None
            if scope is not None and scope == before:
                runs[-1].append(i)
            elif scope is not None:
                runs.append([i])
            before = scope
        for run in sorted(runs, key=len, reverse=True):
            yield run, boxes[run[0]].scope[:depth]


def chains(partition: _Partition) -> Iterable[tuple[list[int], tuple[str, ...]]]:
    """Linear chains: each link has one operand, which nothing else uses. Constants belong to what uses them."""
    boxes = partition.boxes
    before, after, constants = _single_uses(partition)
    links: dict[int, list[int]] = {}
    found = []
    for i in sorted(set(partition.group)):
        if boxes[i].kind in (INPUT, CONSTANT) or i in partition.kept:
            continue
        chain = links.get(before[i]) if before[i] >= 0 and after[before[i]] == i else None
        if chain is None:
            chain = []
            found.append(chain)
        chain.append(i)
        links[i] = chain
    members = partition.members()
    for chain in sorted(found, key=len, reverse=True):
        if len(chain) > 1:
            yield [i for link in chain for i in (*members[link], *constants.get(link, ()))], ()


def _single_uses(partition: _Partition) -> tuple[list[int], list[int], dict[int, list[int]]]:
    """The one operand of each group (NONE, or MANY), its one user likewise, and the constants that it uses."""
    group = partition.group
    before, after = [NONE] * len(group), [NONE] * len(group)
    constants: dict[int, list[int]] = {}
    for source, target in partition.edges:
        a, b = group[source], group[target]
        if partition.boxes[source].kind == CONSTANT:
            constants.setdefault(b, []).append(source)
        elif a != b:
            before[b] = a if before[b] in (NONE, a) else MANY
            after[a] = b if after[a] in (NONE, b) else MANY
    return before, after, constants


NONE, MANY = -1, -2


def neighbours(partition: _Partition, limit: int) -> Iterable[tuple[list[int], tuple[str, ...]]]:
    """What is left, cut into pieces of equal length along the order of computation."""
    members = partition.members()
    order = sorted(members, key=lambda leader: members[leader][-1])
    length = -(-len(order) // max(1, limit - 2 * len(partition.kept) - 3))
    piece: list[int] = []
    taken = 0
    for leader in order:
        inputs = partition.boxes[leader].kind == INPUT
        if taken and (
            taken >= length or leader in partition.kept or inputs != (partition.boxes[piece[0]].kind == INPUT)
        ):
            yield piece, ()
            piece, taken = [], 0
        if leader not in partition.kept:
            piece += members[leader]
            taken += 1
    if piece:
        yield piece, ()


# --------------------------------------------------------------------------------------------------- what stays open


def interesting(diagram: Diagram, limit: int) -> set[int]:
    """The numbers of the boxes that stay open: see the top of this file."""
    number = {box.id: i for i, box in enumerate(diagram.boxes)}
    into: dict[str, list[Arrow]] = {}
    for arrow in diagram.arrows:
        into.setdefault(arrow.target, []).append(arrow)
    results = [box for box in diagram.boxes if box.result][-limit:]
    born = next((box for box in diagram.boxes if box.blame or not is_finite(box.value)), None)
    kept = [box.id for box in results]
    if born is not None:
        kept += [born.id, *(arrow.source for arrow in into.get(born.id, [])[:4])]
    here: str | None = kept[0] if kept else None
    while here is not None and len(kept) < limit:
        flows = [arrow for arrow in into.get(here, []) if arrow.gradient is not None]
        strongest = max(flows, key=lambda arrow: magnitude(arrow.gradient), default=None)
        here = strongest.source if strongest else None
        if here is not None:
            kept.append(here)
    return {number[id] for id in kept}
