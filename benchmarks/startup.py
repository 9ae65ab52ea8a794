"""How long ``import autograd`` and ``import nets`` take after ``import numpy``.

    python benchmarks/startup.py [ROUNDS]

Each import runs in a Python of its own, in turns, the first round unmeasured. Printed are the quickest and the median
CPU time in milliseconds, and the median next to that of ``import numpy``.
"""

import os
import resource
import subprocess
import sys
from statistics import median

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 20
ENVIRONMENT = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": ""}


def milliseconds(imports):
    """The CPU time of a Python that does nothing but import."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", imports], env=ENVIRONMENT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1e3 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main():
    codes = ["", "import numpy", "import numpy, autograd", "import numpy, nets"]
    rounds = [[milliseconds(code) for code in codes] for _ in range(ROUNDS + 1)][1:]
    bare, numpy, *others = zip(*rounds, strict=True)
    print(f"{'':24}{'quickest':>10}{'median':>10}{'of numpy':>10}")
    print(f"{codes[1]:24}{min(numpy) - min(bare):10.1f}{median(numpy) - median(bare):10.1f}")
    for code, times in zip(codes[2:], others, strict=True):
        quickest, usual = min(times) - min(numpy), median(times) - median(numpy)
        share = usual / (median(numpy) - median(bare))
        print(f"{code.replace('numpy, ', ''):24}{quickest:10.1f}{usual:10.1f}{share:10.2f}")


if __name__ == "__main__":
    main()
