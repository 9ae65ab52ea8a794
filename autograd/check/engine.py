"""What the checker asks of the engine: one reverse sweep, one forward sweep, one gradient function."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograd.transforms.gradient import grad, value_and_grad
from autograd.transforms.jvp import make_jvp

Scalar = Callable[..., Any]


def pullback(scalar: Scalar, leaves: Sequence[Any]) -> tuple[Any, list[Any]]:
    """Return ``scalar(*leaves)`` and its gradients in all leaves, from one reverse sweep."""
    with quiet():
        value, gradients = value_and_grad(scalar, tuple(range(len(leaves))))(*leaves)
    return value, list(gradients)


def pushforward(scalar: Scalar, leaves: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """Return the slope of ``scalar`` along ``tangents``, from one forward sweep."""
    with quiet():
        return make_jvp(scalar, tuple(range(len(leaves))))(*leaves)(tuple(tangents))[1]


def gradient_of(scalar: Scalar) -> Scalar:
    """The function of the same leaves that returns their gradients; it can be differentiated again."""

    def gradient(*leaves: Any) -> Any:
        with quiet():
            return grad(scalar, tuple(range(len(leaves))))(*leaves)

    return gradient


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """No floating-point or "does not depend" warnings: the checker visits points that the user never asked for."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
