"""Unknown: nothing can be done with it but to pass it on."""

import copy

import numpy as np
import pytest

from autograd import Tensor
from autograd.errors import BranchError
from autograd.unknown import Unknown

UNKNOWN = Unknown("The length", "Count.")


@pytest.mark.parametrize(
    "use",
    [
        lambda u: u + 1, lambda u: 1 - u, lambda u: -u, lambda u: u > 0, lambda u: u == 0, lambda u: u @ u,
        lambda u: np.ones(2) * u, lambda u: Tensor(np.ones(2)) * u, lambda u: u * Tensor(1.0), np.sum, np.asarray,
        lambda u: np.concatenate([u, u]), lambda u: u[0], lambda u: u.shape, lambda u: u.sum(), len, list, bool, float,
        int, complex, lambda u: [0, 1][u], lambda u: Tensor(u),
    ],
)  # fmt: skip
def test_use_is_refused(use):
    with pytest.raises(BranchError, match=r"^The length depends on values, .* not have\. Count\.$"):
        use(UNKNOWN)


def test_it_is_passed_on():
    kept = {"residuals": UNKNOWN}
    assert kept["residuals"] is UNKNOWN
    assert not hasattr(UNKNOWN, "name_that_no_array_has")
    assert type(copy.copy(UNKNOWN)) is Unknown
