"""Every function of the table of derivatives has a case, and every case holds.

Where does the test of a new row go? It is a `Case` in the list ``CASES`` of the test module of its chapter: that of
``autograd/derivatives/shape.py`` is ``test_shape.py``. This file finds it, and holds it to all that `rows` says. What
no list can say, an exact value at a corner or the message of an error, is a test of its own below the list.

``pytest tests/derivatives -k shape/`` runs the cases of one chapter.
"""

import numpy as np
import pytest
import rows
import scipy.special
from referee import Case

from autograd.rules import TABLE, Row

CASES = [pytest.param(case, id=f"{chapter}/{case}") for chapter, cases in rows.cases().items() for case in cases]
every_case = pytest.mark.parametrize("case", CASES)


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


# -------------------------------------------------------------------------------------------------------- completeness


def functions_with_a_case() -> set:
    """The functions that the tables try or cover, and those without a derivative that are tested in another way."""
    functions = {f for cases in rows.cases().values() for case in cases for f in (case.function, *case.covers)}
    functions.update(*(getattr(module, "COVERED", ()) for module in rows.chapters().values()))
    return {getattr(f, "__wrapped__", f) if f not in TABLE else f for f in functions}


def test_every_function_with_a_derivative_has_a_case():
    chapters = ("numpy", "autograd.derivatives", "autograd.functions", "_operator")
    others = {f for f in vars(scipy.special).values() if isinstance(f, np.ufunc)}  # they name no module
    owned = {f for f in TABLE if getattr(f, "__module__", "numpy").startswith(chapters) and not is_constant(f)} - others
    missing = sorted(name_of(function) for function in owned - functions_with_a_case())
    assert not missing, f"add a Case for: {', '.join(missing)}"


def is_constant(function) -> bool:
    row = TABLE[function]
    return isinstance(row, Row) and row.constant


def name_of(function) -> str:
    return f"{getattr(function, '__module__', '')}.{getattr(function, '__name__', function)}"


def test_a_function_without_a_case_would_be_noticed():
    with pytest.raises(AssertionError):
        assert not {len} - functions_with_a_case()


def test_tables_hold_cases():
    assert len(rows.cases()) > 20
    for chapter, cases in rows.cases().items():
        assert all(isinstance(case, Case) for case in cases), f"CASES of test_{chapter}.py"
