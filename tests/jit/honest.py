"""What a rewritten program may deviate by: each pass is held to a few units in the last place, given identical inputs.

Errors of single steps can grow in what follows, by as much as the drawn program is badly conditioned; so a bound on the
final values would have to be loose, and would excuse a wrong step. Here each value that a pass keeps is computed from
the values that its operands had before the pass, and compared with the value that it had itself.
"""

import numpy as np

from autograd.jit.optimise import PASSES
from autograd.jit.passes.dead_code import remove_dead_code
from autograd.program import Variable, apply, bind, substitute
from autograd.trees import flatten, map_tree

#: Their rounding is relative to the sum of the sizes of what they add up.
SUMS = {np.sum, np.mean, np.dot, np.matmul}
ULP = 4


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
