"""From a diagram to DOT, the language of Graphviz. The text is the same in every process.

Labels are Graphviz's HTML-like tables, so that no character of a name has a meaning in them: everything a user wrote is
escaped as in XML. Tooltips and attributes are quoted strings, quoted by the ``graphviz`` package.
"""

from __future__ import annotations

import html
import textwrap
from collections import Counter
from collections.abc import Iterator
from typing import Any

import graphviz

from autograd.drawing.diagram import BACKWARD, CONSTANT, GROUP, INPUT, OPERATION, Arrow, Box, Diagram
from autograd.drawing.letters import one_line, printable
from autograd.drawing.numbers import BRIEF_SIZE, as_plain, brief, is_finite, magnitude, summary, written_out
from autograd.drawing.theme import SCALE, Theme, ground_of

Scope = tuple[str, ...]

#: An input that is used more often than this has a small copy at each use, or its arrows would cover the picture.
OFTEN = 6

SANS, MONO = "Helvetica", "Courier"  # every renderer knows the widths of their letters


def dot_of(diagram: Diagram, theme: Theme, *, rankdir: str = "TB", scopes: bool = True, values: bool = True) -> str:
    """Return the DOT text of ``diagram``."""
    graph = graphviz.Digraph("G")
    graph.attr(
        "graph", rankdir=rankdir, bgcolor=theme.ground, fontname=SANS, fontsize="10", fontcolor=theme.quiet,
        nodesep="0.28", ranksep="0.42", pad="0.25", charset="UTF-8", ordering="in",  # operands from left to right
        label=_legend(diagram, theme), labelloc="b", tooltip=_tip(diagram.title),
    )  # fmt: skip
    graph.attr("node", shape="plain", fontname=SANS, fontsize="11", fontcolor=theme.ink)
    graph.attr(
        "edge", color=theme.line, fontname=MONO, fontsize="9", fontcolor=theme.gradient, arrowsize="0.6", penwidth="1.1"
    )
    _Clusters(diagram, theme, scopes, values).write(graph, ())
    boxes = {box.id: box for box in diagram.boxes}
    for i, (arrow, source) in enumerate(zip(diagram.arrows, sources_of(diagram), strict=True)):
        if source != arrow.source:
            graph.node(source, **_copy(boxes[arrow.source], source, theme))
        graph.edge(source, arrow.target, id=f"e{i}", **_edge(arrow, theme, boxes[arrow.source].kind))
    return str(graph.source)


def sources_of(diagram: Diagram) -> list[str]:
    """The id of what each arrow is drawn from: its source, or one of the copies of an input that is used often."""
    uses = Counter(arrow.source for arrow in diagram.arrows)
    often = {box.id for box in diagram.boxes if box.kind == INPUT and uses[box.id] > OFTEN}
    return [f"{a.source}_e{i}" if a.source in often else a.source for i, a in enumerate(diagram.arrows)]


class _Clusters:
    """The boxes, each in the box of its scope. Boxes of a scope that comes again join its first cluster."""

    def __init__(self, diagram: Diagram, theme: Theme, scopes: bool, values: bool) -> None:
        self.theme = theme
        self.values = values
        self.members: dict[Scope, list[Box]] = {(): []}
        for box in _in_order_of_use(diagram):
            scope = box.scope if scopes else ()
            for depth in range(len(scope)):
                self.members.setdefault(scope[: depth + 1], [])
            self.members[scope].append(box)
        self.numbers = {scope: i for i, scope in enumerate(self.members)}
        self.children: dict[Scope, list[Scope]] = {scope: [] for scope in self.members}
        for scope in self.members:
            if scope:
                self.children[scope[:-1]].append(scope)

    def write(self, graph: graphviz.Digraph, scope: Scope) -> None:
        """Write the boxes of ``scope`` into ``graph``, and the scopes within it as clusters."""
        theme = self.theme
        for box in self.members[scope]:
            graph.node(box.id, **_node(box, theme, self.values))
        for child in self.children[scope]:
            with graph.subgraph(name=f"cluster_{self.numbers[child]}") as cluster:
                cluster.attr(
                    label=f"<<B>{_text(child[-1])}</B>>", style="rounded,filled", fillcolor=theme.scope,
                    color=theme.scope_line, fontcolor=theme.quiet, labeljust="l", labelloc="t", margin="12",
                    tooltip=_tip("/".join(child)),
                )  # fmt: skip
                self.write(cluster, child)


def _in_order_of_use(diagram: Diagram) -> list[Box]:
    """The boxes as the renderer should meet them: where clusters leave it a choice, what comes first stands left."""
    first: dict[str, int] = {}
    for i, arrow in enumerate(diagram.arrows):
        first.setdefault(arrow.source, i)
    inputs = [box for box in diagram.boxes if box.kind == INPUT]
    inputs.sort(key=lambda box: first.get(box.id, len(diagram.arrows)))
    return inputs + [box for box in diagram.boxes if box.kind != INPUT]


def _text(text: Any) -> str:
    """Text inside an HTML-like label."""
    return html.escape(one_line(str(text)), quote=True).replace("\\", "&#92;")


def _tip(text: str) -> str:
    """Text in a tooltip: backslashes doubled, as DOT wants them, and lines kept."""
    return graphviz.nohtml(str(graphviz.escape(printable(text))).replace("\n", "\\n"))


# --------------------------------------------------------------------------------------------------------------- boxes


def _node(box: Box, theme: Theme, values: bool) -> dict[str, str]:
    label = _constant(box, theme) if box.kind == CONSTANT else _table(box, theme, values)
    return {"label": f"<{label}>", "tooltip": _tip(tooltip(box)), "id": box.id, "class": box.kind}


def _constant(box: Box, theme: Theme) -> str:
    rows = written_out(box.value) if box.value is not None else None
    text = f"{box.dtype} {_shape(box)}"
    if rows is not None and len(rows) == 1 and len(rows[0]) <= BRIEF_SIZE:
        text = "  ".join(rows[0]) if box.shape == () else f"[{'  '.join(rows[0])}]"
    return (
        f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3" STYLE="DASHED" BGCOLOR="{theme.constant}" '
        f'COLOR="{theme.constant_line}"><TR><TD>{_font(text, theme.quiet, 9)}</TD></TR></TABLE>'
    )


def _copy(box: Box, id: str, theme: Theme) -> dict[str, str]:
    """An input where it is used again: its name alone."""
    label = (
        f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4" STYLE="ROUNDED,DASHED" '
        f'BGCOLOR="{theme.input}" COLOR="{theme.input_line}"><TR><TD>{_text(_short(box.title))}</TD></TR></TABLE>'
    )
    return {"label": f"<{label}>", "tooltip": _tip(tooltip(box)), "id": id, "class": box.kind}


def _table(box: Box, theme: Theme, values: bool) -> str:
    alarm = bool(box.blame) or not (is_finite(box.value) and is_finite(box.gradient))
    colours = theme._asdict()
    ground = theme.alarm if alarm else colours[box.kind]
    line = theme.alarm_line if alarm else colours[f"{box.kind}_line"]
    line = theme.backward_line if box.blame else line  # vermilion, the red of the palette
    style = {INPUT: ' STYLE="ROUNDED"', GROUP: ' STYLE="DASHED"'}.get(box.kind, "")
    pen = 2 if box.result or box.blame else 1
    rows = [_heading(box, theme), *_numbers(box, theme, values)]
    if box.blame:
        lines = textwrap.wrap(box.blame, 44)
        rows.append(_cell("<BR/>".join(_font(line, theme.ink, 9) for line in lines)))
    return (
        f'<TABLE BORDER="{pen}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3" BGCOLOR="{ground}" COLOR="{line}"'
        f"{style}>{''.join(rows)}</TABLE>"
    )


def _heading(box: Box, theme: Theme) -> str:
    """Name and operation, then shape and dtype."""
    main = f"&#160;<B>{_text(_short(box.title))}</B>"  # the spaces on both sides: bold letters are wider than they say
    if box.name and box.operation:
        main += f"&#160; {_font(box.operation, theme.quiet, 10)}"
    if box.detail:
        main += f"&#160; {_font(_short(box.detail), theme.quiet, 9)}"
    main += "&#160;"
    facts = "" if box.shape is None else f"{_shape(box)} {box.dtype}".strip()
    facts = " · ".join(filter(None, [facts, "result" if box.result else ""]))
    second = _cell(_font(facts, theme.quiet, 8)) if facts else ""
    head = _cell(main, width=_wide(f"{box.title} {box.operation} {box.detail}")) + second
    return f'<TR><TD><TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{head}</TABLE></TD></TR>'


def _numbers(box: Box, theme: Theme, values: bool) -> list[str]:
    """Value and gradient side by side."""
    cells = []
    if values and box.value is not None:
        cells.append(_array(box.value, "value", theme.value, "", theme))
    if box.gradient is not None:
        cells.append(_array(box.gradient, "gradient", theme.gradient, ground_of(magnitude(box.gradient)), theme))
    if not cells:
        return []
    inside = "".join(cells)
    return [
        f'<TR><TD><TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4"><TR>{inside}</TR></TABLE></TD></TR>'
    ]


def _array(value: Any, what: str, colour: str, ground: str, theme: Theme) -> str:
    """One array under its heading: its entries as a table, or its summary over its histogram."""
    rows = written_out(value)
    if rows is not None:
        body = _grid(rows, colour)
    elif as_plain(value).size == 0:
        body = _font("empty", colour, 9)
    else:
        facts = summary(value)
        body = (
            f"{PLAIN}<TR><TD>{_mono(facts.text, colour)}</TD></TR><TR><TD>{_bar(facts.bins, colour)}</TD></TR></TABLE>"
        )
    back = f' BGCOLOR="{theme._asdict()[ground]}"' if ground else ""
    head = f'<TR><TD></TD><TD><FONT POINT-SIZE="7" COLOR="{theme.quiet}">{what}</FONT></TD><TD></TD></TR>'
    # the empty cells on both sides take up what a wider heading adds: the renderer stretches all cells alike
    return f'<TD VALIGN="TOP"{back}>{PLAIN}{head}<TR><TD></TD><TD>{body}</TD><TD></TD></TR></TABLE></TD>'


PLAIN = '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">'
GRID = '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="{0}">'


def _grid(rows: list[list[str]], colour: str) -> str:
    """A matrix as a table, so that its columns stand straight in any font."""
    gap = '<TD WIDTH="6"></TD>'
    side = ' ALIGN="RIGHT"' if len(rows) > 1 or len(rows[0]) > 1 else ""
    lines = (gap.join(f"<TD{side}>{_mono(entry.strip(), colour)}</TD>" for entry in row) for row in rows)
    return GRID.format(1) + "".join(f"<TR>{line}</TR>" for line in lines) + "</TABLE>"


def _mono(text: str, colour: str) -> str:
    return f'<FONT FACE="{MONO}" POINT-SIZE="9" COLOR="{colour}">{_text(text)}</FONT>'


def _bar(bins: tuple[float, ...], colour: str) -> str:
    """A histogram of coloured cells, for renderers whose fonts have no block characters."""
    if not bins:
        return ""
    bars = "".join(f"<TD>{_column(1 + round(13 * height), colour)}</TD>" for height in bins)
    sides = "<TD></TD>"  # which take up what the line above is wider
    return f"{GRID.format(0)}<TR>{sides}{bars}{sides}</TR></TABLE>"


def _column(height: int, colour: str) -> str:
    """One bar of a histogram that is 14 points high: an empty cell over a coloured one."""
    above = f'<TR><TD FIXEDSIZE="TRUE" WIDTH="8" HEIGHT="{15 - height}"></TD></TR>'
    bar = f'<TR><TD FIXEDSIZE="TRUE" WIDTH="8" HEIGHT="{height}" BGCOLOR="{colour}"></TD></TR>'
    return f"{GRID.format(0)}{above}{bar}</TABLE>"


def _cell(inside: str, width: int = 0) -> str:
    size = f' WIDTH="{width}"' if width else ""
    return f"<TR><TD{size}>{inside}</TD></TR>"


def _font(text: str, colour: str, size: int) -> str:
    return f'<FONT COLOR="{colour}" POINT-SIZE="{size}">{_text(text)}</FONT>'


def _wide(text: str) -> int:
    """A width for text with letters whose width the renderer does not know; 0 leaves it to the renderer."""
    return 0 if text.isascii() else sum(7 if c.isascii() else 12 for c in text) + 12


def _short(text: str, limit: int = 48) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _shape(box: Box) -> str:
    return "" if box.shape is None else str(box.shape) if box.shape else "scalar"


def tooltip(box: Box) -> str:
    """What hovering shows, in words: all that the box does not say already."""
    parts = [box.detail] if box.detail else []
    parts += [f"shape {box.shape}, {box.dtype}"] if box.shape is not None else []
    for what, value in (("value", box.value), ("gradient", box.gradient)):
        if value is not None and as_plain(value).size:
            parts.append(f"{what}: min · mean · max {summary(value).text}")
    parts += [f"rule of {box.rule}, in the backward pass"] if box.rule else []
    parts += [box.blame] if box.blame else []
    parts += [str(box.place)] if box.place else []
    return "\n".join(parts) or box.kind


# --------------------------------------------------------------------------------------------------- edges and legend


def _edge(arrow: Arrow, theme: Theme, kind: str) -> dict[str, str]:
    tip = f"operand {arrow.role}" if arrow.role else "operand"
    attributes = {"tooltip": _tip(tip), "labeltooltip": _tip(tip)}
    if kind == CONSTANT:
        return attributes | {"color": theme.constant_line, "arrowhead": "none"}
    if arrow.gradient is None:
        return attributes
    alarm = theme.alarm_line if not is_finite(arrow.gradient) else theme.gradient
    tip = f"{tip}\ngradient flowing back: min · mean · max {summary(arrow.gradient).text}"
    attributes |= {
        "label": f"<{GRID.format(4)}<TR><TD>{_mono(brief(arrow.gradient), alarm)}</TD></TR></TABLE>>",
        "color": f"{theme.line}:{theme.gradient}", "dir": "both", "arrowtail": "onormal",
        "tooltip": _tip(tip), "labeltooltip": _tip(tip),
    }  # fmt: skip
    return attributes


KINDS = {
    INPUT: "input", OPERATION: "operation", BACKWARD: "backward operation", CONSTANT: "constant", GROUP: "collapsed",
}  # fmt: skip


def _legend(diagram: Diagram, theme: Theme) -> str:
    """One line that says what the colours mean, of those that occur."""
    cells = [f"<TD><B>{_text(_short(diagram.title))}</B></TD>", *_box_colours(diagram, theme)]
    if diagram.has_gradients:
        cells += _gradient_colours(diagram, theme)
    if any(size > BRIEF_SIZE for size in _summarised(diagram)):
        cells.append(f"<TD>{_font('a · b · c: min · mean · max', theme.quiet, 10)}</TD>")
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="6" CELLPADDING="1"><TR>{"".join(cells)}</TR></TABLE>>'


def _box_colours(diagram: Diagram, theme: Theme) -> list[str]:
    """A swatch for each kind of box, and one for alarms."""
    colours = theme._asdict()
    present = {box.kind for box in diagram.boxes}
    swatches = [
        _swatch(text, colours[kind], colours[f"{kind}_line"], theme) for kind, text in KINDS.items() if kind in present
    ]
    if any(not (is_finite(box.value) and is_finite(box.gradient)) for box in diagram.boxes):
        swatches.append(_swatch("NaN or Inf", theme.alarm, theme.alarm_line, theme))
    return swatches


def _gradient_colours(diagram: Diagram, theme: Theme) -> list[str]:
    """The colours of the numbers, and a swatch for each unusual magnitude of a gradient."""
    colours = theme._asdict()
    seen = {ground_of(magnitude(box.gradient)) for box in diagram.boxes if box.gradient is not None}
    words = f'<TD><FONT COLOR="{theme.value}">value</FONT> and <FONT COLOR="{theme.gradient}">gradient</FONT></TD>'
    return [
        words,
        *(
            _swatch(_range(low, high), colours[role], colours[role], theme)
            for role, low, high in SCALE
            if role in seen and role
        ),
    ]


def _summarised(diagram: Diagram) -> Iterator[int]:
    """The sizes of what is shown as a summary when it is large."""
    for arrow in diagram.arrows:
        yield 0 if arrow.gradient is None else as_plain(arrow.gradient).size
    for box in diagram.boxes:
        if box.value is not None and written_out(box.value) is None:
            yield as_plain(box.value).size


def _range(low: float, high: float) -> str:
    word, limit = ("under", high) if high < 1 else ("over", low)
    return f"gradient {word} {f'{limit:.0e}'.replace('e+0', 'e').replace('e-0', 'e-')}"


def _swatch(text: str, ground: str, line: str, theme: Theme) -> str:
    patch = (
        f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" BGCOLOR="{ground}" COLOR="{line}">'
        f'<TR><TD FIXEDSIZE="TRUE" WIDTH="14" HEIGHT="9"></TD></TR></TABLE>'
    )
    return f"<TD>{patch}</TD><TD>{_text(text)}</TD>"
