"""``autograd.extend``: primitives and vector spaces of your own."""

from .primitives import (
    defjvp,
    defjvp_argnum,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    notrace_primitive,
    primitive,
)
from .spaces import VSpace, vspace
from .tracer import Box, Node

__all__ = [
    "Box",
    "Node",
    "VSpace",
    "defjvp",
    "defjvp_argnum",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
    "notrace_primitive",
    "primitive",
    "vspace",
]
