"""Ways out of a recording: what Python, its library and NumPy do with a tensor keeps the gradient, or says why not."""

import copy
import decimal
import functools
import io
import itertools
import json
import math
import operator
import pickle
import random
import statistics
import sys

import numpy as np
import pytest

from autograd import AutogradError, Tensor, check_gradients, grad, jit, make_jvp, make_vjp

V = np.array([3.0, 1.0, 2.0])
S = np.float64(1.5)


def first_of_a_match(t):
    match t:
        case [first, *_]:
            return first
        case _:
            return 2 * t


def value_of_a_match(t):
    match t:
        case 1.5:
            return 10 * t
        case _:
            return 20 * t


#: What works as it does on arrays, in value and gradient.
KEEPING = {
    "sorted": (lambda t: sorted(t)[0], V),
    "sorted by key": (lambda t: sorted(t, key=lambda entry: -entry)[0], V),
    "max": (lambda t: max(t), V),
    "min by key": (lambda t: min(t, key=abs), V),
    "max of numbers": (lambda t: max(t, 1.0), S),
    "sum": (lambda t: sum(t), V),
    "median": (lambda t: statistics.median(t), V),
    "math.prod": (lambda t: math.prod(t), V),
    "random.choice": (lambda t: random.Random(0).choice(t), V),
    "accumulate": (lambda t: list(itertools.accumulate(t))[-1], V),
    "reduce": (lambda t: functools.reduce(operator.mul, t), V),
    "reversed": (lambda t: next(reversed(t)), V),
    "zip": (lambda t: sum(a * b for a, b in zip(t, t, strict=True)), V),
    "filter": (lambda t: sum(filter(lambda entry: entry > 1, t)), V),
    "unpacking": (lambda t: (lambda a, b, c: a * b - c)(*t), V),
    "flat": (lambda t: sum(entry for entry in t.flat), V),
    "ndindex": (lambda t: sum(t[i] for i in np.ndindex(t.shape)), V),
    "in": (lambda t: t * (1.0 in t), V),
    "not in": (lambda t: t * (9.0 not in t), V),
    "in a list": (lambda t: t * (t in [1.0, 1.5]), S),
    "chained comparison": (lambda t: t if 0 < t < 2 else 2 * t, S),
    "comparison of arrays": (lambda t: t * np.all((t > 0) & (t < 2)) + t, V),
    "is None": (lambda t: 2 * t if t is None else t, V),
    "== None": (lambda t: 2 * t if t == None else t, S),  # noqa: E711
    "match of a number": (value_of_a_match, S),
    "match of a sequence": (first_of_a_match, V),
    "copy": (lambda t: 2 * copy.copy(t), V),
    "deepcopy": (lambda t: 2 * copy.deepcopy(t), V),
    "deepcopy of a tree": (lambda t: 2 * copy.deepcopy({"t": [t]})["t"][0], V),
    "format": (lambda t: t * len(f"{t:.3f}"), S),
    "abs and pow": (lambda t: abs(t) + pow(t, 2), V),
    "divmod": (lambda t: divmod(t, 0.7)[1], V),
    "astype of a float": (lambda t: t.astype(np.float64), V),
    "fromfunction": (lambda t: np.fromfunction(lambda i: t[0] * i, (3,)), V),
}


@pytest.mark.parametrize("name", KEEPING)
def test_what_works_on_arrays_works_on_tensors(name):
    call, x = KEEPING[name]
    np.testing.assert_allclose(call(Tensor(x)).numpy(), call(x))
    np.testing.assert_allclose(make_jvp(call)(x)(x)[0], call(x))
    assert check_gradients(lambda t: np.sum(call(t)), x).verdict == "right"


#: What has slope zero: steps.
STEPS = {
    "round": (lambda t: round(t), S),
    "round to one digit": (lambda t: round(t, 1), S),
    "astype(int)": (lambda t: t.astype(int) * 1.0, V),
    "astype(bool)": (lambda t: t.astype(bool) * 1.0, V),
}


@pytest.mark.parametrize("name", STEPS)
def test_steps_have_slope_zero_and_say_so(name):
    call, x = STEPS[name]
    np.testing.assert_array_equal(call(Tensor(x)), call(x))
    with pytest.warns(UserWarning, match="does not depend on the differentiated argument"):
        np.testing.assert_array_equal(grad(lambda t: np.sum(call(t)))(x), np.zeros_like(x))


#: What takes plain arrays or numbers alone. Those without a hook for us are told by NumPy or Python outside transforms.
LEAVING = {
    "float": (lambda t: float(t), S),
    "complex": (lambda t: complex(t), S),
    "math.sqrt": (lambda t: math.sqrt(t), S),
    "math.floor": (lambda t: math.floor(t), S),
    "math.isclose": (lambda t: math.isclose(t, 1.5), S),
    "math.fsum": (lambda t: math.fsum(t), V),
    "math.dist": (lambda t: math.dist(t, V), V),
    "statistics.mean": (lambda t: statistics.mean(t), V),
    "statistics.stdev": (lambda t: statistics.stdev(t), V),
    "percent": (lambda t: "%.3f" % t, S),  # noqa: UP031
    "format of an array": (lambda t: f"{t:.3f}", V),
    "np.array of a list": (lambda t: np.array(list(t)), V),
    "np.ndenumerate": (lambda t: sum(entry for _, entry in np.ndenumerate(t)), V),
    "np.broadcast": (lambda t: list(np.broadcast(t, V)), V),
    "np.vectorize": (lambda t: np.vectorize(lambda entry: 2 * entry)(t), V),
    "np.frompyfunc": (lambda t: np.frompyfunc(lambda entry: 2 * entry, 1, 1)(t), V),
    "permutation": (lambda t: np.random.default_rng(0).permutation(t), V),
    "shuffle": (lambda t: random.Random(0).shuffle(t), V),
    "normal": (lambda t: np.random.default_rng(0).normal(t), V),
    "tolist": (lambda t: t.tolist(), V),
    "tobytes": (lambda t: t.tobytes(), V),
    "bytes": (lambda t: bytes(t), V),
    "range": (lambda t: range(t), S),
    "index": (lambda t: [1, 2, 3][t], S),
    "bool of many": (lambda t: 2 * t if t else t, V),
    "np.array2string": (lambda t: np.array2string(t), V),
    "np.save": (lambda t: np.save(io.BytesIO(), t), V),
    "np.savetxt": (lambda t: np.savetxt(io.StringIO(), t), V),
    "np.ma.array": (lambda t: np.ma.array(t), V),
    "Polynomial": (lambda t: np.polynomial.Polynomial(t)(2.0), V),
}
WITHOUT_A_HOOK = {
    "np.nditer": (lambda t: sum(entry * 2.0 for entry in np.nditer(t)), V),
    "np.nditer of two": (lambda t: sum(a * b for a, b in np.nditer([t, V])), V),
    "np.fromiter": (lambda t: np.fromiter(t, float), V),
    "memoryview": (lambda t: memoryview(t), V),
    "np.frombuffer": (lambda t: np.frombuffer(t), V),
    "json": (lambda t: json.dumps(t), S),
    "Decimal": (lambda t: decimal.Decimal(t), S),
}
CURE = r"t\.numpy\(\)|np\.\w+|register|Return the value|static_argnames"


@pytest.mark.parametrize("name", [*LEAVING, *WITHOUT_A_HOOK])
def test_no_gradient_leaves_silently(name):
    call, x = (LEAVING | WITHOUT_A_HOOK)[name]
    ways = {
        "grad": lambda: grad(lambda t: np.sum(call(t)))(x),
        "grad of grad": lambda: grad(lambda t: np.sum(grad(lambda u: np.sum(call(u)))(t)))(x),
        "vjp": lambda: make_vjp(call)(x),
        "jvp": lambda: make_jvp(call)(x)(x),
        "jit": lambda: jit(call)(x),
    }
    for way, run in ways.items():
        with pytest.raises(AutogradError, match=CURE):
            run()
            pytest.fail(f"{way} let it pass")
    if name in LEAVING:
        with pytest.raises(AutogradError, match=CURE):
            call(Tensor(x))
    else:
        with pytest.raises((TypeError, ValueError)):
            call(Tensor(x))


def test_pickles_of_tensors_made_by_hand_are_leaves():
    t = pickle.loads(pickle.dumps(Tensor(V, name="t") * 1.0))
    np.testing.assert_array_equal(t.numpy(), V)
    with pytest.raises(AutogradError, match="Pickling of a tensor"):
        grad(lambda t: np.sum(pickle.loads(pickle.dumps(t))))(V)


def test_tensors_are_hashed_by_identity():
    t = Tensor(S)
    assert len({t, t}) == 1 and len({t, Tensor(S)}) == 2 and {t: 1}[t] == 1
    with pytest.raises(KeyError):
        {1.5: "number"}[t]


def test_one_entry_is_read_by_its_index():
    assert Tensor(V).item(1) == 1.0 and Tensor(V.reshape(3, 1)).item(2, 0) == 2.0 and Tensor(S).item() == 1.5


def test_bool_of_many_says_what_to_write():
    with pytest.raises(ValueError, match=r"bool\(\) of a tensor of shape \(3,\).*np.any\(t\).*'t is None'"):
        bool(Tensor(V))
    assert Tensor(S) and not Tensor(0.0)


def test_operators_have_names_in_errors_of_python():
    with pytest.raises(TypeError, match=r"^Tensor.power\(\)"):
        pow(Tensor(S), 2, 3)


def test_an_error_of_the_user_about_tensors_keeps_its_words():
    def picky(t):
        raise TypeError("I take no Tensor")

    with pytest.raises(AutogradError, match=r"I take no Tensor.*t\.numpy\(\)") as caught:
        grad(picky)(V)
    assert type(caught.value.__cause__) is TypeError


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python asks for buffers from 3.12 on (PEP 688)")
def test_a_buffer_is_refused_outside_of_transforms_too():
    with pytest.raises(AutogradError, match="memoryview"):
        memoryview(Tensor(V))


def test_compiled_functions_keep_no_texts_and_no_effects():
    for call in (np.array2string, lambda t: np.save(io.BytesIO(), t), lambda t: np.frompyfunc(float, 1, 1)(t)):
        with pytest.raises(AutogradError, match=r"whose result is no array of numbers, at .*Return the value"):
            jit(lambda t: call(t))(V)  # noqa: B023
