"""What a rewritten program may deviate by: each pass is held to a few units in the last place, given identical inputs.

Errors of single steps can grow in what follows, by as much as the drawn program is badly conditioned; so a bound on the
final values would have to be loose, and would excuse a wrong step. Here each value that a pass keeps is computed from
the values that its operands had before the pass, and compared with the value that it had itself.
"""

import numpy as np

from autograd.compiler.optimise import PASSES
from autograd.compiler.passes.dead_code import remove_dead_code
from autograd.program import Variable, apply, bind, substitute
from autograd.trees import flatten, map_tree

#: Their rounding is relative to the sum of the sizes of what they add up.
SUMS = {np.sum, np.mean, np.dot, np.matmul}
ULP = 4
WOBBLES = 6


def check_passes(program, inputs, passes=PASSES, rounds=20):
    """Run the passes as `optimise` does and hold each of them to `ULP`; return the optimised program."""
    program = remove_dead_code(program)
    for _ in range(rounds):
        before = program
        for improve in passes:
            after = improve(program)
            if after is not program:
                check_step(program, after.validate(), inputs, improve.__name__)
            program = after
        if program is before:
            break
    return program


def check_code(program, inputs, run):
    """Hold ``run(*inputs)`` to the results of ``program``, to within a few times of what its rounding may change.

    NumPy's loops round differently for other memory layouts, which compiled code need not keep. How much that matters
    is measured: results are computed again with each intermediate value off by one unit, up or down by chance.
    """
    expected, structure = flatten(program.evaluate(inputs))
    actual, other = flatten(run(*inputs))
    assert structure == other
    rng = np.random.default_rng(0)
    samples = [flatten(wobbling(program, inputs, rng))[0] for _ in range(WOBBLES)]
    for e, a, *wobbled in zip(expected, actual, *samples, strict=True):
        assert type(a) is type(e)
        e, a, w = np.asarray(e), np.asarray(a), np.asarray(wobbled)
        assert (a.dtype, a.shape) == (e.dtype, e.shape)
        with np.errstate(all="ignore"):
            spread = np.max(np.abs(w.astype(float) - e.astype(float)), axis=0, initial=0)
            error = np.where((a == e) | (np.isnan(a) & np.isnan(e)), 0, np.abs(a.astype(float) - e.astype(float)))
            eps = np.finfo(e.dtype).eps if e.dtype.kind == "f" else 0
        assert np.all((error <= ULP * (spread + eps * np.abs(e))) | ~np.isfinite(spread))


def wobbling(program, inputs, rng):
    """The results of ``program`` with every intermediate float off by one unit in the last place."""
    values = dict(zip(program.inputs, inputs, strict=True))
    for equation in program.equations:
        operands = [substitute(operand, values) for operand in equation.operands]
        out = apply(equation.function, operands, substitute(equation.parameters, values))
        bind(equation.output, out, values)
        for variable in equation.outputs:
            if variable.dtype.kind == "f":
                signs = rng.choice([-1.0, 1.0], size=variable.shape).astype(variable.dtype)
                off = np.asarray(values[variable]) * (1 + signs * np.finfo(variable.dtype).eps)
                values[variable] = off.item() if variable.weak else off
    return substitute(program.outputs, values)


def values_of(program, inputs):
    """Every value of a program, by variable."""
    found = program.at(inputs).values
    variables = [*program.inputs, *(v for e in program.equations for v in e.outputs)]
    return {v: found[v.index] for v in variables}


def check_step(before, after, inputs, what):
    """Assert that each value that both programs compute is the same when computed from the values of ``before``."""
    known = values_of(before, inputs)
    values = dict(known)
    for equation in after.equations:
        operands = [substitute(operand, values) for operand in equation.operands]
        parameters = substitute(equation.parameters, values)
        out = apply(equation.function, operands, parameters)
        found = {}
        bind(equation.output, out, found)
        for variable, value in found.items():
            if variable not in known:
                values[variable] = value
                continue
            scale = size_of(equation, operands, parameters) if equation.function in SUMS else 0
            assert_rounded(known[variable], value, scale, f"{what}: {equation.name}")
    for old, new in zip(flatten(before.outputs)[0], flatten(after.outputs)[0], strict=True):
        old, new = (values[leaf] if type(leaf) is Variable else leaf for leaf in (old, new))
        assert_rounded(old, new, 0, f"{what}: the results")


def size_of(equation, operands, parameters):
    """The sum of the sizes of the terms of a sum, as it is computed."""
    return equation.function(*map_tree(np.abs, operands), **parameters)


def assert_rounded(expected, actual, scale, what):
    """Assert that two values agree to `ULP` units in the last place, or else of the ``scale`` of each entry."""
    e, a = np.asarray(expected), np.asarray(actual)
    assert (e.dtype, e.shape, type(expected) is float) == (a.dtype, a.shape, type(actual) is float), what
    if e.dtype.kind not in "fc":
        np.testing.assert_array_equal(a, e, err_msg=what)
        return
    limits = np.finfo(e.dtype)
    with np.errstate(all="ignore"):
        error = np.abs(np.where((a == e) | (np.isnan(a) & np.isnan(e)), 0, a - e))
        allowed = ULP * (limits.eps * np.maximum(np.abs(e), scale) + limits.tiny)
    assert np.all(error <= allowed), f"{what}: {np.max(error / allowed) * ULP:.0f} ulp"
