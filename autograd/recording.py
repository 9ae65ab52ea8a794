"""Recording: what happens when a function of arrays is called on traced values.

Every trace has a level from one ever-growing counter, so an inner trace is always above the outer one. `record` hands
the call to the highest trace among its operands. That trace calls the function again on the values, which may be
traced at a lower level and record there by the same code. So derivatives nest to any order without a flag:

    grad(lambda x: x * grad(lambda y: x + y)(2.0))(1.0)

Inside, ``x + y`` is recorded at the level of ``y``, for which ``x`` is a constant. The derivative with respect to
``y`` is 1; it does not matter that ``x`` is traced as well, and the outer result is 1, not 2.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy import ndarray  # on the road of every call, np.ndarray would be looked up each time

from autograd.errors import ArgumentError, AutogradError, LostGradientError, explain, with_article
from autograd.graph import OBJECTS, Bundle, Leaf, Node, Traced, new_leaf, new_node, serials
from autograd.guard import COPIED_BYTES, Guard, copied
from autograd.operands import PLAIN, call_strangers, is_dialect, is_plain
from autograd.places import went_through_user
from autograd.plans import Plan
from autograd.rules import TABLE, Composition, Row
from autograd.scopes import scope
from autograd.trees import LEAF, container_of, flatten, map_tree, rebuild
from autograd.unregistered import Unregistered, no_row, traced_leaves

next_level = itertools.count(1).__next__

new: Callable[[type], Any] = object.__new__


def record(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call ``function`` with traced arguments: the highest trace among its operands records the call."""
    match args:
        case (x, y):
            kinds: tuple[type, ...] = type(x), type(y)
        case (x,):
            kinds = (type(x),)
        case _:
            kinds = tuple(map(type, args))
    try:
        call = TABLE[function].short[kinds]
    except KeyError:
        pass  # and out of here: an error on the long road would show this one as its context
    else:
        if not kwargs and (out := call(args)) is not None:
            return out
    return record_any(function, args, kwargs)


def record_any(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The long road of `record`, for calls of any kind. A gradient trace learns the short one on it: see `plans`."""
    row = TABLE.get(function)
    if row is None:
        recording = max((leaf.recording for leaf in traced_leaves((args, kwargs))), key=_level)
        if recording.takes_all:
            return recording.record(Unregistered(function), args, kwargs)
        raise no_row(function, args, kwargs)
    if isinstance(row, Composition):
        return _run_body(row, args, kwargs)
    operands, parameters = row.bind(args, kwargs)
    recording = _check_parameters(row, parameters) if parameters else None
    for operand in operands if not row.trees else flatten(list(operands))[0]:
        if isinstance(operand, Traced):
            found = operand.recording
            if recording is not found and (recording is None or found.level > recording.level):
                recording = found
        elif not is_plain(type(operand)):
            return call_strangers(function, args, kwargs, trees=bool(row.trees), call=record)
    if recording is None:
        return row.call(list(operands), parameters)
    return recording.record(row, operands, parameters)


def _run_body(row: Composition, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a composition; programs show its calls as a group of its name."""
    args, kwargs = row.bind(args, kwargs)
    _refuse_out(row.function.__name__, kwargs)
    try:
        with scope(row.function.__name__):
            return row.body(*args, **kwargs)
    except Exception as error:
        if isinstance(error, AutogradError) or went_through_user(error):
            raise
        raise explain(error, row, args) from error


def _check_parameters(row: Row, parameters: dict[str, Any]) -> Any:
    """Refuse ``out=`` and differentiated parameters: both would lose a gradient. Return the recording of traced ones.

    Parameters that can be written to are copied: a rule may need them.
    """
    recording: Any = None
    _refuse_out(row.name, parameters)
    for name, value in parameters.items():
        if isinstance(value, Traced):
            if value.recording.takes_all:
                recording = value.recording if recording is None else max(recording, value.recording, key=_level)
                continue
            raise LostGradientError(
                f"{row.name} has no derivative with respect to its parameter {name!r}, which is traced. "
                f"Pass a plain value ({name}=t.item() or t.numpy()) or stop_gradient of it, or register a rule: "
                f"derivative({row.name}, {name}=lambda g: …)."
            )
        if type(value) is list or type(value) is ndarray:  # the caller may write into it before the sweep
            parameters[name] = map_tree(_copied, value)
    return recording


def _copied(leaf: Any) -> Any:
    return copied(leaf) if type(leaf) is ndarray else leaf


def _level(recording: Any) -> int:
    return int(recording.level)


def _refuse_out(name: str, parameters: dict[str, Any]) -> None:
    if parameters.pop("out", None) is not None:
        raise LostGradientError(
            f"{name}(…, out=…) would overwrite an array, as a += t does, and the recording cannot follow that. "
            "Leave out= away and use the result: y = f(x), a = a + t."
        )


class Recording:
    """What recordings of every kind share: they have a ``kind`` of tensor, a ``level``, `record` calls and `decide`."""

    __slots__ = ()

    takes_all = False  # calls without a derivative, and traced parameters, are refused

    def record(self, row: Row, operands: Any, parameters: dict[str, Any]) -> Any:
        """Call the function on the values of this recording's tensors, and record that."""
        raise NotImplementedError

    def read(self, tensor: Any, what: str) -> Any:
        """Refuse a conversion that would leave the recording, and say how to ask for the plain value."""
        raise lost(tensor, what)


def lost(tensor: Any, what: str, *, as_array: bool = False) -> LostGradientError:
    """The error for a conversion that would turn a tensor into a plain value without a word."""
    cure = " For a.dot(t) write np.dot(a, t), for a[…] = t write a = index_update(a, …, t)." if as_array else ""
    if as_array and tensor.shape == ():  # perhaps one of a list, which is a tree of numbers
        cure = " A list that is meant as one array is differentiated as np.array(list)."
    return LostGradientError(
        f"{what} of a tensor (shape {tensor.shape}) would turn it into a plain value and lose its gradient. "
        f"Use NumPy functions (np.sin, not math.sin; np.stack for an array of tensors), "
        f"or ask for the plain value with t.item() or t.numpy().{cure}"
    )


class GradientTrace(Recording):
    """A recording for the reverse sweep. It keeps calls that have a derivative, and drops all others.

    Comparisons, ``argmax``, ``floor`` have derivative zero, so they give plain values, and ``if`` works on them.
    """

    __slots__ = ("kind", "level", "guard", "ended")

    def __init__(self, kind: type, level: int | None = None) -> None:
        self.kind = kind
        self.level = next_level() if level is None else level
        self.guard: Guard | None = None  # most recordings lock nothing
        self.ended = False

    def leaf(self, value: Any) -> Any:
        """Return ``value`` as an input of this trace; raises `ArgumentError` when it holds no numbers."""
        if type(value) is ndarray and value.dtype.kind in "fc":
            value = value.copy() if value.nbytes <= COPIED_BYTES else self.lock(value)
        else:
            number = as_number(value)
            if number is None:
                return self._leaf_of_object(value)
            if isinstance(number, ndarray):  # of integers, or of a subclass such as np.memmap
                return self.leaf(number.view(ndarray))
            value = number
        node = Leaf()  # new_leaf and wrap, without their frames
        node.serial = next(serials)
        node.name = node.gradient = None
        try:
            node.shape = value.shape
            node.dtype = value.dtype
        except AttributeError:  # a Python number
            node.shape = ()
            node.dtype = np.dtype(type(value))
        tensor = new(self.kind)
        tensor.value = value
        tensor.node = node
        tensor.recording = self
        return tensor

    def _leaf_of_object(self, value: Any) -> Any:
        if type(value) not in OBJECTS:
            what = with_article(type(value), capital=True)
            raise ArgumentError(f"{what} cannot be differentiated. Pass numbers and arrays.")
        return wrap(value, new_leaf(None, None), self, OBJECTS[type(value)])

    def lock(self, array: ndarray[Any, Any]) -> ndarray[Any, Any]:
        """Make an array of the user read-only until this recording ends."""
        if self.guard is None:
            self.guard = Guard()
        return self.guard.lock(array)

    def record(self, row: Row, operands: Any, parameters: dict[str, Any]) -> Any:
        """Call the function on the values of this level's tensors, and record it as a node."""
        protect: Callable[[Any], Any] = self.protect
        if row.trees:
            values, parents, traced, protect = self._unwrap_trees(operands)
        else:
            values = list(operands)
            parents = []
            traced = 0
            for place, operand in enumerate(operands):
                if isinstance(operand, Traced) and operand.recording is self:
                    values[place] = operand.value
                    parents.append(operand.node)
                    traced |= 1 << place
        try:
            out = row.call(values, parameters)
        except Exception as error:
            raise explain(error, row, values) from error
        plan = row.plan(traced)
        if plan is None:
            return out
        if not parameters:
            self.learn(row, operands, plan, len(parents))
        if len(plan.operands) != len(parents):
            parents = _differentiated(row, parents, traced)
        return self.wrap_output(out, plan, parents, plan.keep(values, out, parameters, protect))

    def learn(self, row: Row, operands: Sequence[Any], plan: Plan, traced: int) -> None:
        """Let calls with operands of these types go the plan's short road from now on.

        The type of a tensor says that a gradient trace records it: each other kind of recording has its own.
        """
        kinds = tuple(map(type, operands))
        simple = all(kind is self.kind or kind in PLAIN or issubclass(kind, np.generic) for kind in kinds)
        if simple and plan.call and len(kinds) == row.arity and kinds.count(self.kind) == traced:
            row.short[kinds] = plan.call

    def protect(self, constant: Any) -> Any:
        """Return a kept constant safe from later writes; see `guard`."""
        if isinstance(constant, ndarray):
            return copied(constant) if constant.nbytes <= COPIED_BYTES else self.lock(constant)
        return map_tree(self.protect, constant) if container_of(constant) else constant

    def _unwrap_trees(self, operands: Any) -> tuple[list[Any], list[Node], int, Callable[[Any], Any]]:
        """Like the loop in `record` for operands that are trees: each becomes one parent, a bundle of its leaves.

        The last of what is returned is `protect` for trees that hold values of this recording: those need it not.
        """
        values, parents, traced, own = [], [], 0, set()
        for position, operand in enumerate(operands):
            leaves, structure = flatten(operand)
            mine = tuple(i for i, leaf in enumerate(leaves) if isinstance(leaf, Traced) and leaf.recording is self)
            if mine:
                nodes = [leaves[i].node for i in mine]
                parents.append(nodes[0] if structure is LEAF else bundle(nodes, mine))
                traced |= 1 << position
                for i in mine:
                    leaves[i] = leaves[i].value
                    own.add(id(leaves[i]))
            values.append(rebuild(structure, leaves))
        return values, parents, traced, functools.partial(map_tree, lambda x: x if id(x) in own else self.protect(x))

    def wrap_output(self, out: Any, plan: Plan, parents: Sequence[Node], kept: tuple[Any, ...]) -> Any:
        """Return what a function returned as a tensor with a node: `wrap` and `new_node`, without their frames."""
        node = Node()
        node.serial = next(serials)
        node.plan = plan
        node.parents = parents
        node.kept = kept
        try:
            node.shape = out.shape
            node.dtype = out.dtype
        except AttributeError:
            return self._wrap_outputs(out, plan, parents, kept)
        tensor = new(self.kind)
        tensor.value = out
        tensor.node = node
        tensor.recording = self
        return tensor

    def _wrap_outputs(self, out: Any, plan: Plan, parents: Sequence[Node], kept: tuple[Any, ...]) -> Any:
        """Wrap what a function returned that is no array: a number, or several arrays."""
        if container_of(out) is None:
            out = np.asarray(out)[()]
            return wrap(out, new_node(plan, parents, kept, out.shape, out.dtype), self)
        outs, structure = flatten(out)
        call = new_node(plan, parents, kept, None, None)
        wrapped = [
            wrap(part, new_node(PICK, [call], (i, len(outs)), np.shape(part), dtype_of(part)), self)
            for i, part in enumerate(outs)
        ]
        return rebuild(structure, wrapped)

    def decide(self, value: Any, what: str) -> Any:
        """Return the value that Python wants to branch on: gradient traces follow the branch taken."""
        return value


def _differentiated(row: Row, parents: list[Node], traced: int) -> list[Node]:
    """The parents that have a rule: a traced condition of ``where`` has none."""
    positions = [i for i in range(len(row.operands)) if traced >> i & 1]
    return [parent for i, parent in zip(positions, parents, strict=True) if row.rules[row.operands[i]] is not None]


def bundle(nodes: list[Node], places: tuple[int, ...]) -> Node:
    """A node for a sequence of operands: its gradient is a `Bundle`, and ``nodes[k]`` takes entry ``places[k]``."""
    return new_node(BUNDLE, nodes, places, None, None)


def _nothing(*call: Any) -> tuple[Any, ...]:
    return ()


def _each(g: Bundle, places: tuple[int, ...]) -> list[Any]:
    return [part() if callable(part := g[place]) else part for place in places]


def _only(g: Any, kept: tuple[int, ...]) -> list[Bundle]:
    place, count = kept
    return [Bundle(g if i == place else None for i in range(count))]


#: Plans without a row: the way from a bundle to its parts, and from one output of a call to all of them.
BUNDLE = Plan(None, (), _nothing, _each)
PICK = Plan(None, (), _nothing, _only)


def wrap(value: Any, node: Any, recording: Any, kind: Any = None) -> Any:
    """Return a traced value that belongs to ``recording``."""
    if kind is None:
        kind = recording.kind
    traced = kind.__new__(kind)
    traced.value = value
    traced.node = node
    traced.recording = recording
    return traced


def as_number(leaf: Any) -> Any:
    """Return ``leaf`` as it is differentiated: floats as they are, integers and bools as float64; None for no number.

    A Python float stays one: it is weak against float32 arrays (NEP 50).
    """
    kind = type(leaf)
    if kind is float or kind is complex:
        return leaf
    if isinstance(leaf, Traced):
        return leaf if dtype_of(leaf).kind in "fc" else leaf * 1.0  # type: ignore[operator]
    if kind is int or kind is bool:
        try:
            return float(leaf)
        except OverflowError:
            return None
    if not isinstance(leaf, (ndarray, np.generic)) or is_dialect(kind):
        return None
    if leaf.dtype.kind in "fc":
        return leaf
    return leaf.astype(np.float64) if leaf.dtype.kind in "biu" else None


def dtype_of(value: Any) -> np.dtype[Any]:
    """The dtype of an array or of a Python number."""
    return value.dtype if hasattr(value, "dtype") else np.asarray(value).dtype
