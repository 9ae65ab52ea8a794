"""Transposes: two cancel, and that of a product is the product of the others' (dot takes transposed operands for free).

(xᵀ)ᵀ           x
(x y)ᵀ          yᵀ xᵀ, where x or y is a transpose already
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from autograd.compiler.passes.rewriting import Walk, rewriting
from autograd.program import Equation, Variable

__all__ = ["push_transposes"]

PRODUCTS = (np.dot, np.matmul)


@rewriting
def push_transposes(equation: Equation, walk: Walk) -> Any:
    """Do without a transpose, by the identities above."""
    if not _is_plain(equation):
        return None
    x = equation.operands[0]
    inner = walk.defined_by(x, np.transpose)
    if inner is not None and _is_plain(inner):
        return inner.operands[0] if walk.may_stand_for(inner.operands[0], equation.output) else None
    product = walk.defined_by(x, *PRODUCTS)
    if product is None or product.parameters or walk.uses[x] > 1:
        return None
    return _of_product(equation, product, walk)


def _of_product(equation: Equation, product: Equation, walk: Walk) -> Any:
    x, y = product.operands
    if not all(type(operand) is Variable and len(operand.shape) == 2 for operand in (x, y)):
        return None
    if not (_source(x, walk) or _source(y, walk)):
        return None
    added, turned = [], []
    for operand in (y, x):
        source = _source(operand, walk)
        if source is None:
            source = walk.new(operand.shape[::-1], operand.dtype)
            added.append(replace(equation, output=source, operands=[operand]))
        turned.append(source)
    return [*added, replace(equation, function=product.function, operands=turned, parameters={})]


def _source(operand: Variable, walk: Walk) -> Variable | None:
    """What ``operand`` is the transpose of."""
    inner = walk.defined_by(operand, np.transpose)
    return inner.operands[0] if inner is not None and _is_plain(inner) else None


def _is_plain(equation: Equation) -> bool:
    """Whether an equation reverses all axes of an array."""
    if equation.function is not np.transpose:
        return False
    return all(axis is None for axis in (*equation.operands[1:], *equation.parameters.values()))
