"""Transforms: from a function to its derivatives. One concept per file; all of them nest, to any order."""

from autograd.transforms.checkpoint import checkpoint
from autograd.transforms.elementwise import elementwise_grad, holomorphic_grad
from autograd.transforms.gradient import grad, value_and_grad
from autograd.transforms.jacobian import hessian, hessian_vector_product, jacobian
from autograd.transforms.jvp import make_jvp
from autograd.transforms.stop import stop_gradient
from autograd.transforms.vjp import make_vjp

__all__ = [
    "checkpoint",
    "elementwise_grad",
    "grad",
    "hessian",
    "hessian_vector_product",
    "holomorphic_grad",
    "jacobian",
    "make_jvp",
    "make_vjp",
    "stop_gradient",
    "value_and_grad",
]
