"""The story as one self-contained page: the drawing, a slider, play and pause, keys, both themes; no network."""

from __future__ import annotations

import html
import json
from dataclasses import asdict
from importlib.resources import files

from autograd.drawing.diagram import Diagram
from autograd.drawing.dot import sources_of
from autograd.drawing.story import Frame
from autograd.drawing.theme import DARK, LIGHT, Theme

PAGE = files("autograd.drawing").joinpath("story.html")


def page_of(diagram: Diagram, svg: str, frames: list[Frame]) -> str:
    """Return the HTML text of the page that plays ``frames`` on the drawing ``svg``."""
    arrows = [
        {"id": f"e{i}", "source": source, "target": arrow.target}
        for i, (arrow, source) in enumerate(zip(diagram.arrows, sources_of(diagram), strict=True))
    ]
    data = {"frames": [asdict(frame) for frame in frames], "arrows": arrows}
    parts = {
        "@TITLE@": html.escape(diagram.title),
        "@LIGHT@": _variables(LIGHT),
        "@DARK@": _variables(DARK),
        "@VALUE@": LIGHT.value,
        "@GRADIENT@": LIGHT.gradient,
        "@SVG@": svg,
        "@DATA@": json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"),  # no name can end the script
    }
    page = PAGE.read_text(encoding="utf-8")
    for mark, text in parts.items():
        before, found, after = page.partition(mark)
        assert found, mark
        page = before + text + after if mark == "@SVG@" else page.replace(mark, text)
    return page


def _variables(theme: Theme) -> str:
    return " ".join(f"--{name.replace('_', '-')}: {colour};" for name, colour in theme._asdict().items())
