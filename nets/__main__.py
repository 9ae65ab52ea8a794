"""The main job, ``python -m nets``: train the two-layer net on XOR, prove its gradients, draw its graph.

Prints the loss every 100 epochs, the outputs and the predictions; then, at the first and at the last parameters, how
far the engine's gradients are from the hand-written formulas and from finite differences; and writes two pictures.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from autograd import draw, grad, jit
from nets import two_layer

INPUTS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
TARGET = np.array([[0], [1], [1], [0]])


def main(arguments: list[str] | None = None) -> int:
    """Run the experiment; return the exit status."""
    options = parse(arguments)
    if options.source:
        print_source(options)
        return 0
    out = Path(options.out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"cannot write to --out {out}: {error.strerror}")
    losses: list[float] = []
    first = two_layer.initialize(2, options.hidden, 1, options.seed)
    last = train(options, losses)
    _, outputs = two_layer.forward(INPUTS, *last)
    print("Outputs:", ", ".join(f"{output:.4f}" for output in outputs[:, 0]))
    print("Predictions:", two_layer.predict(INPUTS, *last))
    print_differences({"at the initial parameters": first, "at the trained parameters": last})
    try:
        write_graph(out / "loss-graph.svg", first)
        write_curve(out / "loss-curve.svg", losses)
    except OSError as error:
        fail(f"cannot write {error.filename}: {error.strerror}")
    return 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """The options of the command line; a wrong value is one line and exit status 2."""
    parser = argparse.ArgumentParser(
        prog="python -m nets",
        description="Train a two-layer net on XOR, compare its gradients with the formulas by hand, draw its graph.",
    )
    parser.error = fail_to_parse  # type: ignore[method-assign]
    parser.add_argument("--epochs", type=positive_int, default=1000, help="steps of gradient descent (1000)")
    parser.add_argument("--hidden", type=positive_int, default=4, help="hidden units (4)")
    parser.add_argument("--learning-rate", type=positive_float, default=0.1, help="step size (0.1)")
    parser.add_argument("--seed", type=seed, default=42, help="seed of the initial weights (42)")
    parser.add_argument("--out", default="out", help="the folder that the pictures are written to (out)")
    parser.add_argument("--source", action="store_true", help="print the backward pass as NumPy, and do nothing else")
    return parser.parse_args(arguments)


def print_source(options: argparse.Namespace) -> None:
    """Print one step of training as plain NumPy: as the engine derived it, and as it was derived by hand."""
    parameters = two_layer.initialize(2, options.hidden, 1, options.seed)
    for title, step in (("The engine", two_layer.descend), ("The same by hand", two_layer.descend_by_hand)):
        print(f"# {f' {title} ':-^100}\n")
        print(jit(step).source(parameters, INPUTS, TARGET, options.learning_rate))


def fail(message: str) -> NoReturn:
    """Say what is wrong in one line, and exit with status 2."""
    print(f"python -m nets: {message}", file=sys.stderr)
    raise SystemExit(2)


def fail_to_parse(message: str) -> NoReturn:
    """Fail; where an option does not exist, say where those that do are listed."""
    fail(f"{message}; see --help" if message.startswith("unrecognized") else message)


def positive_int(text: str) -> int:
    """Read an integer above zero."""
    return int(_read(text, int, "a whole number above zero", lambda n: n > 0))


def positive_float(text: str) -> float:
    """Read a finite number above zero."""
    return float(_read(text, float, "a finite number above zero", lambda x: 0 < x < np.inf))


def seed(text: str) -> int:
    """Read a seed of NumPy's generator."""
    return int(_read(text, int, "a whole number from 0 to 4294967295", lambda n: 0 <= n < 2**32))


def _read(text: str, kind: Any, wanted: str, accept: Any) -> Any:
    try:
        value = kind(text)
    except ValueError:
        value = None
    if value is None or not accept(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}")
    return value


def train(options: argparse.Namespace, losses: list[float]) -> two_layer.Parameters:
    """Train with the engine's gradients; append every loss to ``losses`` and print each 100th."""

    def report(epoch: int, loss: float) -> None:
        losses.append(loss)
        if epoch % 100 == 0:
            print(f"Epoch {epoch}: Loss {loss}")

    size = (2, options.hidden, 1)
    return two_layer.train(
        INPUTS, TARGET, *size, options.learning_rate, options.epochs, seed=options.seed, report=report
    )


def print_differences(points: dict[str, two_layer.Parameters]) -> None:
    """For each parameter, the largest differences between the engine's gradient and the two others."""
    print("\nLargest difference between the engine's gradient and …")
    print(f"{'':26}{'the formula by hand':>20}{'a finite difference':>21}")
    corners = 0
    for place, parameters in points.items():
        print(place)
        engine = grad(two_layer.squared_error)(parameters, INPUTS, TARGET)
        by_hand = two_layer.gradients_by_hand(parameters, INPUTS, TARGET)
        rows = zip(parameters._fields, engine, by_hand, one_sided_slopes(parameters), strict=True)
        for name, g, hand, (left, right) in rows:
            corner = abs(right - left) > 1e-4  # elsewhere the two sides differ by rounding and by h · E''
            numeric = np.where(corner, left, (left + right) / 2)
            corners += int(np.count_nonzero(corner))
            print(
                f"  {name:24}{np.max(abs(g - hand)):20.1e}{np.max(abs(g - numeric)):21.1e}{' *' * bool(np.any(corner))}"
            )
    if corners:
        print(
            f"* {corners} entries sit at relu's corner: a hidden unit's input for the row [0, 0] is its bias, "
            "still exactly 0.\n  There the slope from the left is compared, since relu_back is 0 at 0."
        )


def one_sided_slopes(parameters: two_layer.Parameters, step: float = 1e-6) -> list[tuple[Any, Any]]:
    """For each parameter, (E(θ) - E(θ - h eᵢ)) / h and (E(θ + h eᵢ) - E(θ)) / h of `two_layer.squared_error`.

    Their mean is the central difference; they part where E has a corner.
    """
    moved = [parameter.copy() for parameter in parameters]
    here = two_layer.squared_error(moved, INPUTS, TARGET)
    slopes = [(np.zeros_like(parameter), np.zeros_like(parameter)) for parameter in parameters]
    for parameter, (left, right) in zip(moved, slopes, strict=True):
        for index in np.ndindex(parameter.shape):
            value = parameter[index]
            parameter[index] = value + step
            right[index] = (two_layer.squared_error(moved, INPUTS, TARGET) - here) / step
            parameter[index] = value - step
            left[index] = (here - two_layer.squared_error(moved, INPUTS, TARGET)) / step
            parameter[index] = value
    return slopes


def write_graph(path: Path, parameters: two_layer.Parameters) -> None:
    """Draw the graph of the loss, values and gradients, at ``parameters``."""
    draw(two_layer.squared_error, parameters, INPUTS, TARGET, gradients=True, name="squared error").save(path)
    print(f"\nThe graph of the loss: {path}")


def write_curve(path: Path, losses: list[float]) -> None:
    """Plot the losses, where matplotlib is installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        print("No loss curve: matplotlib is not installed. Get it with: pip install matplotlib")
        return
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot(losses, color="#0072B2")
    axes.set(xlabel="epoch", ylabel="mean squared error", title="The two-layer net learns XOR", ylim=(0, None))
    axes.grid(alpha=0.3)
    figure.savefig(path)
    print(f"The loss curve: {path}")


if __name__ == "__main__":
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough, as head does; Python would complain once more at its exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)
