"""What every row of a test table of derivatives is held to, beyond the numbers of `referee`.

Values and dtypes are NumPy's; nothing that the user passed is changed; no gradient shares memory with anything.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from referee import Case, check

from autograd import Tensor, grad

TOLERANCE = {"f": 1e-5, "d": 1e-13, "F": 1e-5, "D": 1e-13}


def check_derivatives(case: Case, order: int) -> None:
    """Assert that the derivatives agree with differences; each output is squared, lest a linear function be flat."""
    check(lambda *operands: _squares(case.call(*operands)), case.operands, min(order, case.order))


def check_values(case: Case) -> None:
    """Assert that a recorded call gives what NumPy gives, in double and in single precision, and of its dtype."""
    for single in (False, True):
        operands = [_single(x) if single else x for x in case.operands]
        expected = _outputs(case.call(*operands))
        found = _outputs(case.call(*[Tensor(x) if np.asarray(x).dtype.kind in "fc" else x for x in operands]))
        assert len(found) == len(expected)
        for e, f in zip(expected, found, strict=True):
            assert isinstance(f, Tensor), "the recording was lost"
            assert f.dtype == np.asarray(e).dtype
            tolerance = TOLERANCE.get(f.dtype.char, 0)
            np.testing.assert_allclose(f.numpy(), e, rtol=tolerance, atol=tolerance, strict=True)


def check_manners(case: Case) -> None:
    """Assert that operands stay as they were and that every gradient owns its memory."""
    operands = [np.array(x) for x in case.operands]
    before = [x.copy() for x in operands]
    wanted = tuple(i for i, x in enumerate(operands) if x.dtype.kind in "fc")
    gradients = grad(lambda *xs: sum(np.sum(np.real(y)) for y in _outputs(_squares(case.call(*xs)))), wanted)(*operands)
    for x, y in zip(operands, before, strict=True):
        np.testing.assert_array_equal(x, y)
        assert x.flags.writeable
    arrays = [g for g in gradients if isinstance(g, np.ndarray)]
    for i, g in enumerate(arrays):
        assert g.flags.writeable
        assert not any(np.shares_memory(g, other) for other in (*operands, *arrays[:i]))


def _outputs(out: Any) -> list[Any]:
    return list(out) if isinstance(out, (tuple, list)) else [out]


def _squares(out: Any) -> Any:
    return [y * y for y in out] if isinstance(out, (tuple, list)) else out * out


def _single(x: Any) -> Any:
    kind = np.asarray(x).dtype.kind
    return np.asarray(x, {"f": np.float32, "c": np.complex64}[kind]) if kind in "fc" else x
