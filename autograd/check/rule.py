"""`check_rule`: check a row of the table of derivatives by itself, also for what a gradient does not show.

A rule may give the right gradient and still be a bad rule: it keeps arrays that it does not need, or it writes into the
gradient that it was given, which belongs to others as well.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.check import engine
from autograd.check.check import answer, examine
from autograd.check.finding import RIGHT, WRONG, Settings
from autograd.check.problem import is_floating, pose, signs
from autograd.check.report import Report
from autograd.errors import LostGradientError
from autograd.plans import shape_of, structure_of
from autograd.rules import Row
from autograd.signatures import argument_names, signature_of
from autograd.table import require_row
from autograd.trees import flatten, map_tree


def check_rule(
    function: Callable[..., Any], *args: Any, order: int = 2, seed: int = 0, raise_error: bool = True, **parameters: Any
) -> Report:
    """Check the registered derivative of ``function`` at the call ``function(*args, **parameters)``.

    Checked are the derivatives up to ``order``, with respect to all floats of its operands together and of each alone;
    that no rule writes into the gradient it is given or into what was kept; and that no rule keeps the value of an
    operand or of the output without using it. Arguments that no rule is about are parameters, and left alone.

    Raises `GradientCheckError` when something is wrong, `ArgumentError` when ``function`` has no row in the table.

    >>> import numpy as np
    >>> check_rule(np.multiply, np.array([1.0, 2.0]), np.array([3.0])).verdict
    'right'
    """
    __tracebackhide__ = True  # pytest shows the line of the test alone
    row = require_row(function)
    try:
        report = _check_derivatives(function, row, args, parameters, order, seed)
    except LostGradientError as error:
        if order > 1:
            error.add_note(
                "check_rule also differentiates the rule, which may be the reason; with order=1 it does not."
            )
        raise
    if report and isinstance(row, Row):  # a composition has no rules of its own to misuse
        fault = _misuse(row, args, parameters, seed)
        if fault:
            report = replace(report, verdict=WRONG, reason=fault, operation=row.name)
    return answer(report, raise_error)


def _check_derivatives(
    function: Callable[..., Any], row: Any, args: tuple[Any, ...], parameters: dict[str, Any], order: int, seed: int
) -> Report:
    """The report of all floats together, or of the first argument whose derivative alone is not right.

    A rule may depend on which operands are differentiated.
    """

    def call(*operands: Any) -> Any:
        return function(*operands, **parameters)

    call.__name__ = getattr(function, "__name__", "function")
    call.__signature__ = signature_of(function)  # type: ignore[attr-defined]  # by which the report names the operands
    floats = [i for i, arg in enumerate(args) if _is_operand(row, i) and any(map(is_floating, flatten(arg)[0]))]
    alone = [(i,) for i in floats] if len(floats) > 1 else []
    reports = (examine(pose(call, args, argnum, seed), Settings(), order) for argnum in [tuple(floats), *alone])
    together = next(reports)
    return together if together.verdict != RIGHT else next((one for one in reports if one.verdict != RIGHT), together)


def _is_operand(row: Any, place: int) -> bool:
    """Whether the argument at ``place`` is one that the rules of ``row`` are about."""
    return not isinstance(row, Row) or row.star is not None or row.positional[place] in row.operands


def _misuse(row: Row, args: tuple[Any, ...], parameters: dict[str, Any], seed: int) -> str:
    """The fault of the first rule that writes where it must not or keeps too much; "" when there is none."""
    operands, parameters = row.bind(args, parameters)
    with engine.quiet():
        out = row.call(operands, parameters)
        rng = np.random.default_rng([seed, 4])
        g = map_tree(lambda part: np.asarray(signs(rng, part)).astype(np.asarray(part).dtype)[()], out)
        g = flatten(g)[0] if isinstance(out, (tuple, list)) else g
        for operand, rule in row.rules.items():
            if rule is not None and operand in row.operands[: len(operands)]:
                values = _kept(row, rule, operand, operands, out, parameters)
                fault = _writes(row, operand, rule, g, values) or _keeps(row, operand, rule, g, values, rng)
                if fault:
                    return fault
    return ""


def _kept(
    row: Row, rule: Callable[..., Any], operand: str, operands: list[Any], out: Any, parameters: dict[str, Any]
) -> dict[str, Any]:
    """What the names of a rule stand for when ``operand`` alone is differentiated."""
    known: dict[str, Any] = dict(row.defaults) | parameters | {"out": out}
    for name, value in zip(row.operands, operands, strict=False):
        known |= {name: value, f"{name}_shape": shape_of(value), f"{name}_traced": name == operand}
        known[f"{name}_structure"] = structure_of(value)
    return {name: known[name] for name in argument_names(rule)[1:]}


def _writes(row: Row, operand: str, rule: Callable[..., Any], g: Any, values: dict[str, Any]) -> str:
    """Whether the rule changes its arguments: g reaches other rules as well, and a kept array may be the user's."""
    before = copy.deepcopy({"g": g, **values})
    rule(g, *values.values())
    for name, value in {"g": g, **values}.items():
        if not _equal(before[name], value):
            what = "the gradient g that it is given" if name == "g" else f"its argument {name!r}"
            return f"the rule of {row.name} for {operand!r} writes into {what}. Compute a new array instead: g = g * …"
    return ""


def _keeps(
    row: Row, operand: str, rule: Callable[..., Any], g: Any, values: dict[str, Any], rng: np.random.Generator
) -> str:
    """Whether the rule names an array whose values make no difference: it is then kept in vain."""
    expected = rule(g, *values.values())
    for name in [name for name in values if name == "out" or name in row.operands]:
        if not any(np.size(leaf) and is_floating(leaf) for leaf in flatten(values[name])[0]):
            continue
        others = [{**values, name: map_tree(lambda leaf: _replaced(leaf, rng), values[name])} for _ in range(3)]
        if all(_same_result(rule, g, other, expected) for other in others):
            instead = f"{name}_shape" if name in row.operands else "no out"
            return (
                f"the rule of {row.name} for {operand!r} keeps {name!r} for the backward pass, but its values make no "
                f"difference. Name {instead} instead, or nothing."
            )
    return ""


def _same_result(rule: Callable[..., Any], g: Any, values: dict[str, Any], expected: Any) -> bool:
    try:
        return _equal(rule(g, *values.values()), expected)
    except Exception:  # the values do matter
        return False


def _replaced(leaf: Any, rng: np.random.Generator) -> Any:
    """Other numbers of the same shape and dtype."""
    return np.asarray(signs(rng, leaf) * 3).astype(np.asarray(leaf).dtype)[()] if is_floating(leaf) else leaf


def _equal(a: Any, b: Any) -> bool:
    pairs = zip(flatten(a)[0], flatten(b)[0], strict=True)
    return all(x is y or np.array_equal(np.asarray(x), np.asarray(y), equal_nan=is_floating(x)) for x, y in pairs)
