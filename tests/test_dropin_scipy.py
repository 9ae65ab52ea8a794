"""autograd.scipy: the values are SciPy's, and the derivatives are right in both modes."""

import numpy as np
import pytest

scipy = pytest.importorskip("scipy")

from autograd.scipy import integrate, linalg, signal, special, stats  # noqa: E402
from autograd.test_util import check_grads  # noqa: E402

from autograd import grad, jacobian  # noqa: E402

RNG = np.random.default_rng(11)
POSITIVE, UNIT, REAL = RNG.uniform(1.1, 4, (2, 3)), RNG.uniform(0.1, 0.9, (2, 3)), RNG.uniform(-2, 2, (2, 3))


@pytest.fixture(autouse=True)
def _seed():
    np.random.seed(0)  # check_grads draws its directions from NumPy's global generator


SPECIAL = [
    *[(name, (REAL,), (0,)) for name in ("erf", "erfc", "expit", "ndtr", "log_ndtr", "i0", "i1", "j0", "j1")],
    *[(name, (UNIT,), (0,)) for name in ("erfinv", "erfcinv", "logit")],
    *[(name, (POSITIVE,), (0,)) for name in ("gamma", "gammaln", "rgamma", "psi", "digamma", "y0", "y1", "gammasgn")],
    *[(name, (POSITIVE, POSITIVE[0]), (0, 1)) for name in ("beta", "betaln")],
    *[(name, (1.5, POSITIVE), (1,)) for name in ("gammainc", "gammaincc", "iv", "ive", "jv")],
    *[(name, (2, POSITIVE), (1,)) for name in ("yn", "polygamma", "stdtr")],
    ("betainc", (1.5, POSITIVE, UNIT), (2,)),
    ("multigammaln", (POSITIVE + 1, 3), (0,)),
]


@pytest.mark.parametrize(("name", "args", "argnums"), SPECIAL, ids=[row[0] for row in SPECIAL])
def test_special_functions(name, args, argnums):
    ours, theirs = getattr(special, name), getattr(scipy.special, name)
    np.testing.assert_allclose(ours(*args), theirs(*args), rtol=1e-12)
    check_grads(ours, argnums)(*args)


def test_the_functions_of_scipy_itself_record():
    np.testing.assert_allclose(
        grad(lambda x: np.sum(scipy.special.expit(x)))(REAL), special.expit(REAL) * special.expit(-REAL)
    )


def test_an_order_has_no_derivative():
    with pytest.raises(NotImplementedError, match="no known derivative"):
        grad(special.jv)(1.5, 2.0)


@pytest.mark.parametrize("options", [{}, {"axis": 0}, {"axis": 1, "keepdims": True}, {"axis": 0, "b": POSITIVE}])
def test_logsumexp(options):
    np.testing.assert_allclose(special.logsumexp(REAL, **options), scipy.special.logsumexp(REAL, **options))
    check_grads(special.logsumexp)(REAL, **options)
    assert special.logsumexp(np.array([1000.0, -np.inf])) == 1000.0


SHAPES = (REAL, REAL[0], POSITIVE)
DISTRIBUTIONS = [
    *[("norm", name, SHAPES, (0, 1, 2)) for name in ("pdf", "logpdf", "cdf", "logcdf", "sf", "logsf")],
    *[("t", name, (REAL, POSITIVE, REAL[0], POSITIVE), (0, 1, 2, 3)) for name in ("pdf", "logpdf")],
    *[("t", name, (REAL, POSITIVE, REAL[0], POSITIVE), (0, 2, 3)) for name in ("cdf", "logcdf")],
    *[("gamma", name, (POSITIVE, POSITIVE[0]), (0, 1)) for name in ("pdf", "logpdf")],
    ("gamma", "cdf", (POSITIVE, POSITIVE[0]), (0,)),
    *[("chi2", name, (POSITIVE, 3), (0,)) for name in ("pdf", "logpdf", "cdf")],
    *[("beta", name, (UNIT, POSITIVE, POSITIVE[0]), (0, 1, 2)) for name in ("pdf", "logpdf")],
    ("beta", "cdf", (UNIT, POSITIVE, POSITIVE[0]), (0,)),
    *[("poisson", name, (np.array([0, 2, 5]), POSITIVE), (1,)) for name in ("pmf", "logpmf", "cdf")],
]


@pytest.mark.parametrize(
    ("name", "function", "args", "argnums"), DISTRIBUTIONS, ids=[".".join(r[:2]) for r in DISTRIBUTIONS]
)
def test_distributions(name, function, args, argnums):
    ours, theirs = getattr(getattr(stats, name), function), getattr(getattr(scipy.stats, name), function)
    np.testing.assert_allclose(ours(*args), theirs(*args), rtol=1e-9)
    check_grads(ours, argnums)(*args)


def test_dirichlet():
    x, alpha = np.array([0.2, 0.3, 0.5]), np.array([1.5, 2.0, 3.0])
    for function in ("pdf", "logpdf"):
        ours, theirs = getattr(stats.dirichlet, function), getattr(scipy.stats.dirichlet, function)
        assert ours(x, alpha) == pytest.approx(theirs(x, alpha))
        check_grads(ours, (0, 1))(x, alpha)


def test_multivariate_normal():
    half = RNG.standard_normal((3, 3))
    x, mean, cov = RNG.standard_normal((5, 3)), RNG.standard_normal(3), half @ half.T + np.eye(3)
    theirs = scipy.stats.multivariate_normal
    for function in ("pdf", "logpdf"):
        ours = getattr(stats.multivariate_normal, function)
        np.testing.assert_allclose(ours(x, mean, cov), getattr(theirs, function)(x, mean, cov))
        check_grads(lambda x, mean, cov, f=ours: f(x, mean, (cov + cov.T) / 2), (0, 1, 2))(x, mean, cov)
    assert stats.multivariate_normal.entropy(mean, cov) == pytest.approx(theirs.entropy(mean, cov))
    assert stats.multivariate_normal.logpdf(mean, mean, 2.0) == pytest.approx(theirs.logpdf(mean, mean, 2.0))
    flat = np.diag([1.0, 2.0, 0.0])
    point = np.array([0.3, -0.4, 0.0])
    expected = theirs.logpdf(point, np.zeros(3), flat, allow_singular=True)
    assert stats.multivariate_normal.logpdf(point, np.zeros(3), flat, allow_singular=True) == pytest.approx(expected)


def test_linear_algebra():
    a, b, q = (RNG.standard_normal((3, 3)) + 3 * np.eye(3) for _ in range(3))
    np.testing.assert_allclose(linalg.solve_sylvester(a, b, q), scipy.linalg.solve_sylvester(a, b, q))
    check_grads(linalg.solve_sylvester, (0, 1, 2))(a, b, q)
    check_grads(lambda a: linalg.sqrtm(a @ a.T))(a)
    for options in ({}, {"lower": True}, {"trans": "T"}, {"unit_diagonal": True}, {"lower": True, "trans": 1}):
        for right in (q, q[0]):
            found = linalg.solve_triangular(a, right, **options)
            np.testing.assert_allclose(found, scipy.linalg.solve_triangular(a, right, **options))
            check_grads(linalg.solve_triangular, (0, 1))(a, right, **options)
    with pytest.raises(NotImplementedError, match="trans='C'"):
        grad(lambda b: np.sum(linalg.solve_triangular(a, b, trans="C")))(q)


@pytest.mark.parametrize("bands", [(1, 1), (2, 1), (0, 2)])
@pytest.mark.parametrize("columns", [(), (2,)])
def test_banded_systems(bands, columns):
    ab = RNG.standard_normal((sum(bands) + 1, 5)) + 3 * (np.arange(sum(bands) + 1) == bands[1])[:, None]
    b = RNG.standard_normal((5, *columns))
    np.testing.assert_allclose(linalg.solve_banded(bands, ab, b), scipy.linalg.solve_banded(bands, ab, b))
    check_grads(linalg.solve_banded, (1, 2))(bands, ab, b)


@pytest.mark.parametrize("mode", ["full", "valid", "same"])
def test_convolutions(mode):
    for m, n in (((5,), (3,)), ((3,), (5,)), ((4, 5), (2, 3)), ((2, 3), (4, 5))):
        a, b = RNG.standard_normal(m), RNG.standard_normal(n)
        np.testing.assert_allclose(
            signal.convolve(a, b, mode=mode), scipy.signal.convolve(a, b, mode, "direct"), atol=1e-14
        )
        check_grads(signal.convolve, (0, 1), order=1)(a, b, mode=mode)
    images, filters = RNG.standard_normal((2, 3, 6, 5)), RNG.standard_normal((3, 4, 2, 3))  # as a layer uses it
    found = signal.convolve(images, filters, axes=([2, 3], [2, 3]), dot_axes=([1], [0]), mode=mode)
    expected = sum(scipy.signal.convolve(images[1, c], filters[c, 2], mode, "direct") for c in range(3))
    np.testing.assert_allclose(found[1, 2], expected, atol=1e-13)


def test_convolutions_refuse_what_they_cannot_do():
    with pytest.raises(TypeError, match="'wrap'"):
        signal.convolve(REAL, REAL, mode="wrap")
    with pytest.raises(ValueError, match="at least as long"):
        signal.convolve(np.ones((2, 5)), np.ones((3, 4)), mode="valid")


def test_differential_equations():
    def decay(y, t, rate):
        return -rate * y

    times, y0, rate = np.linspace(0.0, 1.0, 4), np.array([1.0, 2.0]), np.array([0.5, 1.5])
    found = integrate.odeint(decay, y0, times, (rate,))
    np.testing.assert_allclose(found, y0 * np.exp(-rate * times[:, None]), rtol=1e-6)
    slopes = jacobian(lambda rate: integrate.odeint(decay, y0, times, (rate,)))(rate)
    exact = -times[:, None] * found
    np.testing.assert_allclose(np.einsum("tii->ti", slopes), exact, atol=1e-6)
    check_grads(lambda y0, t, rate: integrate.odeint(decay, y0, t, (rate,)), (0, 1, 2), ["rev"], 1)(y0, times, rate)
