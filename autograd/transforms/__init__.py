"""Transforms: from a function to its derivatives. One concept per file; all of them nest, to any order."""
