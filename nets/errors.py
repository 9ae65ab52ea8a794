"""The errors of `nets`: members of the one family `AutogradError`, each beside a builtin type."""

from __future__ import annotations

from typing import Any

from autograd import AutogradError

__all__ = ["CheckpointError", "CompilationError", "DivergenceError", "LayerError", "LossError", "OptionError"]


class LayerError(AutogradError, ValueError):
    """A layer got an input or parameters that do not fit it; the message starts with the path of the layer.

    >>> print(LayerError("dense(10)", "expects last axis 64, got (32, 32)").inside("serial[2]"))
    serial[2] dense(10): expects last axis 64, got (32, 32)
    """

    def __init__(self, layer: str, fact: str, path: str = "") -> None:
        super().__init__(f"{path} {layer}: {fact}".lstrip())
        self.layer, self.fact, self.path = layer, fact, path

    def inside(self, place: str) -> LayerError:
        """Return this error as seen from the layer around it."""
        return LayerError(self.layer, self.fact, f"{place}.{self.path}" if self.path else place)


class LossError(AutogradError, ValueError):
    """Predictions and targets do not fit together."""


class OptionError(AutogradError, ValueError):
    """An option has a value that the function cannot use."""


class CheckpointError(AutogradError, ValueError):
    """A file is damaged, is not a checkpoint, or does not fit the tree that it should fill."""


class CompilationError(AutogradError, TypeError):
    """A training step does not follow from its arguments alone, so it cannot be compiled."""


class DivergenceError(AutogradError, FloatingPointError):
    """Training left the finite numbers. ``run`` holds the parameters, state and history of the last good epoch."""

    def __init__(self, message: str, run: Any) -> None:
        super().__init__(message)
        self.run = run
