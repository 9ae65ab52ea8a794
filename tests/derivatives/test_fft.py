"""Fourier transforms, against differences, and against the closed form of a small transform."""

import numpy as np
import pytest
from derivatives import draws
from derivatives.draws import Draws
from referee import Case

from autograd import grad

real, cplx = Draws(13).kinds


def case(function, operand, **options):
    text = "-".join(f"{key}={value}" for key, value in options.items())
    return draws.case(function, lambda a: function(a, **options), operand, name=text)


COMPLEX = [np.fft.fft, np.fft.ifft]
FROM_REAL = [np.fft.rfft, np.fft.ihfft]
TO_REAL = [np.fft.irfft, np.fft.hfft]
ONE_AXIS = [
    {},
    {"axis": 0},
    {"norm": "ortho"},
    {"norm": "forward"},
    {"n": 3},
    {"n": 4},
    {"n": 8},
    {"n": 1},
    {"n": 2, "axis": -2},
]
SEVERAL = [{}, {"norm": "ortho"}, {"norm": "forward"}, {"s": (6, 2), "axes": (0, 2)}, {"axes": (2, 0)}, {"axes": (1,)},
           {"s": (2, -1, 5), "axes": (0, 1, 2)}]  # fmt: skip
PLANE = [{}, {"norm": "ortho"}, {"s": (3, 6)}, {"axes": (0, 2)}, {"s": (5, 2), "axes": (2, 0)}]

CASES: list[Case] = [
    *(case(f, x, **options) for f in COMPLEX for x in (real(2, 5), cplx(2, 4)) for options in ONE_AXIS),
    *(case(f, real(3, n), **options) for f in FROM_REAL for n in (4, 5) for options in ONE_AXIS),
    *(case(f, x, **options) for f in TO_REAL for x in (real(3, 3), cplx(3, 4)) for options in ONE_AXIS),
    *(case(f, cplx(2, 3, 4), **options) for f in (np.fft.fftn, np.fft.ifftn) for options in SEVERAL),
    *(case(f, real(2, 3, n), **options) for f in (np.fft.rfftn,) for n in (4, 5) for options in SEVERAL),
    *(case(f, cplx(2, 3, 4), **options) for f in (np.fft.irfftn,) for options in SEVERAL),
    *(case(f, cplx(2, 3, 4), **options) for f in (np.fft.fft2, np.fft.ifft2, np.fft.irfft2) for options in PLANE),
    *(case(np.fft.rfft2, real(2, 3, n), **options) for n in (4, 5) for options in PLANE),
    *(case(f, cplx(4), axes=(0, 0)) for f in (np.fft.fftn, np.fft.ifftn)),
    *(case(f, cplx(4), s=(3, 5), axes=(0, 0)) for f in (np.fft.fftn, np.fft.ifftn)),
    *(case(f, x, **options) for f in (np.fft.fftshift, np.fft.ifftshift) for x in (real(4, 5), cplx(5, 3))
      for options in ({}, {"axes": 1}, {"axes": (0, -1)})),
    *(case(f, cplx(1)) for f in COMPLEX),
    *(case(f, cplx(0, 3)) for f in COMPLEX),
    case(np.fft.rfft, real(1)), case(np.fft.ihfft, real(1)), case(np.fft.irfft, cplx(2)), case(np.fft.hfft, cplx(2)),
    Case(np.fft.fft, lambda a: np.fft.fft(a.T[::2]), (real(4, 5),), name="fft-strided"),
    Case(np.fft.fft, lambda a: np.abs(np.fft.fft(a)) ** 2, (real(5),), name="power-spectrum"),
    Case(np.fft.irfft, lambda a, b: np.fft.irfft(np.fft.rfft(a) * np.fft.rfft(b)), (real(6), real(6)), name="convolve"),
]  # fmt: skip


def test_gradient_of_a_coefficient_is_a_wave():
    gradient = grad(lambda x: np.real(np.fft.rfft(x)[1]))(np.zeros(5))
    np.testing.assert_allclose(gradient, np.cos(2 * np.pi * np.arange(5) / 5), atol=1e-15)


@pytest.mark.parametrize("n", [4, 5])
def test_the_gradient_of_the_power_is_twice_the_signal(n):
    x = real(n)
    gradient = grad(lambda x: np.sum(np.abs(np.fft.fft(x, norm="ortho")) ** 2))(x)
    np.testing.assert_allclose(gradient, 2 * x)


@pytest.mark.parametrize("function", [np.fft.fft, np.fft.rfft, np.fft.irfft, np.fft.hfft, np.fft.ihfft])
def test_float32_stays_float32(function):
    x = np.arange(4, dtype=np.float32)
    assert grad(lambda x: np.sum(np.real(function(x))))(x).dtype == np.float32
