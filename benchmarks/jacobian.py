"""How long a Hessian and a Jacobian take, here and (in a process of its own) with HIPS autograd.

    python benchmarks/jacobian.py [PYTHON]

PYTHON is an interpreter that has HIPS autograd installed; both packages are called ``autograd``, so they cannot share
one. Each time is the best of several runs, in milliseconds.
"""

import json
import os
import subprocess
import sys
import time

SIZE = 200
REPEATS = 7


def measure():
    """Return the milliseconds of each problem, with the ``autograd`` that this interpreter imports."""
    import numpy.random

    try:
        import autograd.numpy as np  # HIPS autograd records these only
    except ImportError:
        import numpy as np
    from autograd import hessian, jacobian

    rng = numpy.random.default_rng(0)
    weights = rng.standard_normal((SIZE, SIZE)) / SIZE**0.5
    x = rng.standard_normal(SIZE)

    def rosenbrock(x):
        return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    def two_layers(x):
        return np.tanh(np.dot(weights, np.tanh(np.dot(weights, x))))

    def elementwise(x):
        return np.exp(-(x**2)) * np.tanh(x)

    return {
        f"hessian of a {SIZE}-variable Rosenbrock": best(hessian(rosenbrock), x),
        f"jacobian of two tanh layers, {SIZE} -> {SIZE}": best(jacobian(two_layers), x),
        f"jacobian of an elementwise map, {SIZE} -> {SIZE}": best(jacobian(elementwise), x),
    }


def best(function, x):
    """The shortest of several runs, after a warm one, in milliseconds."""
    function(x)
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        function(x)
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def measure_in(interpreter, path):
    """Run `measure` in another process."""
    environment = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}
    command = [interpreter, os.path.abspath(__file__), "--measure"]
    return json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def main():
    if sys.argv[1:] == ["--measure"]:
        print(json.dumps(measure()))
        return
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    ours = measure_in(sys.executable, here)
    theirs = measure_in(sys.argv[1], "") if len(sys.argv) > 1 else {}
    for name, milliseconds in ours.items():
        line = f"{name:50} {milliseconds:8.2f} ms"
        if name in theirs:
            line += f"   HIPS {theirs[name]:8.2f} ms   {theirs[name] / milliseconds:5.1f} times faster"
        print(line)


if __name__ == "__main__":
    main()
