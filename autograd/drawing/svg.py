"""SVG for people: tooltips, a text alternative, fonts that exist, and colours that follow the reader's theme."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

from autograd.drawing.letters import printable
from autograd.drawing.theme import DARK, LIGHT

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
FONTS = {
    "Helvetica": "Helvetica, Arial, 'Liberation Sans', 'Noto Sans', 'Noto Sans CJK SC', sans-serif",
    "Courier": "'Courier New', 'Liberation Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
}
DARK_PAGES = ("[data-jp-theme-light='false']", ".vscode-dark", "[data-theme='dark']")


def polish(svg: bytes, *, title: str, description: str, theme: str) -> str:
    """Return the SVG text of a renderer, made readable: see the top of this file."""
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    root = ElementTree.fromstring(svg)
    root.set("class", "autograd-drawing")
    root.set("role", "img")
    root.set("aria-label", printable(f"Computation graph of {title}"))
    for group in list(root.iter(f"{{{SVG}}}g")):
        _use_tooltips(group)
    for text in root.iter(f"{{{SVG}}}text"):
        family = text.get("font-family")
        if family in FONTS:
            text.set("font-family", FONTS[family])
    describe = ElementTree.Element(f"{{{SVG}}}desc")
    describe.text = printable(description)
    root.insert(0, describe)
    style = ElementTree.Element(f"{{{SVG}}}style")
    # Browsers fit the picture to the page; converters, which read rules without a medium only, keep its size in points.
    style.text = "@media all { svg.autograd-drawing { max-width: 100%; height: auto; } }\n" + STYLES[theme]()
    root.insert(1, style)
    return ElementTree.tostring(root, encoding="unicode")


def _use_tooltips(group: ElementTree.Element) -> None:
    """Replace Graphviz's titles, which are ids, by the tooltips that it hides in links."""
    tip = None
    for wrapper in group.findall(f"{{{SVG}}}g"):
        link = wrapper.find(f"{{{SVG}}}a")
        if link is None:
            continue
        tip = tip or link.get(f"{{{XLINK}}}title")
        place = list(group).index(wrapper)
        group.remove(wrapper)
        for child in reversed(list(link)):
            group.insert(place, child)
    title = group.find(f"{{{SVG}}}title")
    if title is not None:
        if tip:
            title.text = tip
        else:
            group.remove(title)


def dark_style(*, media: bool = True) -> str:
    """CSS that maps each colour of the light theme to that of the dark one, where the page or the reader is dark."""

    def rules(prefix: str) -> str:
        return "\n".join(
            f"{prefix}svg.autograd-drawing [{attribute}='{light}'] {{ {attribute}: {dark}; }}"
            for light, dark in zip(LIGHT, DARK, strict=True)
            for attribute in ("fill", "stroke")
        )

    pages = "\n".join(rules(f"{page} ") for page in DARK_PAGES)
    return (f"@media (prefers-color-scheme: dark) {{\n{rules('')}\n}}\n" if media else "") + pages + "\n"


#: What a theme adds to the drawing: "auto" follows the reader, "page" the page it stands in.
STYLES: dict[str, Callable[[], str]] = {
    "auto": dark_style,
    "page": lambda: dark_style(media=False),
    "light": str,
    "dark": str,
}
