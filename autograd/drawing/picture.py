"""`draw`: a function and its arguments, or a tensor, as a picture of the computation."""

from __future__ import annotations

import contextlib
import gc
import importlib
import textwrap
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograd.drawing.blame import births
from autograd.drawing.collapse import collapse
from autograd.drawing.diagram import Box, Diagram
from autograd.drawing.formula import rule_formulas
from autograd.drawing.from_program import diagram_of_program, id_of
from autograd.drawing.from_tensor import diagram_of_tensor, is_tensor
from autograd.drawing.gradients import Flow, flow_back
from autograd.drawing.mermaid import mermaid_of
from autograd.drawing.numbers import is_finite
from autograd.drawing.story import Story, frames_of
from autograd.drawing.text import WIDTH, text_of
from autograd.drawing.theme import DARK, LIGHT
from autograd.errors import ArgumentError, RenderError
from autograd.program import Program
from autograd.tracing import trace

THEMES = {"auto": LIGHT, "light": LIGHT, "dark": DARK}
#: A picture of more boxes has half as many pixels per inch, or it would be too large for most viewers.
SHARP = 80

DIRECTIONS = ("TB", "LR", "BT", "RL")


def formats() -> ModuleType:
    """The module `formats`, imported when the first picture is written."""
    return importlib.import_module("autograd.drawing.formats")


class Picture:
    """What `draw` returns: one diagram, to be read as DOT, text or SVG, saved, or shown in a notebook.

    ``diagram`` is what is shown, ``blame`` the sentences about values that are not finite.

    >>> picture = draw(lambda x: x * x, 3.0, name="square")
    >>> [box.title for box in picture.diagram.boxes], picture.blame
    (['x', 'multiply'], [])
    """

    def __init__(
        self,
        diagram: Diagram,
        formulas: Callable[[Box], dict[str, str]],
        blame: list[str],
        *,
        values: bool,
        scopes: bool,
        rankdir: str,
        theme: str,
    ) -> None:
        self.diagram = diagram
        self.formulas = formulas
        self.blame = blame
        self.values = values
        self.scopes = scopes
        self.rankdir = rankdir
        self.theme = theme

    @cached_property
    def dot(self) -> str:
        """The picture in DOT, the language of Graphviz; no program is needed for it."""
        theme = THEMES[self.theme]
        return formats().dot_of(self.diagram, theme, rankdir=self.rankdir, scopes=self.scopes, values=self.values)

    def text(self) -> str:
        """The text twin: the same boxes and numbers, indented, and whom to blame."""
        sentences = [line for sentence in self.blame for line in textwrap.wrap(sentence, WIDTH)]
        return "\n".join([text_of(self.diagram, values=self.values, scopes=self.scopes), *sentences])

    def mermaid(self) -> str:
        """The picture in Mermaid, which GitHub and many wikis draw by themselves."""
        return mermaid_of(self.diagram, rankdir=self.rankdir, scopes=self.scopes, values=self.values)

    def json(self) -> str:
        """Every box and arrow as JSON, with all digits."""
        return formats().json_of(self.diagram)

    def svg(self) -> str:
        """The picture as SVG text. Raises `RenderError` where no renderer works."""
        return self._polished(self.dot, self.theme)

    def _polished(self, dot: str, theme: str) -> str:
        svg = formats().render(dot, "svg")
        return formats().polish(svg, title=self.diagram.title, description=self.text(), theme=theme)

    def story(self) -> Story:
        """One frame per step, to print or to walk: forward from the inputs, then backward from the result."""
        return frames_of(self.diagram, self.formulas)

    def html(self) -> str:
        """The story as one page that needs no network. Raises `RenderError` where no renderer works."""
        dot = formats().dot_of(self.diagram, LIGHT, rankdir=self.rankdir, scopes=self.scopes, values=self.values)
        return formats().page_of(self.diagram, self._polished(dot, "page"), self.story())

    def save(self, path: str | Path) -> Path:
        """Write the picture to ``path``, in the format that its ending names; return the path.

        ``.svg .png .pdf .html`` are rendered; ``.dot .json .txt .mmd`` need no renderer.
        Raises `ArgumentError` for another ending, `RenderError` where no renderer works.
        """
        path = Path(path)
        write = self._writers().get(path.suffix.lower())
        if write is None:
            raise ArgumentError(
                f"A picture is not saved as {path.suffix or path.name!r}; use one of {' '.join(self._writers())}."
            )
        content = write()
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def _writers(self) -> dict[str, Callable[[], str | bytes]]:
        return {
            ".svg": lambda: self.svg() + "\n",
            ".png": lambda: formats().render(self.dot, "png", dpi=144 if len(self.diagram.boxes) <= SHARP else 72),
            ".pdf": lambda: formats().render(self.dot, "pdf"),
            ".html": self.html,
            ".dot": lambda: self.dot,
            ".json": self.json,
            ".txt": lambda: self.text() + "\n",
            ".mmd": self.mermaid,
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
    blame: bool = False,
    max_nodes: int | None = 200,
    rankdir: str = "TB",
    theme: str = "auto",
    name: str | None = None,
    **kwargs: Any,
) -> Picture:
    """Return a picture of what ``fun(*args, **kwargs)`` computes, of a program, or of what a tensor was computed from.

    ``gradients`` adds the gradient of the scalar result in every value, and on every arrow what flows back along it.
    ``blame`` says where NaN and Inf are born. ``values``, ``scopes`` and ``constants`` switch off what they name. More
    than ``max_nodes`` boxes collapse (None: never). ``theme`` is "light", "dark", or "auto", which follows the reader.

    Raises `ArgumentError` when an option is none of those it can be, `OutputError` for gradients of a non-scalar.

    >>> print(draw(lambda x: x * x, 3.0, gradients=True, name="square").text())  # doctest: +ELLIPSIS
    square: 1 input, 1 operation
      v0 x: float
          value     3
          gradient  6
      v1: float = multiply(v0, v0)  # result, ...
          value     9
          gradient  1
    """
    for option, value, choices in (("theme", theme, tuple(THEMES)), ("rankdir", rankdir, DIRECTIONS)):
        if value not in choices:
            raise ArgumentError(f"{option} is one of {', '.join(choices)}, not {value!r}.")
    with _no_collection():
        if is_tensor(fun, args):
            diagram = diagram_of_tensor(fun, gradients=gradients or blame, constants=constants, name=name)
            sentences: list[str] = []
            formulas: Callable[[Box], dict[str, str]] = _no_formulas
        else:
            with np.errstate(all="ignore") if blame else contextlib.nullcontext():
                program = fun if isinstance(fun, Program) and not args else trace(fun, *args, **kwargs)
                flow = flow_back(program) if gradients or (blame and _is_scalar(program)) else None
            diagram = diagram_of_program(program, flow, constants=constants, name=name)
            sentences = _blame(diagram, program, flow) if blame else _advice(diagram)
            formulas = _formulas(program, flow)
        small = collapse(diagram, max_nodes)
    return Picture(small, formulas, sentences, values=values, scopes=scopes, rankdir=rankdir, theme=theme)


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Hold Python's cycle collector back: it would walk a growing graph, which has no cycles, again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _no_formulas(box: Box) -> dict[str, str]:
    return {}


def _is_scalar(program: Program) -> bool:
    return getattr(program.outputs, "shape", None) == () and program.outputs.dtype.kind == "f"


def _blame(diagram: Diagram, program: Program, flow: Flow | None) -> list[str]:
    """Write where non-finite values are born into the boxes, and return the sentences."""
    boxes = {box.id: box for box in diagram.boxes}
    sentences = []
    for variable, sentence in births(program, flow):
        sentences.append(f"{sentence}.")
        box = boxes[id_of(variable)]
        box.blame = box.blame or sentence
    return sentences or ["Every value and every gradient is finite."]


def _advice(diagram: Diagram) -> list[str]:
    """What to ask next when there is something that is not finite."""
    if all(is_finite(box.value) and is_finite(box.gradient) for box in diagram.boxes):
        return []
    return ["Not every number is finite: draw(…, blame=True) names the call that the first of them comes from."]


def _formulas(program: Program, flow: Flow | None) -> Callable[[Box], dict[str, str]]:
    """How to find the formulas of the rules of a box, when the story asks for them."""

    def formulas(box: Box) -> dict[str, str]:
        place = next((i for i, e in enumerate(program.equations) if id_of(e.outputs[0]) == box.id), None)
        if flow is None or place is None:
            return {}
        equation = program.equations[place]
        return rule_formulas(equation, program.values, flow.variables[equation.outputs[0]])

    return formulas
