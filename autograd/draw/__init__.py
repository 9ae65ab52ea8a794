"""Pictures of computations: forward and backward in one drawing, with the real numbers, for any plain function.

draw(loss, params, x, y, gradients=True).save("loss.svg")
"""

from autograd.draw.diagram import Arrow, Box, Diagram
from autograd.draw.picture import Picture, draw
from autograd.draw.story import Frame

__all__ = ["Arrow", "Box", "Diagram", "Frame", "Picture", "draw"]
