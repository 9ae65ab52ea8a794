"""A failing check as a few lines of Python that can be pasted anywhere."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from autograd.trees import flatten, leaves_with_paths, rebuild

#: The lines of an array stand below each other, as far in as this.
MARGIN = "    np.array("

#: Arrays of up to this many entries are written out.
LITERAL = 64


class Written:
    """A text that stands for a value: its ``repr`` is the text itself."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def reproducer(fun: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any], folder: Path) -> str:
    """Return code that repeats ``check_gradients(fun, *args, **options)``.

    Small arrays are written as literals; if there is a large one, it goes to a file ``.npz`` in ``folder``.
    """
    name = getattr(fun, "__name__", "fun")
    name = name if name.isidentifier() else "fun"
    stored: dict[str, Any] = {}
    texts = []
    for i, arg in enumerate(args):
        leaves, structure = flatten(arg)
        paths = [path for path, _ in leaves_with_paths(arg, f"args[{i}]")]
        written = [Written(_literal(leaf, path, stored)) for leaf, path in zip(leaves, paths, strict=True)]
        texts.append(repr(rebuild(structure, written)))
    lines = ["import numpy as np", "from autograd import check_gradients", ""]
    if stored:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"gradcheck-{re.sub(r'[^A-Za-z0-9]', '', name) or 'fun'}.npz"
        np.savez(file, **stored)
        lines.append(f"arrays = np.load({str(file)!r})")
    keywords = "".join(f", {key}={value!r}" for key, value in options.items() if key != "raise_error")
    where = getattr(getattr(inspect.unwrap(fun), "__code__", None), "co_firstlineno", None)
    comment = f"  # {fun.__module__}.{fun.__qualname__}, line {where}" if where else ""
    lines += ["args = (", *(f"    {text}," for text in texts), ")"]
    return "\n".join([*lines, f"check_gradients({name}, *args{keywords}){comment}"])


def _literal(leaf: Any, path: str, stored: dict[str, Any]) -> str:
    if isinstance(leaf, np.ndarray):
        if leaf.size > LITERAL:
            stored[path] = leaf
            return f"arrays[{path!r}]"
        body = np.array2string(
            leaf, separator=", ", threshold=leaf.size + 1, floatmode="unique", max_line_width=72, prefix=MARGIN
        )
        shape = f".reshape({leaf.shape})" if leaf.size == 0 else ""
        body = re.sub(r"\b(nan|inf)\b", r"np.\1", body)
        return f"np.array({body if leaf.size else '[]'}, dtype=np.{leaf.dtype.name}){shape}"
    if isinstance(leaf, np.generic):
        return f"np.{leaf.dtype.name}({leaf.item()!r})"
    return repr(leaf)
