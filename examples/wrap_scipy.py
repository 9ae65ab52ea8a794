"""Give SciPy routines a derivative: one line each, then they work in every transform.

    python examples/wrap_scipy.py

Needs SciPy: pip install ".[examples]".

`expit` is an elementwise ufunc: its derivative is written in terms of its own output. `solve_triangular` is linear in
the right-hand side and not linear in the matrix. From L x = b follows dL x + L dx = db, so with λ = L⁻ᵀ g the gradient
in b is λ, and in L it is -λ xᵀ, of which the triangle counts that the routine reads.
"""

import numpy as np
import scipy.linalg
import scipy.special

from autograd import derivative, grad, hessian, jacobian

derivative(scipy.special.expit, x=lambda g, out: g * out * (1 - out))


@derivative(
    matrix=lambda g, out, matrix: -np.tril(np.outer(solve_lower(matrix, g, transposed=True), out)),
    b=lambda g, matrix, transposed: solve_lower(matrix, g, transposed=not transposed),
)
def solve_lower(matrix, b, transposed=False):
    """Solve L x = b for the lower triangle L of ``matrix``, or Lᵀ x = b."""
    return scipy.linalg.solve_triangular(matrix, b, lower=True, trans=1 if transposed else 0)


def main():
    """Check both against derivatives found by hand and by differences."""
    x = np.linspace(-3, 3, 7)
    s = 1 / (1 + np.exp(-x))
    np.testing.assert_allclose(grad(lambda x: np.sum(scipy.special.expit(x)))(x), s * (1 - s))
    curvature = np.diag(hessian(lambda x: np.sum(scipy.special.expit(x)))(x))
    np.testing.assert_allclose(curvature, s * (1 - s) * (1 - 2 * s), atol=1e-15)

    rng = np.random.default_rng(0)
    lower = np.tril(rng.standard_normal((4, 4))) + 4 * np.eye(4)
    b = rng.standard_normal(4)
    np.testing.assert_allclose(jacobian(solve_lower, 1)(lower, b), np.linalg.inv(lower), atol=1e-15)

    found = grad(lambda m: np.sum(solve_lower(m, b) ** 2))(lower)
    h = 1e-6
    for i, j in np.ndindex(4, 4):
        step = np.zeros((4, 4))
        step[i, j] = h
        rise = np.sum(solve_lower(lower + step, b) ** 2) - np.sum(solve_lower(lower - step, b) ** 2)
        assert abs(found[i, j] - rise / (2 * h)) < 1e-8
    print("expit: value, slope and curvature agree; solve_triangular: both gradients agree")


if __name__ == "__main__":
    main()
