"""``autograd.numpy.numpy_boxes``: the class of traced arrays, under the name that HIPS autograd gave it.

>>> from autograd import grad
>>> float(grad(lambda x: x * x._value if isinstance(x, ArrayBox) else 0.0)(3.0))
3.0
"""

from autograd.tensor import Tensor

__all__ = ["ArrayBox"]

ArrayBox = Tensor
ArrayBox._value = property(lambda self: self.value, doc="The value without its trace: a constant.")  # type: ignore[attr-defined]
