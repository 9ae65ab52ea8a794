"""The pytest plugin: a fixture that checks gradients, a table of cases as parameters, a reproducer on failure.

It is active on install. Nothing but this file is imported until a test asks for it:

    def test_loss(check_gradients):
        check_gradients(loss, params, x, y)

    @gradient_cases({"tanh": (np.tanh, x), "matmul": (np.matmul, a, b)})
    def test_table(check_gradients, case):
        check_gradients(*case)

    @pytest.mark.gradcheck(order=2, rtol=1e-6)
    def test_curvature(check_gradients): ...

``pytest --gradcheck-seed=7`` draws other random directions; ``--gradcheck-seed=random`` other ones in every run. The
seed is printed with a failure, and the same seed gives the same report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

MARK = "gradcheck"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--gradcheck-seed``."""
    group = parser.getgroup("autograd")
    group.addoption(
        "--gradcheck-seed", default="0", metavar="N", help="seed of the directions of check_gradients, or 'random'"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and fix the seed of this run."""
    config.addinivalue_line(
        "markers", f"{MARK}(**options): options of the check_gradients fixture, such as order=2 or rtol=1e-6"
    )


def seed_of(config: pytest.Config) -> int:
    """The seed of this run."""
    text = config.getoption("--gradcheck-seed")
    if text != "random":
        try:
            return int(text)
        except ValueError:
            raise pytest.UsageError(f"--gradcheck-seed is a whole number or 'random', not {text!r}.") from None
    if not hasattr(config, "_gradcheck_seed"):
        import secrets

        config._gradcheck_seed = secrets.randbelow(2**31)  # type: ignore[attr-defined]
    return config._gradcheck_seed  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def check_gradients(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """`autograd.check_gradients` with the seed of this run, the options of the marker, and a reproducer on failure."""
    from autograd import GradientCheckError
    from autograd import check_gradients as check
    from autograd.testing.reproducer import reproducer

    seed = seed_of(request.config)
    print(f"check_gradients: seed {seed} (pytest --gradcheck-seed={seed})")
    marked: dict[str, Any] = {}
    for mark in reversed(list(request.node.iter_markers(MARK))):
        marked.update(mark.kwargs)

    def checked(fun: Callable[..., Any], *args: Any, **options: Any) -> Any:
        __tracebackhide__ = True
        options = {"seed": seed, **marked, **options}
        try:
            return check(fun, *args, **options)
        except GradientCheckError as error:
            code = reproducer(fun, args, options, tmp_path_factory.getbasetemp() / "gradcheck")
            error.add_note(f"\nTo repeat this check:\n\n{code}\n")
            raise

    return checked


def gradient_cases(table: Mapping[str, tuple[Any, ...]], argument: str = "case") -> pytest.MarkDecorator:
    """Return the parametrisation of a test over ``table``: name → ``(fun, *args)``.

    >>> import numpy as np
    >>> gradient_cases({"tanh": (np.tanh, 0.5)}).kwargs["ids"]
    ['tanh']
    """
    return pytest.mark.parametrize(argument, list(table.values()), ids=list(table))
