"""The story: frames with rules and numbers, and the page, driven in a real browser where there is one."""

import html
import json
import re
import shutil
import subprocess

import numpy as np
import pytest
from drawn_nets import INPUTS, LABELS, document_loss, parameters

from autograd import draw
from autograd.drawing.theme import DARK, LIGHT

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_browser = pytest.mark.skipif(BROWSER is None, reason="needs Chromium")


@pytest.fixture(scope="module")
def picture():
    return draw(document_loss, parameters(), INPUTS, LABELS, gradients=True)


def test_forward_then_backward(picture):
    frames = picture.story()
    assert [frame.phase for frame in frames] == ["forward"] * 16 + ["backward"] * 16
    assert [frame.box for frame in frames[16:]] == [frame.box for frame in reversed(frames[:16])]


def test_each_step_has_its_rule_and_its_numbers(picture):
    rules = {frame.title: frame.rules for frame in picture.story() if frame.phase == "backward"}
    assert [formula for _, formula, _ in rules["final_output"]] == ["g * (out * (1 - out))"]
    assert [formula for _, formula, _ in rules["hidden_output"]] == ["where(out > 0, g, 0)"]
    assert [formula for _, formula, _ in rules["error"]] == ["g", "-g"]
    matmuls = [frame for frame in picture.story() if frame.phase == "backward" and frame.title == "matmul"]
    assert [rule[:2] for rule in matmuls[0].rules] == [
        ("hidden_output", "g @ params['output'].W.T"),
        ("params['output'].W", "hidden_output.T @ g"),
    ]
    for _, _, numbers in rules["final_output"]:
        assert numbers == ("   0.125", "  -0.141", " -0.1349", "0.008628")


def test_a_broadcast_operand_shows_the_sum(picture):
    adds = [f for f in picture.story() if f.phase == "backward" and f.title == "add"]
    assert [formula for _, formula, _ in adds[0].rules] == ["g", "sum(g, axis=0, keepdims=True)"]


def test_a_printed_story_is_text(picture):
    text = str(picture.story())
    assert text.startswith("forward   params['hidden'].W is given\n")
    assert "\nbackward  g = ∂L/∂final_output has arrived\n" in text
    assert "\n          params['output'].W is sent hidden_output.T @ g\n" in text
    assert text.count("\nforward  ") + text.count("\nbackward ") + 1 == len(picture.story())


def test_without_gradients_the_story_is_the_forward_pass():
    assert {frame.phase for frame in draw(np.tanh, 1.0).story()} == {"forward"}


def test_the_page_needs_no_network(picture):
    page = picture.html()
    links = set(re.findall(r"https?://[^\"'\s<]+", page))
    assert links <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "@" not in "".join(re.findall(r"@[A-Z]+@", page))


def test_names_cannot_end_the_script():
    page = draw(lambda x: x + 1, 1.0, name="</script><script>alert(1)</script>").html()
    assert page.count("</script>") == 2


# ------------------------------------------------------------------------------------------------------ in the browser

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
]  # fmt: skip

DRIVER = """<pre id="report"></pre><script>
const seen = {}, key = (name) => document.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
const hidden = (id) => document.querySelectorAll(`#${id} .unborn`).length;
const ground = () => getComputedStyle(document.querySelector("main svg polygon")).fill;
seen.start = now; seen.unbornAtStart = hidden("v8");
seen.futureAtStart = document.querySelectorAll("g.node.future").length;
slider.value = 20; slider.dispatchEvent(new Event("input"));
seen.slider = now; seen.marked = document.querySelector("g.node.now").id; seen.panel = panel.textContent;
key("ArrowRight"); seen.right = now; key("ArrowLeft"); key("ArrowLeft"); seen.left = now;
key("Home"); seen.home = now; key("End"); seen.end = now; seen.count = count.textContent;
seen.unbornAtEnd = document.querySelectorAll(".unborn").length;
paint("light"); seen.light = [ground(), getComputedStyle(document.body).backgroundColor];
document.getElementById("theme").click();
seen.dark = [ground(), getComputedStyle(document.body).backgroundColor];
seen.darkInk = getComputedStyle(document.querySelector("#v8 text")).fill;
key("Home"); key(" "); seen.playing = document.getElementById("play").textContent;
setTimeout(() => {
  seen.played = now; key(" "); seen.paused = document.getElementById("play").textContent;
  report.textContent = JSON.stringify(seen);
}, 3200);
</script></body>"""


def browse(path, *flags, profile):
    command = [BROWSER, *FLAGS, f"--user-data-dir={profile}", *flags, path.as_uri()]
    return subprocess.run(command, capture_output=True, timeout=60, check=True).stdout.decode()


def rgb(colour):
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


@needs_browser
def test_the_page_is_driven(picture, tmp_path):
    page = tmp_path / "story.html"
    page.write_text(picture.html().replace("</body>", DRIVER), encoding="utf-8")
    dom = browse(page, "--virtual-time-budget=8000", "--dump-dom", profile=tmp_path / "profile")
    seen = json.loads(html.unescape(re.search(r'<pre id="report">(.*?)</pre>', dom, re.DOTALL)[1]))
    assert seen["start"] == 0 and seen["futureAtStart"] == 16 and seen["unbornAtStart"] > 0
    assert (seen["slider"], seen["right"], seen["left"], seen["home"], seen["end"]) == (20, 21, 19, 0, 31)
    assert seen["marked"] == "v11" and "g * (out * (1 - out))" in seen["panel"]
    assert seen["count"] == "32 of 32" and seen["unbornAtEnd"] == 0
    assert seen["light"] == [rgb(LIGHT.ground)] * 2 and seen["dark"] == [rgb(DARK.ground)] * 2
    assert seen["darkInk"] == rgb(DARK.ink)
    assert seen["playing"] == "Pause" and seen["played"] >= 2 and seen["paused"] == "Play"


@needs_browser
def test_the_svg_opens(picture, tmp_path):
    dom = browse(picture.save(tmp_path / "net.svg"), "--dump-dom", profile=tmp_path / "profile")
    assert "parsererror" not in dom and dom.count('class="node') == 17
