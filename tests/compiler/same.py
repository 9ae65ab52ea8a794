"""What "jit equals eager" means: the same trees, types, shapes, dtypes, and values to a few units in the last place."""

import functools

import numpy as np

from autograd import jit
from autograd.trees import flatten


def assert_same(expected, actual, ulp=4, entries=False):
    """Values agree to ``ulp`` units in the last place: of each entry, or else of the largest entry of its array."""
    expected, structure = flatten(expected)
    actual, other = flatten(actual)
    assert other == structure
    for e, a in zip(expected, actual, strict=True):
        assert type(a) is type(e)
        if isinstance(e, (np.ndarray, np.generic, float, int, complex)):
            assert_close(np.asarray(e), np.asarray(a), ulp, entries)
        else:
            assert a == e


assert_identical = functools.partial(assert_same, ulp=0)


def assert_close(e, a, ulp, entries):
    """Assert that two arrays agree in dtype, shape, and to within rounding in value."""
    assert (a.dtype, a.shape) == (e.dtype, e.shape)
    if e.dtype.kind in "fc":
        eps = np.finfo(e.dtype).eps
        scale = 0 if entries else np.max(np.abs(e), initial=0, where=np.isfinite(e))
        tiny = np.finfo(e.dtype).tiny
        np.testing.assert_allclose(a, e, rtol=ulp * eps, atol=ulp * eps * scale + ulp * tiny)
    else:
        np.testing.assert_array_equal(a, e)


def assert_jit_is_eager(fun, *args, **kwargs):
    """Compare eager with the first and the second compiled call and with the source in a namespace of its own."""
    expected = fun(*args, **kwargs)
    compiled = jit(fun)
    assert_same(expected, compiled(*args, **kwargs))
    assert_same(expected, compiled(*args, **kwargs))
    assert_same(expected, run_source(compiled.source(*args, **kwargs), *args, **kwargs))
    return compiled


def run_source(source, *args, **kwargs):
    """Run emitted source where there is nothing but Python."""
    assert "autograd" not in source
    namespace = {}
    exec(compile(source, "<emitted>", "exec"), namespace)
    last = [value for value in namespace.values() if callable(value)][-1]
    return last(*args, **kwargs)
