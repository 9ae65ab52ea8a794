"""The text twin of a picture: the same boxes and the same numbers, indented. It is also the picture's alt text."""

from __future__ import annotations

import textwrap

from autograd.drawing.diagram import CONSTANT, GROUP, INPUT, Arrow, Box, Diagram, reference, shared_depth
from autograd.drawing.letters import one_line
from autograd.drawing.numbers import is_finite, lines

#: No line of words is wider, so that it fits a terminal; a name or a number that is wider stays in one piece.
WIDTH = 80


def text_of(diagram: Diagram, *, values: bool = True, scopes: bool = True) -> str:
    """Return ``diagram`` as indented text."""
    boxes = {box.id: box for box in diagram.boxes}
    into = diagram.arrows_into()
    kinds = [box.kind for box in diagram.boxes]
    operations = sum(box.count for box in diagram.boxes if box.kind not in (INPUT, CONSTANT))
    out = [f"{diagram.title}: {_counted(kinds.count(INPUT), 'input')}, {_counted(operations, 'operation')}"]
    opened: tuple[str, ...] = ()
    for box in diagram.boxes:
        if box.kind == CONSTANT:
            continue
        scope = box.scope if scopes else ()
        if scope != opened:
            new = range(shared_depth(scope, opened), len(scope))
            out += [f"{'  ' * (depth + 1)}{one_line(scope[depth])}:" for depth in new]
            opened = scope
        out += _lines_of(box, into[box.id], boxes, "  " * (len(scope) + 1), values)
    return "\n".join(out)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s'[: count != 1]}"


def _lines_of(box: Box, arrows: list[Arrow], boxes: dict[str, Box], indent: str, values: bool) -> list[str]:
    facts = "" if box.shape is None else f"{box.dtype}{list(box.shape) if box.shape else ''}"
    head = f"{indent}{box.id} {one_line(box.name)}".rstrip()
    if box.kind == INPUT:
        head += f": {facts}"
    else:
        operands = [reference(boxes[arrow.source]) for arrow in arrows]
        operands += [one_line(box.detail)] if box.detail else []
        head += f"{f': {facts}' if facts else ''} = {one_line(box.operation)}({', '.join(operands)})"
    notes = [f"backward of {box.rule}"] if box.rule else []
    notes += [box.result] if box.result else []
    notes += [str(box.place)] if box.place else []
    out = _with_notes(head, f"# {', '.join(notes)}" if notes else "", indent)
    if values and box.value is not None:
        out += _labelled("value", lines(box.value), indent)
    if box.gradient is not None:
        out += _labelled("gradient", lines(box.gradient), indent)
    if box.blame:
        out += _filled(f"! {box.blame}", f"{indent}    ", f"{indent}      ")
    elif box.kind != GROUP and not is_finite(box.value):
        out.append(f"{indent}    ! not finite")
    return out


def _with_notes(head: str, notes: str, indent: str) -> list[str]:
    """The call and what is to be said of it, on one line where there is room."""
    line = f"{head}  {notes}".rstrip()
    return [line] if len(line) <= WIDTH or not notes else [head, *_filled(notes, f"{indent}    ", f"{indent}    # ")]


def _filled(text: str, first: str, later: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=later, break_long_words=False, break_on_hyphens=False
    )


def _labelled(what: str, rows: list[str], indent: str) -> list[str]:
    return [f"{indent}    {what if i == 0 else '':<9} {row}" for i, row in enumerate(rows)]
