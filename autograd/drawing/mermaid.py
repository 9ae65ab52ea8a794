"""From a diagram to Mermaid, which GitHub, GitLab and many wikis draw by themselves."""

from __future__ import annotations

from autograd.drawing.diagram import CONSTANT, GROUP, INPUT, Box, Diagram
from autograd.drawing.numbers import brief
from autograd.drawing.theme import LIGHT

SHAPES = {INPUT: ('(["', '"])'), CONSTANT: ('("', '")'), GROUP: ('[["', '"]]')}
PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,_+-=·×∂")


def mermaid_of(diagram: Diagram, *, rankdir: str = "TB", scopes: bool = True, values: bool = True) -> str:
    """Return ``diagram`` as a Mermaid flowchart."""
    lines = [f"flowchart {rankdir}"]
    opened: tuple[str, ...] = ()
    for box in diagram.boxes:
        scope = box.scope if scopes else ()
        if scope != opened:
            lines += ["end"] * len(opened)  # Mermaid joins the parts of a subgraph that is opened again
            lines += [
                f'subgraph {_id("s" + "/".join(scope[: d + 1]))}["{_escape(name)}"]' for d, name in enumerate(scope)
            ]
            opened = scope
        before, after = SHAPES.get(box.kind, ('["', '"]'))
        lines.append(f"  {_id(box.id)}{before}{_label(box, values)}{after}:::{box.kind}")
    lines += ["end"] * len(opened)
    for arrow in diagram.arrows:
        label = "" if arrow.gradient is None else f'|"{_escape(brief(arrow.gradient))}"|'
        lines.append(f"  {_id(arrow.source)} -->{label} {_id(arrow.target)}")
    colours = LIGHT._asdict()
    for kind in sorted({box.kind for box in diagram.boxes}):
        lines.append(f"  classDef {kind} fill:{colours[kind]},stroke:{colours[f'{kind}_line']},color:{LIGHT.ink}")
    return "\n".join(lines) + "\n"


def _label(box: Box, values: bool) -> str:
    parts = [" ".join(filter(None, [box.name, box.operation, box.detail]))]
    parts += [f"{box.dtype} {list(box.shape)}"] if box.shape else []
    parts += [brief(box.value)] if values and box.value is not None else []
    parts += [f"gradient {brief(box.gradient)}"] if box.gradient is not None else []
    return "<br/>".join(_escape(part) for part in parts if part)


def _escape(text: str) -> str:
    """Every character that Mermaid, Markdown or HTML may read as its own becomes an entity."""
    return "".join(c if c in PLAIN or (not c.isascii() and c.isprintable()) else f"#{ord(c)};" for c in text)


def _id(text: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else f"_{ord(c)}_" for c in text)
