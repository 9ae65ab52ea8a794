"""``autograd.scipy``: SciPy functions with derivatives. Needs SciPy: ``pip install functional-autograd[scipy]``."""

try:
    import scipy  # noqa: F401
except ImportError as error:
    raise ImportError("autograd.scipy needs SciPy: pip install functional-autograd[scipy]") from error
