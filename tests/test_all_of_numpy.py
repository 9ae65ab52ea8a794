"""Every public function of NumPy, and every attribute of an array, asked of tensors: right, or refused in words.

A function may be in the table of derivatives or not. Called on tensors it gives what NumPy gives on arrays, as a tensor
where a float depends on them, or raises an `AutogradError`. It never loses a gradient without a word.
"""

import warnings

import numpy as np
import pytest

from autograd import AutogradError, Tensor, grad
from autograd.trees import flatten

VECTOR = np.array([0.3, 1.2, 2.5])
MATRIX = np.array([[0.7, 0.2, 0.1], [0.3, 1.5, 0.4], [0.2, 0.3, 2.5]])

#: Ways to call a function; x is an array or a tensor, a an equal array.
CALLS = {
    "f(x)": lambda f, x, a: f(x),
    "f(x, x)": lambda f, x, a: f(x, x),
    "f(a, x)": lambda f, x, a: f(a, x),
    "f(x, a)": lambda f, x, a: f(x, a),
    "f(x, 1)": lambda f, x, a: f(x, 1),
    "f(1, x)": lambda f, x, a: f(1, x),
    "f(x, [0, 1])": lambda f, x, a: f(x, [0, 1]),
    "f([x, a])": lambda f, x, a: f([x, a]),
    "f(a, a, x)": lambda f, x, a: f(a, a, x),
    "f(x, x, a)": lambda f, x, a: f(x, x, a),
    "f(mask, x)": lambda f, x, a: f(a > 0.35, x),
    "f(mask, a, x)": lambda f, x, a: f(a > 0.35, a, x),
    "f(x, mask)": lambda f, x, a: f(x, a > 0.35),
    "f(number)": lambda f, x, a: f(x[..., 0] if x.ndim == 1 else x[0, 0]),
    "f(np.sum, 0, x)": lambda f, x, a: f(np.sum, 0, x),
    "f(text, x, x)": lambda f, x, a: f("ij,jk", x, x),
}

#: What asks for memory in a way that no tensor can answer (Python says so), or for the type of the object itself; files
#: and settings.
OUTSIDE = {
    "frombuffer", "fromstring", "isscalar", "bmat", "asmatrix", "typename", "test", "info", "save", "savez",
    "savez_compressed", "savetxt", "load", "loadtxt", "fromfile", "fromregex", "genfromtxt", "show_config",
    "show_runtime", "setbufsize", "seterr", "seterrcall", "set_printoptions",
}  # fmt: skip
#: What changes although its slope is zero.
STEPS = {"floor_divide", "nextafter", "round", "around", "rint", "fix", "floor", "ceil", "trunc", "empty_like"}

FUNCTIONS = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in (np, np.linalg, np.fft)
    for name in sorted(dir(module))
    if callable(getattr(module, name)) and not name.startswith("_") and not isinstance(getattr(module, name), type)
    and name not in OUTSIDE
}  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_right_or_refuses_in_words(name):
    function = FUNCTIONS[name]
    for way, call in CALLS.items():
        for x in (VECTOR, MATRIX):
            try:
                expected, elsewhere = (flatten(call(function, y.copy(), x.copy()))[0] for y in (x, x * 1.01))
                kinds = [np.asarray(e).dtype.kind for e in expected]
            except Exception:  # no way to call it
                continue
            if "O" not in kinds:
                hold(call, function, x, expected, elsewhere, f"{name}: {way}")


def hold(call, function, x, expected, elsewhere, what):
    """Call ``function`` on a tensor, and judge what it says."""
    try:
        found = flatten(call(function, Tensor(x), x.copy()))[0]
    except AutogradError:
        return
    assert len(found) == len(expected), what
    for f, e, other in zip(found, expected, elsewhere, strict=True):
        value, e = f.numpy() if isinstance(f, Tensor) else f, np.asarray(e)
        depends = e.dtype.kind in "fc" and not np.array_equal(e, other, equal_nan=True)
        assert isinstance(f, Tensor) or not depends or function.__name__ in STEPS, f"{what} lost its gradient"
        if function.__name__ != "empty_like":
            assert np.shape(value) == e.shape and np.asarray(value).dtype == e.dtype, what
            assert e.dtype.kind not in "biufc" or np.allclose(value, e, equal_nan=True), what


# ------------------------------------------------------------------------------------------------ attributes of arrays

ATTRIBUTES = [name for name in dir(np.ndarray) if not name.startswith("_") and name not in {"dump", "tofile"}]
ATTRIBUTES = [name for name in ATTRIBUTES if hasattr(MATRIX, name)]  # NumPy 2.0 names some that are gone
ARGUMENTS = [(), (0,), (1,), (0, 1), ([0, 2],), (MATRIX,), (MATRIX[0],), (None,), ("f4",), (-1,), ((9,),), (2, MATRIX)]


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_an_attribute_is_that_of_an_array_or_refused_in_words(name):
    attribute = getattr(MATRIX.copy(), name)
    if not callable(attribute):
        return hold_attribute(lambda x: getattr(x, name), attribute)
    for args in ARGUMENTS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                expected = getattr(MATRIX.copy(), name)(*args)
            except Exception:
                continue
            hold_attribute(lambda x, args=args: getattr(x, name)(*args), expected)
    return None


def hold_attribute(call, expected):
    try:
        found = call(Tensor(MATRIX))
    except AutogradError:
        return
    found = found.numpy() if isinstance(found, Tensor) else found
    if isinstance(expected, (np.ndarray, np.generic, int, float)):
        np.testing.assert_array_equal(found, expected)
    else:
        assert flatten(found)[1] == flatten(expected)[1] or type(expected) is np.flatiter


def test_an_attribute_that_only_arrays_have_is_named_with_the_cure():
    with pytest.raises(AttributeError, match=r"tensor has no attribute 'strides'.*t\.numpy\(\)\.strides"):
        grad(lambda x: np.sum(x) * x.strides[0])(VECTOR)
    assert not hasattr(Tensor(VECTOR), "flags")
