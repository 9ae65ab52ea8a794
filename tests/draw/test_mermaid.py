"""Mermaid: one statement per line, and no character of a name that Mermaid could read."""

import re

import numpy as np
from drawn_nets import INPUTS, LABELS, document_loss, parameters

from autograd import draw

NODE = re.compile(r'  \w+(\(\[|\(|\[|\[\[)"([^"]*)"(\]\)|\)|\]|\]\]):::\w+')
ARROW = re.compile(r'  \w+ -->(\|"[^"]*"\|)? \w+')
OTHER = re.compile(r'flowchart TB|subgraph \w+\["[^"]*"\]|end|  classDef \w+ fill:#\w+,stroke:#\w+,color:#\w+')


def test_every_line_is_a_statement():
    text = draw(document_loss, parameters(), INPUTS, LABELS, gradients=True).mermaid()
    for line in text.splitlines():
        assert NODE.fullmatch(line) or ARROW.fullmatch(line) or OTHER.fullmatch(line), line
    assert text.count("subgraph") == text.count("\nend") == 2
    assert "gradient 0.125  -0.141  -0.1349  0.008628" in text


def test_names_are_escaped():
    name = '"]; end --> a & <b> #1; `c` \\ 损失'
    text = draw(lambda p: np.sum(p[name]), {name: 1.0}).mermaid()
    label = next(match[2] for line in text.splitlines() if (match := NODE.fullmatch(line)))
    shown = re.sub(r"#(\d+);", lambda code: chr(int(code[1])), label.split("<br/>")[0])
    assert shown == f"p[{name!r}]"
    assert not re.search(r"[<>&`\\]", label.replace("<br/>", ""))
