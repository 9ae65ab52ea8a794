"""`draw`: a function and its arguments, or a tensor, as a picture of the computation."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from autograd.draw.diagram import Diagram
from autograd.draw.dot import dot_of
from autograd.draw.from_program import diagram_of_program
from autograd.draw.gradients import flow_back
from autograd.draw.render import render
from autograd.draw.svg import polish
from autograd.draw.text import text_of
from autograd.draw.theme import DARK, LIGHT
from autograd.errors import ArgumentError, RenderError
from autograd.tracing import trace

THEMES = {"auto": LIGHT, "light": LIGHT, "dark": DARK}


class Picture:
    """What `draw` returns: one diagram, to be read as DOT, text or SVG, saved, or shown in a notebook."""

    def __init__(self, diagram: Diagram, *, values: bool, scopes: bool, rankdir: str, theme: str) -> None:
        self.diagram = diagram
        self.values = values
        self.scopes = scopes
        self.rankdir = rankdir
        self.theme = theme

    @cached_property
    def dot(self) -> str:
        """The picture in DOT, the language of Graphviz; no program is needed for it."""
        return self._dot(self.theme)

    def _dot(self, theme: str) -> str:
        return dot_of(self.diagram, THEMES[theme], rankdir=self.rankdir, scopes=self.scopes, values=self.values)

    def text(self) -> str:
        """The text twin: the same boxes and numbers, indented."""
        return text_of(self.diagram, values=self.values, scopes=self.scopes)

    def svg(self) -> str:
        """The picture as SVG text. Raises `RenderError` where no renderer works."""
        return polish(render(self.dot, "svg"), title=self.diagram.title, description=self.text(), theme=self.theme)

    def save(self, path: str | Path) -> Path:
        """Write the picture to ``path``, in the format that its ending names; return the path.

        ``.svg .png .pdf`` are rendered; ``.dot .txt`` need no renderer.
        Raises `ArgumentError` for another ending, `RenderError` where no renderer works.
        """
        path = Path(path)
        write = self._writers().get(path.suffix.lower())
        if write is None:
            raise ArgumentError(f"A picture is not saved as {path.suffix or path.name!r}; use {' '.join(self._writers())}.")
        content = write()
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def _writers(self) -> dict[str, Callable[[], str | bytes]]:
        return {
            ".svg": lambda: self.svg() + "\n",
            ".png": lambda: render(self.dot, "png", dpi=144),
            ".pdf": lambda: render(self.dot, "pdf"),
            ".dot": lambda: self.dot,
            ".txt": lambda: self.text() + "\n",
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """For notebooks: the SVG, or without a renderer the text twin and one sentence about it."""
        try:
            return {"image/svg+xml": self.svg(), "text/plain": self.text()}
        except RenderError as error:
            return {"text/plain": f"{self.text()}\n\n{error}"}

    def __repr__(self) -> str:
        return self.text()


def draw(
    fun: Any,
    *args: Any,
    gradients: bool = False,
    values: bool = True,
    scopes: bool = True,
    constants: bool = True,
    max_nodes: int | None = 200,
    rankdir: str = "TB",
    theme: str = "auto",
    name: str | None = None,
    **kwargs: Any,
) -> Picture:
    """Return a picture of what ``fun(*args, **kwargs)`` computes, with every value in it.

    Raises `ArgumentError` when an option is none of those it can be.

    >>> print(draw(lambda x: x * x, 3.0, name="square").text().splitlines()[0])
    square: 1 inputs, 1 operations
    """
    if theme not in THEMES or rankdir not in ("TB", "LR", "BT", "RL"):
        raise ArgumentError(f"theme is {theme!r} of {tuple(THEMES)}, rankdir {rankdir!r} of ('TB', 'LR', 'BT', 'RL').")
    program = trace(fun, *args, **kwargs)
    flow = flow_back(program) if gradients else None
    diagram = diagram_of_program(program, flow, constants=constants, name=name)
    return Picture(diagram, values=values, scopes=scopes, rankdir=rankdir, theme=theme)
