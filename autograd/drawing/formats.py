"""What writes a picture in each format, gathered so that it is imported when the first picture is written.

Subprocesses, XML, JSON and graphviz together take longer to import than the rest of the library.
"""

from autograd.drawing.data import json_of
from autograd.drawing.dot import dot_of
from autograd.drawing.page import page_of
from autograd.drawing.render import render
from autograd.drawing.svg import polish

__all__ = ["dot_of", "json_of", "page_of", "polish", "render"]
