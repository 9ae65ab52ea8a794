"""The table of derivatives, one chapter per file. Importing this package writes all rows."""

from autograd.derivatives import elementwise, indexing, linalg, reduction, shape

__all__ = ["elementwise", "indexing", "linalg", "reduction", "shape"]
