"""``autograd.scipy``: SciPy functions with derivatives. Needs SciPy: ``pip install scipy``."""

import importlib
from typing import Any

try:
    import scipy  # noqa: F401
except ImportError as error:
    raise ImportError("autograd.scipy needs SciPy: pip install scipy") from error


def __getattr__(name: str) -> Any:
    if name not in ("integrate", "linalg", "signal", "special", "stats"):
        raise AttributeError(f"module 'autograd.scipy' has no attribute {name!r}")
    return importlib.import_module(f"autograd.scipy.{name}")
