"""The chapter on convolution: every mode, both vectors longer, real and complex."""

import numpy as np
from referee import Case

rng = np.random.default_rng(8)
VECTORS = [rng.normal(size=n) for n in (1, 2, 3, 4, 5)]
COMPLEX = rng.normal(size=3) + 1j * rng.normal(size=3)

CASES = [
    *[Case(f, lambda a, v, f=f, m=m: f(a, v, m), (a, v), name=f"{f.__name__} {m}")
      for f in (np.convolve, np.correlate) for m in ("full", "same", "valid") for a in VECTORS for v in VECTORS],
    *[Case(f, lambda a, v, f=f, m=m: f(a, v, mode=m), pair, name=f"{f.__name__} {m} complex")
      for f in (np.convolve, np.correlate) for m in ("full", "same", "valid")
      for pair in ((COMPLEX, VECTORS[3]), (VECTORS[1], COMPLEX), (COMPLEX, COMPLEX[:2]))],
    Case(np.convolve, lambda a: np.convolve(a, [1.0, 2.0]), (VECTORS[4][::2],)),
    Case(np.convolve, lambda a, v: np.convolve(a, v), (np.array(0.7), VECTORS[2])),
    Case(np.correlate, lambda v: np.correlate([1.0, 2.0, 3.0], v), (VECTORS[1],)),
]  # fmt: skip
