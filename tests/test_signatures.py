"""The arguments of functions are read as `inspect` reads them, and written down where nobody can."""

import functools
import inspect
import operator

import numpy as np
import pytest

from autograd import jit
from autograd.rules import TABLE
from autograd.signatures import UNSIGNED, arguments_of, signature_of


def read_by_inspect(function):
    return [(p.name, p.kind, p.default) for p in inspect.signature(function).parameters.values()]


def first_and_rest(first, /, second=2, *rest):
    """By position alone, with a default, and any number."""


def keywords(x, *, scale, shift=0.0, **others):
    """By keyword alone, with and without a default, and any others."""


def everything(a, b=1, /, c=2, *rest, d, e=3, **more):
    """One of each kind."""


@functools.wraps(everything)
def wrapped(*args):
    """It says that it takes what `everything` takes."""


def declared(*args):
    """It declares what it takes."""


declared.__signature__ = inspect.signature(first_and_rest)


class WithMethods:
    """Methods, plain and behind decorators, of instances and of the class."""

    def plain(self, x, y=1):
        """As it is written."""

    wrapped = functools.wraps(plain)(lambda *args: None)
    compiled = jit(plain)
    of_class = classmethod(wrapped)
    of_nobody = staticmethod(wrapped)
    __call__ = wrapped


FUNCTIONS = [
    first_and_rest,
    keywords,
    everything,
    wrapped,
    declared,
    lambda: None,
    functools.partial(keywords, scale=2),
]
FUNCTIONS += [str.split, "a b".split, read_by_inspect, print, functools.wraps(declared)(lambda *args: None)]
FUNCTIONS += [getattr(WithMethods(), name) for name in ("plain", "wrapped", "compiled", "of_class", "of_nobody")]
FUNCTIONS += [WithMethods.wrapped, WithMethods, WithMethods(), functools.partial(WithMethods().wrapped, 1)]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: getattr(function, "__name__", "partial"))
def test_arguments_are_those_that_inspect_finds(function):
    assert arguments_of(function) == read_by_inspect(function)


def test_arguments_of_the_table_are_those_that_inspect_finds():
    written_in_c = {*UNSIGNED, *(f.__name__ for f in TABLE if isinstance(f, np.ufunc))}
    for function in TABLE:
        if function.__name__ not in written_in_c and hasattr(inspect.unwrap(function), "__code__"):
            assert arguments_of(function) == read_by_inspect(function), function


@pytest.mark.parametrize("name", sorted(UNSIGNED))
def test_written_arguments_agree_with_numpy_where_it_has_them(name):
    function = operator.getitem if name == "getitem" else getattr(np, name)
    try:
        own = list(inspect.signature(function).parameters)
    except ValueError:
        pytest.skip("this NumPy keeps the signature to itself")
    own = ["start" if argument == "start_or_stop" else argument for argument in own]  # arange, since NumPy 2.4
    written = [argument.name for argument in arguments_of(function)]
    assert written == [argument for argument in own if argument not in ("like", "device")]


def test_arguments_of_ufuncs():
    assert list(signature_of(np.exp).parameters)[:2] == ["x", "out"]
    assert list(signature_of(np.add).parameters)[:3] == ["x1", "x2", "out"]
    assert {"axes", "axis", "keepdims"} <= set(signature_of(np.matmul).parameters)


class WrittenInC:
    """A callable that keeps its signature to itself, as functions of NumPy did before 2.4."""

    @property
    def __signature__(self):
        raise ValueError("no signature found")

    def __call__(self):
        raise AssertionError


def test_a_function_that_nobody_knows_takes_anything():
    kinds = [argument.kind for argument in arguments_of(WrittenInC())]
    assert kinds == [inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD]
