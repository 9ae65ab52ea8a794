"""The registry of derivatives: `derivative`, `linear`, `constant` and `composition` write one row each.

A row gives one rule per operand. *The names in a rule decide what is kept for the backward pass*:

    derivative(np.tanh,   x=lambda g, out: g * (1 - out**2))            keeps the output, not x
    derivative(np.divide, x=lambda g, y: g / y, y=lambda g, out, y: -g * out / y)
    derivative(np.sum,    x=lambda g, x_shape, axis, keepdims: spread(g, x_shape, axis, keepdims))

``g`` is the gradient reaching the output and comes first; ``out`` is the output; the name of an operand is its
value, ``<operand>_shape`` its shape only, ``<operand>_traced`` whether it is differentiated in this call; every other
name is a parameter of the call. Operands are matched to the function's own arguments by name, else by position
(those called x, y, z, and arguments without a name).
``operand=None`` says that nobody differentiates with respect to it.

Names are checked when a row is written, so a misspelling fails at import with the list of legal names.
"""

from __future__ import annotations

import functools
import inspect
import operator
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from autograd.errors import ArgumentError, RuleError, with_article
from autograd.graph import Bundle, Traced
from autograd.plans import Plan, make_plan
from autograd.signatures import (
    EMPTY,
    KEYWORD_ONLY,
    POSITIONAL_ONLY,
    POSITIONAL_OR_KEYWORD,
    VAR_KEYWORD,
    VAR_POSITIONAL,
    Argument,
    argument_names,
    arguments_of,
    signature_of,
)
from autograd.trees import flatten, leaves_like

Rule = Callable[..., Any]

#: The table of derivatives: what the engine knows about each function, by function object.
TABLE: dict[Callable[..., Any], Any] = {}  # a Row or a Composition


class Composition(NamedTuple):
    """A function that is written once in terms of others; calling it on tensors records those."""

    function: Callable[..., Any]
    body: Callable[..., Any]
    short: Mapping[Any, Any] = MappingProxyType({})  # none of its calls takes the short road of `record`

    @property
    def operands(self) -> tuple[str, ...]:
        """The names of the arguments that have no default."""
        return tuple(a.name for a in arguments_of(self.body) if a.default is EMPTY and a.kind <= POSITIONAL_OR_KEYWORD)

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Sort the arguments of a call as the body takes them: ``out``, which it does not take, by its name.

        Raises `ArgumentError` for what the function takes and the body does not.
        """
        taken, behind, keywords = _taken_by(self.function, self.body)
        if len(args) > taken + len(behind):
            raise ArgumentError(
                f"{self.function.__name__} takes at most {taken + len(behind)} positional arguments, "
                f"but {len(args)} were given. Pass the others by name."
            )
        if len(args) > taken:
            kwargs = dict(zip(behind, args[taken:], strict=False)) | kwargs
            args = args[:taken]
        for given in kwargs:
            if keywords is not None and given not in keywords and given != "out":
                name = self.function.__name__
                raise ArgumentError(
                    f"{name}(…, {given}=…) is not recorded: of a tensor, {name} takes {', '.join(sorted(keywords))}. "
                    f"Leave {given}= away and say it with other calls, for example np.where for where=."
                )
        return args, kwargs


@functools.cache
def _taken_by(function: Callable[..., Any], body: Callable[..., Any]) -> tuple[int, list[str], set[str] | None]:
    """How many arguments ``body`` takes by position, how ``function`` calls those behind, and what keywords it takes.

    None stands for all keywords.
    """
    own, by_position = arguments_of(body), (POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD)
    kinds = [argument.kind for argument in own]
    taken = sys.maxsize if VAR_POSITIONAL in kinds else sum(kind in by_position for kind in kinds)
    behind = [argument.name for argument in arguments_of(function) if argument.kind in by_position][taken:]
    return taken, behind, None if VAR_KEYWORD in kinds else {argument.name for argument in own}


class Row:
    """One row of the table: a function, its operands and their rules.

    ``elementwise`` functions broadcast, and the sweep undoes it; ``linear`` ones push tangents forward as themselves;
    ``trees`` holds the positions of operands that are sequences or trees of arrays; the derivative of ``constant`` rows
    is zero.
    """

    #: ``push(tangents, out, values, parameters)`` returns the tangent of the output, where that is known by another way
    #: than the rules; ``tangents`` holds None for operands that stand still, and a list by leaf for a tree.
    push: Callable[..., Any] | None = None
    #: ``misfit(values)`` says why the operands of a failed call do not fit, as ``(fault, cure)``, or None.
    misfit: Callable[[Any], tuple[str, str] | None] | None = None

    def __init__(
        self,
        function: Callable[..., Any],
        rules: dict[str, Rule | None],
        *,
        linear: bool = False,
        trees: tuple[str, ...] = (),
    ) -> None:
        self.function = function
        self.name = getattr(function, "__name__", None) or repr(function)
        self._check_kinds(rules, trees)
        self.linear = linear
        self.operands = tuple(rules)
        self.arity = len(rules)
        self.elementwise = function is np.where or (isinstance(function, np.ufunc) and function.signature is None)
        self.constant = not any(rules.values())
        self._read_arguments(arguments_of(function))
        self.trees = frozenset(self.operands.index(name) for name in trees)
        self.plans: dict[int, Plan | None] = {}
        self.short: dict[tuple[type, ...], Callable[..., Any]] = {}  # `Plan.call` by the types of the operands
        legal = self._legal_names()
        for operand, rule in rules.items():
            if rule is not None:
                self._check_names(operand, rule, legal)
        self.rules = {
            name: self._bundling(name, rule) if rule is not None and name in trees else rule
            for name, rule in rules.items()
        }

    def _read_arguments(self, arguments: list[Argument]) -> None:
        named = [argument for argument in arguments if argument.kind is not VAR_KEYWORD]
        by_position = [name for name, kind, _ in named if kind is POSITIONAL_ONLY or kind is POSITIONAL_OR_KEYWORD]
        self.own = self._own_names(named, by_position)
        self.canonical = {theirs: ours for ours, theirs in self.own.items()}
        self.positional = [self.canonical.get(name, name) for name in by_position]
        self.star = next((name for name, kind, _ in named if kind is VAR_POSITIONAL), None)
        self.defaults = {
            self.canonical.get(name, name): None if default is np._NoValue else default
            for name, kind, default in named
            if kind is not VAR_POSITIONAL
        }
        self.optional = {name for name in self.operands if self.defaults.get(name, EMPTY) is not EMPTY}
        self.legal_parameters = [name for name in self.defaults if name not in self.operands]
        self.by_position = [name for name, kind, _ in named if kind is POSITIONAL_ONLY and name not in self.canonical]
        self.plain = self.star is None and self.positional[: len(self.operands)] == list(self.operands)

    def _own_names(self, named: list[Argument], by_position: list[str]) -> dict[str, str]:
        """What the function itself calls each operand: the same, or the name of the argument in its place.

        NumPy calls one and the same thing a, m, val, arr, …; rows may say x, y, z instead, each in its own place. Any
        other name is misspelt, unless the argument has no public name at all.
        """
        own = {}
        names = [argument.name for argument in named]
        for position, operand in enumerate(self.operands):
            free = position < len(by_position) and by_position[position] not in self.operands
            if operand in names:
                own[operand] = operand
            elif free and (operand == "xyz"[position : position + 1] or named[position].kind is POSITIONAL_ONLY):
                own[operand] = by_position[position]
            else:
                call = f"{self.name}{signature_of(self.function)}"
                raise RuleError(
                    f"{self.name} has no argument for the operand {operand!r}; its signature is {call}. "
                    "Name it as the function does."
                )
        return own

    def _check_kinds(self, rules: dict[str, Rule | None], trees: tuple[str, ...]) -> None:
        if not callable(self.function):
            raise RuleError(f"A row of the table belongs to a function, and {self.name} is none.")
        for operand, rule in rules.items():
            if rule is not None and not callable(rule):
                raise RuleError(
                    f"The rule of {self.name} for {operand!r} is {with_article(type(rule))}. A rule is a function "
                    f"(g, …) -> ∂L/∂{operand}, or None where nobody differentiates."
                )
        strangers = [name for name in trees if name not in rules]
        if isinstance(trees, str) or strangers:
            raise RuleError(
                f"trees={trees!r} of {self.name} must be a tuple of operands that have a rule: among {tuple(rules)}."
            )

    def _legal_names(self) -> dict[str, None]:
        """What a rule may name beside g, in the order in which an error lists it."""
        facts = [f"{name}_{fact}" for fact in ("shape", "traced") for name in self.operands]
        return dict.fromkeys(["out", *self.operands, *facts, *self.legal_parameters])

    def _check_names(self, operand: str, rule: Rule, legal: dict[str, None]) -> None:
        arguments = arguments_of(rule)
        names = [argument.name for argument in arguments]
        wrong = [name for name in names[1:] if name not in legal]
        by_keyword = [argument.name for argument in arguments if argument.kind is KEYWORD_ONLY]
        if names[:1] != ["g"] or wrong or by_keyword:
            fault = f"names {', '.join(wrong)}" if wrong else "does not take g first"
            fault = f"takes {', '.join(by_keyword)} by keyword only" if by_keyword else fault
            raise RuleError(
                f"The rule of {self.name} for {operand!r} {fault}. The first argument is g, the gradient reaching "
                f"the output; the others are among: {', '.join(legal)}."
            )

    def _bundling(self, operand: str, rule: Rule) -> Rule:
        """The rule of an operand that is a tree: its gradients travel as one `Bundle`, in the order of its leaves."""

        @functools.wraps(rule)
        def bundled(*kept: Any) -> Bundle | None:
            *named, structure = kept
            gradients = rule(*named)
            if gradients is None:
                return None
            try:
                return Bundle(leaves_like(structure, gradients, operand))
            except ArgumentError as error:
                fault = f"The rule of {self.name} for {operand!r} returned a tree of another structure"
                raise RuleError(f"{fault}: {error}") from error

        names = [*argument_names(rule), f"{operand}_structure"]
        by_position = inspect.Parameter.POSITIONAL_OR_KEYWORD
        bundled.__signature__ = inspect.Signature([inspect.Parameter(name, by_position) for name in names])  # type: ignore[attr-defined]
        return bundled

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Sort the arguments of a call into operands (by position) and parameters (by name)."""
        if self.plain and not kwargs and len(args) <= len(self.operands):  # as most calls
            return list(args), {}
        if self.star is not None:
            given = {self.canonical.get(self.star, self.star): args}
        elif len(args) > len(self.positional):
            raise ArgumentError(
                f"{self.name} takes at most {len(self.positional)} positional arguments "
                f"({', '.join(self.positional)}), but {len(args)} were given."
            )
        else:
            given = dict(zip(self.positional, args, strict=False))
        for name, value in kwargs.items():
            name = self.canonical.get(name, name)
            if name in given:
                raise ArgumentError(f"{self.name} got two values for its argument {name!r}. Pass it once.")
            given[name] = value
        last = max((i for i, name in enumerate(self.operands) if name in given), default=-1)
        operands = []
        for name in self.operands[: last + 1]:
            value = given.pop(name, self.defaults.get(name))
            if value is EMPTY:
                raise ArgumentError(f"{self.name} is missing its argument {name!r}.")
            operands.append(value)
        return operands, given

    def call(self, operands: list[Any], parameters: dict[str, Any]) -> Any:
        """Call the function on ``operands``, whatever way it takes them."""
        if self.plain:
            if parameters and self.by_position:
                named = dict(parameters)
                behind = [named.pop(name) for name in self.by_position if name in named]
                return self.function(*operands, *behind, **named)
            return self.function(*operands, **parameters)
        if self.star is not None:
            return self.function(*operands[0], **parameters)
        named = {self.own[name]: value for name, value in zip(self.operands, operands, strict=False)} | parameters
        leading = []
        for name in self.positional:
            theirs = self.own.get(name, name)
            if theirs not in named:
                break
            leading.append(named.pop(theirs))
        return self.function(*leading, **named)

    def plan(self, traced: int) -> Plan | None:
        """The plan when the operands in the bit set ``traced`` are traced; None when no derivative is wanted."""
        if traced not in self.plans:
            self.plans[traced] = make_plan(self, traced)
        return self.plans[traced]


def derivative(
    function: Callable[..., Any] | None = None, /, *, trees: tuple[str, ...] = (), **rules: Rule | None
) -> Any:
    """Register the derivative of ``function``: one rule ``(g, …) -> ∂L/∂operand`` per operand, where g = ∂L/∂out.

    Works as a call and as a decorator. A function that NumPy dispatches is returned as it is; any other function
    is returned wrapped, so that it records itself when an operand is traced. Operands named in ``trees`` are
    sequences or trees of arrays, and their rules return trees of gradients.

    Raises `RuleError` when a rule names something that the call does not have.

    >>> @derivative(x=lambda g, x: g * 3 * x**2)
    ... def cube(x):
    ...     return x**3
    """
    return _register(function, rules, linear=False, trees=trees)


def linear(*functions: Callable[..., Any], trees: tuple[str, ...] = (), **rules: Rule | None) -> Any:
    """Register functions that are linear in their operands: each rule is the transpose, ``g -> Aᵀ g``.

    A tangent is pushed forward through the function itself. A ufunc without a rule is its own transpose; any other
    function without a rule is recorded call by call, and transposes as what it is made of.

    >>> @linear(x=lambda g: 3 * g)
    ... def triple(x):
    ...     return 3 * x
    """
    if not functions:
        return lambda decorated: linear(decorated, trees=trees, **rules)
    for function in functions:
        own = rules or ({"x": _its_own_transpose(function)} if isinstance(function, np.ufunc) else {})
        if not own and not _dispatches(function):
            registered = composition(function)(function)
        else:
            registered = _register(function, own, linear=True, trees=trees)
    return registered


def _its_own_transpose(function: Callable[..., Any]) -> Rule:
    return lambda g: function(g)


def constant(*functions: Callable[..., Any]) -> Any:
    """Register functions whose derivative is zero wherever it exists: comparisons, rounding, ``argmax``.

    Works as a decorator too, and returns the (last) function as `derivative` does.

    >>> constant(np.floor) is np.floor
    True
    """
    for function in functions:
        arguments = [argument for argument in arguments_of(function) if _may_be_traced(argument)][:2]
        star = tuple(argument.name for argument in arguments if argument.kind is VAR_POSITIONAL)
        registered = _write_row(function, {argument.name: None for argument in arguments}, trees=star)
    return registered


def _may_be_traced(argument: Argument) -> bool:
    """Of a constant function, those without a default."""
    return argument.default is EMPTY and argument.kind is not VAR_KEYWORD


def composition(function: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a body that says ``function`` in terms of other functions; tensors then go through the body."""

    def write(body: Callable[..., Any]) -> Callable[..., Any]:
        TABLE[function] = Composition(function, body)
        return body

    return write


def _register(function: Callable[..., Any] | None, rules: dict[str, Rule | None], **options: Any) -> Any:
    if function is None:
        return lambda decorated: _register(decorated, rules, **options)
    if not rules:
        raise RuleError(f"{function.__name__} needs a rule for at least one operand: derivative(f, x=lambda g: …).")
    return _write_row(function, rules, **options)


def _write_row(function: Callable[..., Any], rules: dict[str, Rule | None], **options: Any) -> Any:
    row = TABLE[function] = Row(function, rules, **options)
    if not _dispatches(function):
        row.function = recorder(function)  # so that a call on values that are traced at a lower level records there too
    return row.function


def _dispatches(function: Callable[..., Any]) -> bool:
    """Whether ``function`` hands traced operands to their recording by itself: functions of NumPy, operators."""
    by_itself = isinstance(function, np.ufunc) or type(function) is type(np.dot) or hasattr(function, "_implementation")
    return by_itself or getattr(function, "__module__", None) == operator.getitem.__module__


def recorder(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` so that a traced operand records the call: it joins NumPy's own dispatch protocol."""
    row = TABLE[function]
    nested = isinstance(row, Row) and bool(row.trees)

    @functools.wraps(function)
    def recording(*args: Any, **kwargs: Any) -> Any:
        for operand in args:
            if isinstance(operand, Traced):
                return operand.__array_function__(function, (), args, kwargs)
        if nested or kwargs:
            for operand in flatten((args, kwargs))[0]:
                if isinstance(operand, Traced):
                    return operand.__array_function__(function, (), args, kwargs)
        return function(*args, **kwargs)

    return recording
