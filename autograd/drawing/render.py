"""Rendering: DOT text to SVG, PNG or PDF, by the system's Graphviz or by the renderer that comes with this library.

Tried in this order: the program that the environment variable ``AUTOGRAD_DOT`` names, ``dot`` on the PATH, and
``graphviz-pure``, which is installed next to Python.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig

from autograd.errors import RenderError

SECONDS = 30.0
VARIABLE = "AUTOGRAD_DOT"


def renderer() -> str:
    """Return the path of the program that renders. Raises `RenderError` where there is none."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        found = shutil.which(chosen)
        if found is None:
            raise RenderError(
                f"{VARIABLE} is {chosen!r}, which is no program. Name one that takes dot's flags, or unset it."
            )
        return found
    found = shutil.which("dot") or _bundled()
    if found is None:
        raise RenderError(
            "No renderer for graphs was found: reinstall the Python packages (pip install graphviz graphviz-pure), or "
            "install Graphviz's program dot (apt install graphviz, brew install graphviz, winget install graphviz); "
            "the Python package graphviz alone only writes DOT."
        )
    return found


def _bundled() -> str | None:
    """The ``graphviz-pure`` that is installed with this Python, whose folder is often not on the PATH."""
    folders = (sysconfig.get_path("scripts"), os.path.dirname(sys.executable), None)  # None stands for the PATH
    return next(filter(None, (shutil.which("graphviz-pure", path=folder) for folder in folders)), None)


def render(dot: str, format: str, *, seconds: float = SECONDS, dpi: int | None = None) -> bytes:
    """Return ``dot`` rendered to ``format`` (svg, png, pdf).

    Raises `RenderError` when no renderer works, when it fails, or when it takes more than ``seconds``.
    """
    program = renderer()
    flags = [f"-T{format}", *([f"-Gdpi={dpi}"] if dpi else [])]
    try:
        done = subprocess.run([program, *flags], input=dot.encode(), capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise RenderError(
            f"{os.path.basename(program)} did not lay the graph out within {seconds:g} s. Draw fewer boxes: "
            f"draw(…, max_nodes=100), or without the limit only as text: .text(), .dot, .save('x.json')."
        ) from error
    except OSError as error:
        raise RenderError(f"{program} could not be started: {error}. Set {VARIABLE} to another program.") from error
    if done.returncode or not done.stdout:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        lines.sort(key=lambda line: line.startswith("Warning"))  # a warning is not what went wrong
        complaint = next(iter(lines), "it returned nothing")
        raise RenderError(
            f"{os.path.basename(program)} could not write {format}: {complaint}. SVG and PNG work everywhere."
        )
    return done.stdout
