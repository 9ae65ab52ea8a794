"""Colours: the Okabe–Ito palette, which colour-blind readers can tell apart, on a light and on a dark ground.

Each role has one colour per theme, and no two roles of a theme share one: an SVG drawn in the light theme becomes dark
by a style sheet that maps colour to colour. Shape and line style repeat what colour says, for prints in grey.
"""

from __future__ import annotations

from typing import NamedTuple


class Theme(NamedTuple):
    """The colour of each role."""

    ground: str
    ink: str
    quiet: str
    line: str
    scope: str
    scope_line: str
    value: str
    gradient: str
    input: str
    input_line: str
    constant: str
    constant_line: str
    operation: str
    operation_line: str
    backward: str
    backward_line: str
    group: str
    group_line: str
    alarm: str
    alarm_line: str
    tiny: str
    small: str
    big: str
    huge: str


LIGHT = Theme(
    ground="#ffffff", ink="#1a1a1a", quiet="#6b7075", line="#5f6b76", scope="#f6f7f9", scope_line="#c9ced6",
    value="#00568a", gradient="#b34a00",
    input="#e8f6f1", input_line="#009e73", constant="#f1f1f0", constant_line="#b5b5b2",
    operation="#fdfefe", operation_line="#56b4e9", backward="#fdf1e7", backward_line="#d55e00",
    group="#faf0f6", group_line="#cc79a7", alarm="#fbf3a1", alarm_line="#111111",
    tiny="#bcd9f0", small="#ddebf7", big="#fbdcc2", huge="#f5b48a",
)  # fmt: skip

DARK = Theme(
    ground="#14171c", ink="#eceff3", quiet="#9aa3ad", line="#8b96a3", scope="#1a1e25", scope_line="#3a424d",
    value="#7cc7f2", gradient="#ffa057",
    input="#12332b", input_line="#1fbd8f", constant="#26282b", constant_line="#5d6064",
    operation="#1e242c", operation_line="#4d9fd0", backward="#35241a", backward_line="#e2762b",
    group="#33222d", group_line="#d38db5", alarm="#5a5212", alarm_line="#f0e442",
    tiny="#123a5c", small="#1d3145", big="#4a3120", huge="#7a3d12",
)  # fmt: skip

#: Magnitudes (root mean square) of gradients, and the role whose colour shows them.
SCALE = (("tiny", 0.0, 1e-6), ("small", 1e-6, 1e-3), ("", 1e-3, 1e3), ("big", 1e3, 1e6), ("huge", 1e6, float("inf")))


def ground_of(magnitude: float) -> str:
    """The role that shows a gradient of this magnitude: vanishing, usual, exploding; zero and NaN have none."""
    if magnitude == 0 or magnitude != magnitude:
        return ""
    return next((role for role, low, high in SCALE if low <= magnitude < high), "huge")
