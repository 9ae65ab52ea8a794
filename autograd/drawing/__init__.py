"""Pictures of computations: forward and backward in one drawing, with the real numbers, for any plain function.

draw(loss, params, x, y, gradients=True).save("loss.svg")
"""

from autograd.drawing.diagram import Arrow, Box, Diagram
from autograd.drawing.picture import Picture, draw
from autograd.drawing.story import Frame, Story

__all__ = ["Arrow", "Box", "Diagram", "Frame", "Picture", "Story", "draw"]
