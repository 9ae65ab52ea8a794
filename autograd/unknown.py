"""Results that a compiled program cannot have, since their shape depends on values: refused when they are used.

Of the results of a function, one may be such; the others are right, and need not be refused.
"""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from autograd.errors import BranchError

__all__ = ["Unknown"]


class Unknown(np.lib.mixins.NDArrayOperatorsMixin):
    """Stands for ``what``; whatever is done with it raises `BranchError`, which says to use the ``cure`` instead.

    >>> Unknown("The length", "Count.") + 1
    Traceback (most recent call last):
    autograd.errors.BranchError: The length depends on values, which a compiled program does not have. Count.
    """

    def __init__(self, what: str, cure: str) -> None:
        self._message = f"{what} depends on values, which a compiled program does not have. {cure}"

    def refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise `BranchError`."""
        raise BranchError(self._message)

    __array__ = __array_ufunc__ = __array_function__ = refuse
    __bool__ = __int__ = __float__ = __complex__ = __index__ = __len__ = __iter__ = __getitem__ = refuse

    def __getattr__(self, name: str) -> Any:
        """An attribute of arrays is refused; others are absent, as in any object."""
        if name.startswith("_") or not hasattr(np.ndarray, name):
            raise AttributeError(name)
        self.refuse()
