"""Plans: a row of the table compiled for one choice of traced operands.

A plan is made of functions that are compiled from source text. That is the fastest form of "which value goes where",
and it reads like the row itself. For ``np.divide`` with a traced x and a constant y two of them are

    def keep(values, out, parameters, protect):
        return protect(values[1]),

    def pull(g, kept):
        return rule_of_x(g, kept[0]),

and the third, ``call``, is all that recording a call without parameters takes, in one piece: see `CALL`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from autograd.errors import explain
from autograd.signatures import argument_names
from autograd.trees import flatten, map_tree


class Plan:
    """What to do about a call of ``row`` in which ``operands`` are traced.

    ``keep(values, out, parameters, protect)`` returns what the rules name, constants of the user ``protect``-ed;
    ``pull(g, kept)`` returns the gradients of the traced operands;
    ``call(operands)`` calls the function on plain operands and tensors and returns the recorded output; None when the
    tensors belong to several recordings.
    """

    __slots__ = ("row", "operands", "keep", "pull", "call")

    def __init__(
        self,
        row: Any,
        operands: tuple[str, ...],
        keep: Callable[..., tuple[Any, ...]],
        pull: Callable[[Any, tuple[Any, ...]], Sequence[Any]],
        call: Any = None,  # none for rows with trees or an order of arguments of their own
    ) -> None:
        self.row, self.operands, self.keep, self.pull, self.call = row, operands, keep, pull, call


PAIR = """
def keep(values, out, parameters, protect):
    return {keep}

def pull(g, kept):
    return {pull}
"""

#: The short road of `recording.record`, which nearly every call takes: nothing is asked that the types of the operands
#: tell. What is the same for all plans is in ``wrap_output``: code that runs for every call stays in the caches.
CALL = """
def call(operands):
    {operands} = operands
    recording = {first}.recording{same}
    {unwrap}
    try:
        out = function({values})
    except Exception as error:
        raise explain(error, row, [{values}]) from error
    return recording.wrap_output(out, plan, {parents}, {keep})
"""

#: Tensors of several recordings: not on this road.
SAME = """
    if {other}.recording is not recording:
        return None"""


def make_plan(row: Any, traced: int) -> Plan | None:
    """The plan of ``row`` when the operands in the bit set ``traced`` are traced; None when no derivative is wanted."""
    wanted = {name: rule for i, name in enumerate(row.operands) if traced >> i & 1 and (rule := row.rules[name])}
    if not wanted:
        return None
    needed = {operand: argument_names(rule)[1:] for operand, rule in wanted.items()}
    kept = list(dict.fromkeys(name for names in needed.values() for name in names))
    given = "(values[{0}] if len(values) > {0} else default[{1!r}])"
    values = [
        given.format(place, name) if name in row.optional else f"values[{place}]"
        for place, name in enumerate(row.operands)
    ]
    source = PAIR.format(
        keep=_listed(_source_of(name, row, traced, values) for name in kept),
        pull=_listed(
            f"rule_of_{operand}({', '.join(['g', *(f'kept[{kept.index(name)}]' for name in names)])})"
            for operand, names in needed.items()
        ),
    )
    if row.plain and not row.trees:
        source += _source_of_call(row, traced, wanted, kept)
    scope: dict[str, Any] = {f"rule_of_{operand}": rule for operand, rule in wanted.items()}
    scope |= {"row": row, "function": row.function, "default": row.defaults, "shape_of": shape_of, "explain": explain}
    scope["structure_of"] = structure_of
    exec(compile(source, f"<autograd: plan of {row.name}>", "exec"), scope)  # the name shows in tracebacks
    scope["plan"] = plan = Plan(row, tuple(wanted), scope["keep"], scope["pull"], scope.get("call"))
    return plan


def _source_of_call(row: Any, traced: int, wanted: Iterable[str], kept: Iterable[str]) -> str:
    places = [place for place in range(row.arity) if traced >> place & 1]
    operands = [f"operand{place}" for place in range(row.arity)]
    values = [f"value{place}" if place in places else operand for place, operand in enumerate(operands)]
    first, *others = [operands[place] for place in places]
    return CALL.format(
        operands=_listed(operands),
        first=first,
        same="".join(SAME.format(other=other) for other in others),
        unwrap="; ".join(f"{values[place]} = {operands[place]}.value" for place in places),
        values=", ".join(values),
        parents=_listed(f"{operands[row.operands.index(name)]}.node" for name in wanted),
        keep=_listed(
            _source_of(name, row, traced, values, protect="recording.protect", parameter="default[{!r}]")
            for name in kept
        ),
    )


def _listed(sources: Iterable[str]) -> str:
    """The source of a tuple."""
    return f"({''.join(f'{source}, ' for source in sources)})"


def _source_of(
    name: str,
    row: Any,
    traced: int,
    values: Sequence[str],
    protect: str = "protect",
    parameter: str = "parameters.get({0!r}, default[{0!r}])",
) -> str:
    """Where the value called ``name`` in a rule is found when a call is recorded."""
    if name == "out":
        return "out"
    if name in row.legal_parameters:
        return parameter.format(name)
    if name in row.operands:
        place = row.operands.index(name)
        own = traced >> place & 1 and place not in row.trees  # a tree may hold constants beside what is traced
        return values[place] if own else f"{protect}({values[place]})"
    operand, fact = name.rsplit("_", 1)
    place = row.operands.index(operand)
    if fact == "traced":
        return str(bool(traced >> place & 1))
    return f"{fact}_of({values[place]})"


def structure_of(operand: Any) -> Any:
    """The structure of a tree."""
    return flatten(operand)[1]


def shape_of(operand: Any) -> Any:
    """The shape of an array or number; of a tree of them, the tree of shapes."""
    try:
        return operand.shape
    except AttributeError:
        return map_tree(np.shape, operand)
