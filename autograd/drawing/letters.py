"""Letters that every format can show: control characters of a user's text are replaced before it is escaped."""

from __future__ import annotations


def printable(text: str) -> str:
    """``text`` with its lines, but without other control characters, which XML forbids.

    >>> printable("bell\\a, next")
    'bell�, next'
    """
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def one_line(text: str) -> str:
    """``text`` on one line: breaks show as ⏎.

    >>> one_line("two\\nlines")
    'two⏎lines'
    """
    return printable(text).replace("\n", "⏎")
