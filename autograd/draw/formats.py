"""What writes a picture in each format, gathered so that it is imported when the first picture is written.

Subprocesses, XML, JSON and graphviz together take longer to import than the rest of the library.
"""

from autograd.draw.data import json_of
from autograd.draw.dot import dot_of
from autograd.draw.page import page_of
from autograd.draw.render import render
from autograd.draw.svg import polish

__all__ = ["dot_of", "json_of", "page_of", "polish", "render"]
