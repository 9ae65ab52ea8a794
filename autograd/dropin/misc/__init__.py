"""``autograd.misc``: trees as vectors, optimizers that own the loop, fixed points, and graphs that are traced once."""

from .flatten import flatten
from .tracers import const_graph

__all__ = ["const_graph", "flatten"]
