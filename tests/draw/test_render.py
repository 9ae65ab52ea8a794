"""Renderers: which one is taken, and what happens without one, with a slow one, with a broken one."""

import shutil
import stat
import sys

import pytest

from autograd.drawing.render import render, renderer
from autograd.errors import RenderError

DOT = "digraph { a -> b }"


def program(path, body):
    path.write_text(f"#!{sys.executable}\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_the_environment_names_the_renderer(monkeypatch, tmp_path):
    own = program(tmp_path / "own", "import sys; sys.stdin.read(); print('drawn', sys.argv[1:])")
    monkeypatch.setenv("AUTOGRAD_DOT", str(own))
    assert render(DOT, "svg", dpi=9) == b"drawn ['-Tsvg', '-Gdpi=9']\n"


def test_a_wrong_name_in_the_environment(monkeypatch):
    monkeypatch.setenv("AUTOGRAD_DOT", "no-such-program")
    with pytest.raises(RenderError, match="AUTOGRAD_DOT is 'no-such-program'"):
        renderer()


def test_a_system_dot_comes_first(monkeypatch, tmp_path):
    monkeypatch.delenv("AUTOGRAD_DOT", raising=False)
    own = program(tmp_path / "dot", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert renderer() == str(own)


@pytest.mark.skipif(shutil.which("dot") is not None, reason="a system dot is preferred")
def test_the_bundled_renderer_is_found_off_the_path(monkeypatch, tmp_path):
    monkeypatch.delenv("AUTOGRAD_DOT", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "graphviz-pure" in renderer()
    assert b"</svg>" in render(DOT, "svg")


def test_no_renderer_is_one_clear_sentence(monkeypatch):
    monkeypatch.delenv("AUTOGRAD_DOT", raising=False)
    monkeypatch.setattr(shutil, "which", lambda *args, **kwargs: None)
    with pytest.raises(RenderError, match=r"pip install graphviz graphviz-pure.*program dot.*apt install graphviz"):
        render(DOT, "svg")


def test_time_is_bounded(monkeypatch, tmp_path):
    monkeypatch.setenv("AUTOGRAD_DOT", str(program(tmp_path / "slow", "import time; time.sleep(60)")))
    with pytest.raises(RenderError, match=r"within 0.2 s.*max_nodes"):
        render(DOT, "svg", seconds=0.2)


def test_a_broken_renderer(monkeypatch, tmp_path):
    monkeypatch.setenv("AUTOGRAD_DOT", str(program(tmp_path / "broken", "raise SystemExit('no fonts')")))
    with pytest.raises(RenderError, match="broken could not write svg: no fonts"):
        render(DOT, "svg")


def test_a_warning_is_not_taken_for_what_went_wrong(monkeypatch, tmp_path):
    body = "import sys; sys.exit('Warning: no width\\nError: syntax error')"
    monkeypatch.setenv("AUTOGRAD_DOT", str(program(tmp_path / "broken", body)))
    with pytest.raises(RenderError, match="could not write svg: Error: syntax error"):
        render(DOT, "svg")
