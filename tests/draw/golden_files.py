"""The pictures whose texts are kept under ``golden/``. Running this file writes them anew: look at the difference."""

import sys
from pathlib import Path

import numpy as np

GOLDEN = Path(__file__).parent / "golden"
sys.path.insert(0, str(GOLDEN.parent.parent))

from drawn_nets import INPUTS, LABELS, cubic, diamonds, document_loss, loop, parameters  # noqa: E402

from autograd import draw, grad  # noqa: E402


def texts():
    """Each golden file's name and what it should say."""
    pictures = {
        "document": draw(document_loss, parameters(), INPUTS, LABELS, gradients=True),
        "loop": draw(loop, np.linspace(-1.0, 1.0, 32), gradients=True),
        "diamonds": draw(diamonds, 1.5, 3),
        "grad_of_grad": draw(grad(grad(cubic)), 2.0),
    }
    for name, picture in pictures.items():
        yield f"{name}.dot", picture.dot
        yield f"{name}.txt", picture.text() + "\n"
        yield f"{name}.json", picture.json()
        yield f"{name}.mmd", picture.mermaid()


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN
    folder.mkdir(exist_ok=True)
    for file, text in texts():
        (folder / file).write_text(text, encoding="utf-8")
