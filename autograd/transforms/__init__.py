"""Transforms: from a function to its derivatives. One concept per file; all of them nest, to any order."""

from autograd.recording import as_number
from autograd.transforms.checkpointing import checkpoint
from autograd.transforms.elementwise import elementwise_grad, holomorphic_grad
from autograd.transforms.gradient import grad, one_like, value_and_grad
from autograd.transforms.jacobians import hessian, hessian_vector_product, jacobian
from autograd.transforms.jvp import make_jvp
from autograd.transforms.naming import argument_name, name_of
from autograd.transforms.stop import stop_gradient
from autograd.transforms.vjp import make_vjp

__all__ = [
    "argument_name",
    "as_number",
    "checkpoint",
    "elementwise_grad",
    "grad",
    "hessian",
    "hessian_vector_product",
    "holomorphic_grad",
    "jacobian",
    "make_jvp",
    "make_vjp",
    "name_of",
    "one_like",
    "stop_gradient",
    "value_and_grad",
]
