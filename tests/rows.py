"""The rows of the test tables: where they are, and what every one of them is held to.

A chapter's test module declares a list ``CASES``. Each `Case` must have the derivatives that `referee` finds; its
values and dtypes must be NumPy's; nothing that the user passed is changed, and no gradient shares memory with anything.
Operands may lie in memory in any way, and have one entry, none, or be numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from referee import Case, check, outputs

from autograd import Tensor, grad
from autograd.errors import LostGradientError

TESTS = Path(__file__).parent


def chapters() -> dict[str, ModuleType]:
    """The test modules of the table of derivatives, by the name of their chapter: ``{"calculus": …}``."""
    paths = [path for path in sorted(TESTS.glob("derivatives/test_*.py")) if path.stem != "test_rows"]
    chapters = {path.stem.removeprefix("test_"): import_module(f"derivatives.{path.stem}") for path in paths}
    return chapters | {"functions": import_module("test_functions")}


def cases() -> dict[str, list[Case]]:
    """The rows of each chapter that has any."""
    return {name: module.CASES for name, module in chapters().items() if hasattr(module, "CASES")}


def check_derivatives(case: Case, order: int | None = None) -> None:
    """Assert that the derivatives agree with differences, in both modes, from the first order to that of the case."""
    check(case.call, case.operands, order or case.order)


def check_values(case: Case, single: bool = False) -> None:
    """Assert that a recorded call gives what NumPy gives, and of its dtype."""
    operands = [_single(x) if single else x for x in case.operands]
    expected = outputs(case.call(*operands))
    found = outputs(case.call(*[Tensor(x) if np.asarray(x).dtype.kind in "fc" else x for x in operands]))
    assert len(found) == len(expected)
    tolerance = 1e-5 if single else 1e-13
    for e, f in zip(expected, found, strict=True):
        assert isinstance(f, Tensor), "the recording was lost"
        assert f.dtype == np.asarray(e).dtype
        np.testing.assert_allclose(f.numpy(), e, rtol=tolerance, atol=tolerance, strict=True)


#: Ways for an array to lie in memory.
LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "column by column": lambda x: np.array(x, order="F"),
    "backwards": lambda x: np.flip(np.flip(x).copy()),
    "with gaps": lambda x: np.repeat(x[..., None], 2, axis=-1)[..., 0],
    "read-only": lambda x: np.frombuffer(x.tobytes(), x.dtype).reshape(x.shape),
    "unaligned": lambda x: np.frombuffer(b" " + x.tobytes(), x.dtype, offset=1).reshape(x.shape),
}


def check_layouts(case: Case) -> None:
    """Assert that gradients do not depend on how the operands lie in memory."""
    expected = gradients_of(case, case.operands)
    for layout, lay in LAYOUTS.items():
        operands = [lay(x) if isinstance(x, np.ndarray) and x.size else x for x in case.operands]
        for g, e in zip(gradients_of(case, operands), expected, strict=True):
            np.testing.assert_allclose(g, e, rtol=1e-9, atol=1e-9, err_msg=layout, strict=True)


def check_sizes(case: Case) -> None:
    """Assert that the derivatives are right for operands of one entry and of none, and for numbers.

    All operands have these sizes, then each of them alone; where NumPy itself refuses the call, nothing is asked.
    """
    tried = range(len(case.operands))
    for chosen in [set(tried), *({i} for i in tried if len(tried) > 1)]:
        for resize in (lambda x: x[(slice(0),) * x.ndim], lambda x: x[(slice(1),) * x.ndim], lambda x: x.ravel()[0]):
            operands = [np.asarray(x) for x in case.operands]
            if all(x.size for x in operands):
                operands = [resize(x) if i in chosen else x for i, x in enumerate(operands)]
                if is_defined(case.call, operands):
                    check(case.call, tuple(operands))


def is_defined(call: Callable[..., Any], operands: Any) -> bool:
    """Whether NumPy makes finite numbers of the operands, without a warning."""
    try:
        return all(np.all(np.isfinite(out)) for out in outputs(call(*operands)))
    except Exception:
        return False


def check_manners(case: Case) -> None:
    """Assert that operands stay as they were and that every gradient owns its memory."""
    operands = [np.array(x) if isinstance(x, np.ndarray) else x for x in case.operands]
    before = [np.array(x) for x in operands]
    gradients = [g for g in gradients_of(case, operands) if isinstance(g, np.ndarray)]
    for x, y in zip(operands, before, strict=True):
        np.testing.assert_array_equal(x, y)
    arrays = [x for x in operands if isinstance(x, np.ndarray)]
    assert all(x.flags.writeable for x in (*arrays, *gradients))
    for i, g in enumerate(gradients):
        assert not any(np.shares_memory(g, other) for other in (*arrays, *gradients[:i]))


def check_overwritten(case: Case) -> None:
    """Assert that what is written into an operand that is not differentiated, before the sweep, does not count."""
    for place, x in enumerate(case.operands):
        others = [i for i, y in enumerate(case.operands) if i != place and isinstance(y, np.ndarray)]
        if np.asarray(x).dtype.kind in "fc" and others:
            operands = [np.array(y) if i in others else y for i, y in enumerate(case.operands)]

            def total(x: Any, place: int = place, operands: Any = operands) -> Any:
                return summed(case.call(*operands[:place], x, *operands[place + 1 :]))

            def writing(x: Any, total: Any = total, operands: Any = operands, others: Any = others) -> Any:
                out = total(x)
                for i in others:
                    operands[i][...] = 0
                return out

            try:
                expected = grad(total)(x)
            except LostGradientError:  # NumPy asks this operand for a plain array
                continue
            np.testing.assert_array_equal(grad(writing)(x), expected)


def gradients_of(case: Case, operands: Any) -> Any:
    """The gradients of the sum of the squared outputs; squared, lest a linear function have the same ones anywhere."""
    wanted = tuple(i for i, x in enumerate(operands) if np.asarray(x).dtype.kind in "fc")
    return grad(lambda *xs: summed(case.call(*xs)), wanted)(*operands)


def summed(out: Any) -> Any:
    """The sum of the squared entries of what a call returned."""
    return sum(np.sum(np.real(y * y)) for y in outputs(out))


def _single(x: Any) -> Any:
    kind = np.asarray(x).dtype.kind
    return np.asarray(x, {"f": np.float32, "c": np.complex64}[kind]) if kind in "fc" else x
