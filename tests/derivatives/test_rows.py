"""Every function of the table of derivatives has a case, and every case holds.

Where does the test of a new row go? It is a `Case` in the list ``CASES`` of the test module of its chapter: that of
``autograd/derivatives/shape.py`` is ``test_shape.py``, and `TOGETHER` has the chapters that share one. This file finds
it, and holds it to all that `rows` says. What no list can say, an exact value at a corner or the message of an error,
is a test of its own below the list.

``pytest tests/derivatives -k shape/`` runs the cases of one chapter.
"""

import inspect

import pytest
import rows
from referee import Case

from autograd.rules import TABLE, Composition, Row

CASES = [pytest.param(case, id=f"{chapter}/{case}") for chapter, cases in rows.cases().items() for case in cases]
every_case = pytest.mark.parametrize("case", CASES)

#: The first case of each function in each chapter stands for the others, unless there is time (``-m slow``).
FIRST = list({(param.id.partition("/")[0], param.values[0].function): param for param in reversed(CASES)}.values())
OTHERS = [pytest.param(*param.values, id=param.id, marks=pytest.mark.slow) for param in CASES if param not in FIRST]
first_case_of_each_function = pytest.mark.parametrize("case", FIRST)
every_case_slowly = pytest.mark.parametrize("case", FIRST + OTHERS)


@every_case
def test_derivatives(case):
    rows.check_derivatives(case)


@every_case
def test_values(case):
    rows.check_values(case)
    rows.check_values(case, single=True)


@every_case
def test_manners(case):
    rows.check_manners(case)


@every_case_slowly
@pytest.mark.filterwarnings("ignore:The output of:UserWarning")
def test_overwritten(case):
    rows.check_overwritten(case)


@every_case_slowly
def test_layouts(case):
    rows.check_layouts(case)


@every_case_slowly
@pytest.mark.filterwarnings("ignore:The output of:UserWarning")
def test_sizes(case):
    if "test_sizes" in case.excluded:
        pytest.skip(case.excluded["test_sizes"])
    rows.check_sizes(case)


@first_case_of_each_function
@pytest.mark.filterwarnings("ignore:The output of:UserWarning")
def test_third_order(case):
    rows.check_derivatives(case, case.order + 1)


# -------------------------------------------------------------------------------------------------------- completeness

#: Chapters of one kind of function are tested together, by a table of intervals or of axes.
TOGETHER = {
    **dict.fromkeys(["arithmetic", "choice", "exponential", "power", "steps", "trigonometry"], "elementwise"),
    **dict.fromkeys(["product", "reduction", "statistics"], "reduction"),
}


def functions_of(chapter) -> set:
    """The functions that a test module tries or covers, and those without a derivative that it tests otherwise."""
    module = rows.chapters().get(chapter)
    cases = getattr(module, "CASES", [])
    functions = {*getattr(module, "COVERED", ()), *(f for case in cases for f in (case.function, *case.covers))}
    return {getattr(f, "__wrapped__", f) if f not in TABLE else f for f in functions}


def home_of(function) -> str:
    """The full name of the module that holds the row of a function."""
    row = TABLE[function]
    written = row.body if isinstance(row, Composition) else next(rule for rule in row.rules.values() if rule)
    return inspect.unwrap(written).__module__


def is_constant(function) -> bool:
    row = TABLE[function]
    return isinstance(row, Row) and row.constant


def name_of(function) -> str:
    return f"{getattr(function, '__module__', '')}.{getattr(function, '__name__', function)}"


def functions_without_a_case() -> list[str]:
    """What is to be written, and where."""
    missing = []
    for function in (f for f in TABLE if not is_constant(f)):
        home = home_of(function)
        if getattr(function, "__module__", "").startswith("autograd.rules"):  # an example in a docstring
            continue
        chapter = home.rpartition(".")[-1]
        chapter = TOGETHER.get(chapter, chapter)
        if home.startswith(("autograd.derivatives", "autograd.functions", "autograd.rules")):
            missing += [f"{name_of(function)} in test_{chapter}.py"] * (function not in functions_of(chapter))
    return sorted(missing)


def test_every_function_with_a_derivative_has_a_case_in_its_chapter():
    assert functions_without_a_case() == [], "add a Case to the list CASES"


def test_a_function_without_a_case_is_noticed(monkeypatch):
    monkeypatch.delattr(rows.chapters()["fft"], "CASES")
    assert "numpy.fft.rfft2 in test_fft.py" in functions_without_a_case()


def test_tables_hold_cases():
    assert all(isinstance(case, Case) for cases in rows.cases().values() for case in cases)
