"""A diagram as JSON: every box and arrow, with all digits, for tools and for tests."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

import numpy as np

from autograd.drawing.diagram import Diagram
from autograd.drawing.numbers import as_plain, summary

#: Arrays up to this size are written in full.
FULL = 4096
FACTS = ("id", "kind", "operation", "name", "detail", "dtype", "rule", "result", "shape", "scope")


def json_of(diagram: Diagram) -> str:
    """Return ``diagram`` as JSON text. NaN and the infinities are the strings "nan", "inf", "-inf"."""
    boxes = []
    for box in diagram.boxes:
        facts = {name: getattr(box, name) for name in FACTS}
        facts |= {"place": str(box.place or ""), "count": box.count, "blame": box.blame}
        boxes.append(facts | {"value": _array(box.value), "gradient": _array(box.gradient)})
    arrows = [
        {"source": a.source, "target": a.target, "role": a.role, "gradient": _array(a.gradient)} for a in diagram.arrows
    ]
    return json.dumps({"title": diagram.title, "boxes": boxes, "arrows": arrows}, ensure_ascii=False, indent=1) + "\n"


def _array(value: Any) -> Any:
    if value is None:
        return None
    array = as_plain(value)
    if array.size > FULL:
        return {"shape": array.shape, "summary": {k: _plain(v) for k, v in asdict(summary(array)).items()}}
    if array.dtype.kind == "c":
        return {"real": _plain(array.real.tolist()), "imag": _plain(array.imag.tolist())}
    return _plain(array.tolist())


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, (float, np.floating)) and not math.isfinite(value):
        return str(float(value))
    return value
