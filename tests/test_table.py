"""The printed table of derivatives: every row is there, and its formula is the rule's own text."""

import numpy as np
import pytest

import autograd
import nets
from autograd import derivative
from autograd.derivatives.indexing import scatter
from autograd.errors import ArgumentError
from autograd.rules import TABLE
from autograd.table import formula, is_public, name_of, table_text


def words_of(function):
    return [line.split() for line in table_text(function).splitlines()[1:]]


def is_of_library(function):
    """Tests, and the examples in docstrings, write rows of their own."""
    module, code = getattr(function, "__module__", None) or "numpy", getattr(function, "__code__", None)
    return module.startswith(("numpy", "autograd", "_operator")) and "<doctest" not in getattr(code, "co_filename", "")


def test_every_function_of_the_table_is_printed():
    functions = [f for f in TABLE if is_of_library(f)]
    text = table_text(*functions)
    assert all(name_of(TABLE[f].function) in text for f in functions)
    assert "<lambda>" not in text and "a function of" not in text


INTERNAL = {
    "unit", "stopped", "run", "scatter", "cofactors", "join", "pile", "sinc_slope", "to_floats", "to_integers",
    "occurrences", "counted_edges", "_fold",
}  # fmt: skip


def test_the_table_lists_what_users_can_call():
    first_words = {line.split()[0] for line in table_text().splitlines() if line.startswith("    ")}
    named = {word.strip(",") for line in table_text().splitlines() for word in line.split()}
    assert not first_words & INTERNAL and not named & {"unit", "stopped"}
    assert {"relu", "index_add", "np.exp", "operator.getitem", "np.concatenate"} <= first_words
    assert {"np.floor", "np.sign"} <= named
    public = set(autograd.__all__)
    for function in TABLE:
        module = getattr(function, "__module__", None) or ""
        if is_of_library(function) and module.startswith("autograd.derivatives"):
            assert is_public(function) == (function.__name__ in public)


def test_internal_functions_are_printed_when_asked_for():
    assert words_of(scatter.__wrapped__) == [["scatter", "x", "g[index]", "keeps", "index"]]


def test_functions_of_the_user_are_public_unless_their_module_says_otherwise():
    def square(x):
        return x * x

    assert is_public(square) and is_public(np.exp) and not is_public(nets.seeds._fold.__wrapped__)


def test_functions_of_scipy_are_not_called_functions_of_numpy():
    special = pytest.importorskip("autograd.scipy.special")
    assert [name_of(f) for f in (special.gamma, special.i0, np.i0)] == ["gamma", "i0", "np.i0"]


def test_a_function_without_a_row_is_named():
    with pytest.raises(ArgumentError, match=r"sin has no rules.*Pass the function itself: np\.sin"):
        autograd.table("sin")
    with pytest.raises(ArgumentError, match="len has no rules in the table of derivatives"):
        autograd.table(len)


def test_a_line_says_the_formula_and_what_is_kept():
    assert words_of(np.exp) == [["np.exp", "x", "g", "*", "out", "keeps", "out"]]
    assert words_of(np.add) == [["np.add", "x", "g", "keeps", "nothing"], ["np.add", "y", "g", "keeps", "nothing"]]
    assert words_of(np.divide)[1] == ["np.divide", "y", "-g", "*", "out", "/", "y", "keeps", "out,", "y"]
    assert "np.where(out > 0, g, 0)" in table_text(autograd.relu)


def test_slope_zero_and_compositions():
    assert table_text(np.floor) == "Slope zero wherever there is one.\n    np.floor"
    assert "np.average" in table_text(np.average) and "in terms of others" in table_text(np.average)


def test_rules_on_one_line_and_over_several_keep_apart():
    first, second = (lambda g: g), (lambda g: -g)
    long = lambda g, x: (  # noqa: E731
        g
        * np.cos(x)
    )  # fmt: skip
    assert [formula(rule) for rule in (first, second, long)] == ["g", "-g", "g * np.cos(x)"]


def test_a_rule_without_a_source_is_named_by_its_arguments():
    rule = eval("lambda g, x: g * x")
    assert formula(rule) == "a function of g, x"


def test_a_rule_of_the_user_is_printed_too():
    def slope(g, x):
        return 3 * g * x**2

    @derivative(x=slope)
    def cube(x):
        return x**3

    try:
        assert words_of(cube) == [["cube", "x", "slope(g,", "x)", "keeps", "x"]]
    finally:
        del TABLE[cube.__wrapped__]


def test_table_prints(capsys):
    autograd.table(np.tanh)
    assert capsys.readouterr().out == table_text(np.tanh) + "\n"
