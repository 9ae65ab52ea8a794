"""The chapter on diagonals and triangles."""

import numpy as np
from referee import Case

rng = np.random.default_rng(3)
V, M, T = rng.normal(size=3), rng.normal(size=(3, 4)), rng.normal(size=(2, 4, 3))
STRIDED, EMPTY = rng.normal(size=(6, 8))[::-2, ::2], np.zeros((0, 3))
OFFSETS = (-1, 0, 2)

CASES = [
    *[Case(f, lambda x, f=f, k=k: f(x, k), (x,), name=f"{f.__name__} {k}")
      for f in (np.diag, np.diagflat, np.tril, np.triu) for x in (V, M, STRIDED) for k in OFFSETS],
    *[Case(f, lambda x, f=f, k=k: f(x, k), (x,), name=f"{f.__name__} {k}")
      for f in (np.diagonal, np.trace, np.tril) for x in (M, T) for k in OFFSETS],
    *[Case(f, lambda x, f=f: f(x, 1, -1, 0), (T,), name=f"{f.__name__} of other axes")
      for f in (np.diagonal, np.trace)],
    *[Case(f, lambda x, f=f, k=k: f(x, offset=k), (T,), name=f"linalg.{f.__name__} {k}")
      for f in (np.linalg.diagonal, np.linalg.trace) for k in OFFSETS],
    Case(np.diagonal, lambda x: np.diagonal(x, 9), (M,), name="an empty diagonal"),
    Case(np.diagonal, lambda x: np.diagonal(x), (EMPTY,)),
    Case(np.diag, lambda x: np.diag(x), (V[:0],)),
    Case(np.trace, lambda x: np.trace(x, dtype=np.float64), (M,), name="trace dtype"),
    Case(np.trace, lambda x: x.trace() + x.diagonal(), (M,), name="methods"),
]  # fmt: skip
