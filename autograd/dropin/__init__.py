"""The names of HIPS autograd: code that was written for it runs on this engine unmodified.

This folder is on the search path of the package, so its files are imported as HIPS autograd's are:
``autograd.numpy``, ``autograd.extend``, ``autograd.test_util``, ``autograd.misc.flatten``, … They are thin names over
the engine, which does not know about them. New code needs none of them: plain ``import numpy as np`` records as well.

What differs from HIPS autograd, since containers are trees here and not boxes: a traced list, tuple or dict *is* a
list, tuple or dict, whose leaves are traced.
"""
