"""No function enters the table of derivatives without a row in a test table."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import scipy.special
from referee import Case

import autograd.functions
from autograd.rules import TABLE, Row

FOLDER = Path(__file__).parent


def functions_with_a_case() -> set:
    """The functions that the tables ``CASES`` of all test modules in this folder try or cover.

    Functions without a derivative that a module tests in another way are in its ``COVERED``.
    """
    functions = set()
    for path in sorted(FOLDER.glob("test_*.py")):
        if path.name != Path(__file__).name:
            spec = importlib.util.spec_from_file_location(f"cases_of_{path.stem}", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            for case in getattr(module, "CASES", ()):
                assert isinstance(case, Case), f"{path.name}: CASES holds a {type(case).__name__}"
                functions |= {case.function, *case.covers}
            functions |= set(getattr(module, "COVERED", ()))
    return {getattr(function, "__wrapped__", function) if function not in TABLE else function for function in functions}


def test_every_function_with_a_derivative_has_a_case():
    chapters = ("numpy", "autograd.derivatives", "_operator")
    others = {f for f in vars(scipy.special).values() if isinstance(f, np.ufunc)}  # they name no module
    owned = {f for f in TABLE if getattr(f, "__module__", "numpy").startswith(chapters) and not is_constant(f)} - others
    activations = {getattr(autograd.functions, name).__wrapped__ for name in autograd.functions.__all__}
    missing = sorted(name_of(function) for function in owned - activations - functions_with_a_case())
    assert not missing, f"add a Case for: {', '.join(missing)}"


def is_constant(function) -> bool:
    row = TABLE[function]
    return isinstance(row, Row) and row.constant


def name_of(function) -> str:
    return f"{getattr(function, '__module__', '')}.{getattr(function, '__name__', function)}"


def test_a_function_without_a_case_would_be_noticed():
    with pytest.raises(AssertionError):
        assert not {len} - functions_with_a_case()
