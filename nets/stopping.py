"""Early stopping: end training when the watched number no longer improves, and go back to the best parameters."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from nets.errors import OptionError

__all__ = ["EarlyStopping", "as_early_stopping"]


class EarlyStopping(NamedTuple):
    """Stop after ``patience`` epochs in which ``monitor`` did not improve by more than ``min_delta``.

    ``mode`` is ``"min"`` where smaller is better, ``"max"`` where larger is. With ``restore_best_weights`` training
    returns the parameters of the best epoch. Prechelt, "Early stopping - but when?", 1998.

    >>> stopping, history = EarlyStopping("loss", patience=2), {"loss": [0.5]}
    >>> best = stopping.note(None, history, params="those of epoch 1")
    >>> [stopping.is_over(best, epoch) for epoch in (1, 2, 3)]
    [False, False, True]
    """

    monitor: str = "val_loss"
    patience: int = 5
    mode: str = "min"
    min_delta: float = 0.0
    restore_best_weights: bool = True

    def note(self, best: dict[str, Any] | None, history: dict[str, list[float]], params: Any) -> dict[str, Any]:
        """Return the record of the best epoch so far, ``{"value", "epoch", "params"}``, after one more epoch."""
        if self.monitor not in history:
            raise OptionError(
                f"early_stopping watches {self.monitor!r}, but the history has {', '.join(history)}. "
                f"Give validation_data, or another monitor."
            )
        value = history[self.monitor][-1]
        if best is None or self._is_better(value, best["value"]):
            return {"value": value, "epoch": len(history[self.monitor]), "params": params}
        return best

    def _is_better(self, value: float, than: float) -> bool:
        if math.isnan(than):
            return not math.isnan(value)
        sign = 1 if self.mode == "min" else -1
        return sign * value < sign * than - self.min_delta

    def is_over(self, best: dict[str, Any] | None, epoch: int) -> bool:
        """Whether the best epoch is ``patience`` epochs ago."""
        return best is not None and epoch - best["epoch"] >= self.patience


def as_early_stopping(option: EarlyStopping | int | None) -> EarlyStopping | None:
    """Return the option of `fit`: an `EarlyStopping`, or only its patience. Raises `OptionError` for anything else.

    >>> as_early_stopping(3).patience
    3
    """
    if option is None or isinstance(option, EarlyStopping):
        stopping = option
    elif isinstance(option, int) and not isinstance(option, bool):
        stopping = EarlyStopping(patience=option)
    else:
        raise OptionError(f"early_stopping is a number of epochs or an EarlyStopping(…), not {option!r}.")
    if stopping is not None and (stopping.mode not in ("min", "max") or stopping.patience < 1):
        raise OptionError(f"early_stopping needs mode 'min' or 'max' and a patience of at least 1, got {stopping}.")
    return stopping
