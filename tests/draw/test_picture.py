"""`draw` and what a picture can do: numbers, scopes, names, formats, options."""

import json
import re
import sys
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from drawn_nets import INPUTS, LABELS, chain, diamonds, document_loss, hand_written, parameters

from autograd import Tensor, derivative, draw, grad, relu, scope
from autograd.errors import ArgumentError, OutputError, RenderError
from autograd.rules import TABLE
from autograd.trees import flatten, leaves_with_paths

ARGS = (parameters(), INPUTS, LABELS)
MASK = np.array([True, False])
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def picture():
    return draw(document_loss, *ARGS, gradients=True)


def by_title(picture):
    return {box["name"] or box["operation"]: box for box in json.loads(picture.json())["boxes"]}


def test_the_gradients_on_the_picture_are_those_of_grad(picture):
    boxes = by_title(picture)
    expected = grad(document_loss, (0, 1, 2))(*ARGS)
    for path, gradient in leaves_with_paths(dict(zip(("params", "x", "y"), expected, strict=True))):
        name = re.sub(r"^\['(\w+)'\]", r"\1", path)
        np.testing.assert_array_equal(np.array(boxes[name]["gradient"]), gradient)


def test_the_numbers_on_the_picture_are_those_of_the_hand_written_formulas(picture):
    """output_delta = (target - output) · sigmoid_back(output), hidden_delta = hidden_error · relu_back(hidden)."""
    boxes = {box.id: box for box in picture.diagram.boxes}
    steps, (output_delta, hidden_delta) = hand_written(*ARGS)
    into = picture.diagram.arrows_into()
    sigmoid_of, relu_of = (into[picture.diagram.find(op).id][0].source for op in ("sigmoid", "relu"))
    np.testing.assert_allclose(-boxes[sigmoid_of].gradient, output_delta, rtol=1e-12)
    np.testing.assert_allclose(-boxes[relu_of].gradient, hidden_delta, rtol=1e-12)
    for (path, step), name in zip(
        leaves_with_paths(steps), ("hidden'].W", "hidden'].b", "output'].W", "output'].b"), strict=True
    ):
        assert path
        np.testing.assert_allclose(-picture.diagram.find(f"params['{name}").gradient, step, rtol=1e-12, atol=1e-15)


def test_the_numbers_in_the_dot_text_are_those_of_the_gradient(picture):
    line = next(line for line in picture.dot.splitlines() if "<B>params[&#x27;output&#x27;].W</B>" in line)
    numbers = [float(text) for text in re.findall(r'POINT-SIZE="9"[^>]*>([^<]+)<', line)]
    gradient = grad(document_loss)(*ARGS)["output"].W
    expected = np.hstack([ARGS[0]["output"].W, gradient])
    np.testing.assert_allclose(np.sort(numbers), np.sort(expected.ravel()), rtol=5e-4)


def test_what_flows_back_along_the_arrows_adds_up_to_the_gradient(picture):
    for box in picture.diagram.boxes:
        flows = [arrow.gradient for arrow in picture.diagram.arrows if arrow.source == box.id]
        if flows and box.kind != "constant":
            np.testing.assert_allclose(sum(flows), box.gradient, rtol=1e-12)


def test_an_operand_used_twice_has_two_arrows():
    square = draw(lambda x: x * x, 3.0, gradients=True).diagram
    assert [(a.source, a.role, float(a.gradient)) for a in square.arrows] == [("v0", "x", 3.0), ("v0", "y", 3.0)]
    assert square.boxes[0].gradient == 6


def test_stacked_diamonds_are_linear():
    stacked = draw(diamonds, 1.0).diagram
    assert len(stacked.boxes) == 15 and len(stacked.arrows) == 28


def test_scopes_are_clusters(picture):
    assert re.findall(r"label=<<B>(\w+)</B>>", picture.dot) == ["hidden", "output"]
    assert "subgraph" not in draw(document_loss, *ARGS, scopes=False).dot


@pytest.mark.parametrize(
    ("fun", "call"),
    [
        (lambda x: x - 1.0, "subtract(v0, 1)"),
        (lambda x: 1.0 - x, "subtract(1, v0)"),
        (lambda x: x**2, "power(v0, 2)"),
        (lambda x: np.where(MASK, x, 0.0), "where(bool[2], v0, 0)"),
        (lambda x: np.concatenate([x, np.ones(3), x]), "concatenate(v0, float64[3], v0)"),
    ],
)
def test_constants_stand_where_they_stand_in_the_call(fun, call):
    picture = draw(fun, np.array([1.0, 2.0]))
    assert f" = {call} #" in " ".join(picture.text().split())
    assert f" = {call}" in picture.story()[-1].formula.replace("x", "v0")


def test_constants_of_a_tensor_stand_where_they_stand_in_the_call():
    t = Tensor([1.0, 2.0])
    assert "power(n0, 2)" in draw(t**2).text() and "power(2, n0)" in draw(2**t).text()


def places(picture):
    """Where the left edge of each box stands, in the picture as it is rendered."""
    root = ElementTree.fromstring(picture.svg())
    groups = [group for group in root.iter(f"{SVG}g") if "node" in group.get("class", "")]
    shapes = {g.get("id"): next(s for s in g.iter() if s.tag in (f"{SVG}polygon", f"{SVG}path")) for g in groups}
    return {
        id: min(float(x) for x in re.findall(r"(-?[\d.]+),", shape.get("points") or shape.get("d")))
        for id, shape in shapes.items()
    }


@pytest.mark.parametrize("fun", [lambda a, b: b - a, lambda a, b: np.sum(b @ a), lambda a, b: (a * 2) / (b + 1)])
def test_operands_stand_from_left_to_right(fun):
    picture = draw(fun, np.eye(2), np.ones((2, 2)))
    left = places(picture)
    for target, arrows in picture.diagram.arrows_into().items():
        assert [left[a.source] for a in arrows] == sorted(left[a.source] for a in arrows), target


def recurrent(w, xs):
    h = np.zeros(3)
    for x in xs:
        h = np.tanh(w @ h + x)
    return np.sum(h)


def test_an_input_that_is_used_often_has_a_copy_at_each_use():
    few, many = (draw(recurrent, np.eye(3), np.ones((steps, 3)), gradients=True) for steps in (6, 9))
    assert "v0_e" not in few.dot
    copies = re.findall(r"^\t(v0_e\d+) \[", many.dot, flags=re.MULTILINE)
    assert len(copies) == 9 and not re.search(r"^\tv0 ->", many.dot, flags=re.MULTILINE)
    assert all(f"{copy} ->" in many.dot for copy in copies)
    arrows = json.loads(many.html().partition('id="data">')[2].partition("</script>")[0])["arrows"]
    assert set(copies) <= {arrow["source"] for arrow in arrows}
    assert many.text().count("v0 w:") == 1


def test_the_text_fits_80_columns():
    def a_function_with_a_name_that_is_rather_long(x):
        return np.sum(np.where(x > 0, np.sqrt(x), np.log(np.abs(x)))) * np.prod(np.maximum(x, 0.5 * x))

    with np.errstate(all="ignore"):
        picture = draw(a_function_with_a_name_that_is_rather_long, np.array([1.0, 0.0, -1.0]), blame=True)
    assert max(map(len, picture.text().splitlines())) <= 80


def test_small_constants_show_their_entries():
    dot = draw(lambda x: x * np.array([1.0, -2.5]) + np.arange(5.0)[:, None], np.ones(2)).dot
    assert ">[1  -2.5]<" in dot and ">float64 (5, 1)<" in dot


def test_constants_can_be_hidden():
    assert "constant" in {box.kind for box in draw(lambda x: 2 * x, 1.0).diagram.boxes}
    hidden = draw(lambda x: 2 * x, 1.0, constants=False).diagram
    assert {box.kind for box in hidden.boxes} == {"input", "operation"}


def test_the_backward_program_has_its_own_kind():
    kinds = {box.kind for box in draw(grad(document_loss), *ARGS).diagram.boxes}
    assert kinds == {"input", "operation", "backward", "constant"}


def test_large_arrays_show_their_range_and_distribution():
    text = draw(lambda x: x + 1, np.arange(100.0)).text()
    assert "0 · 49.5 · 99" in text and "█" in text


def test_several_outputs_and_joined_arrays():
    diagram = draw(lambda x, y: np.divmod(np.concatenate([x, y]), 2), np.ones(2), np.ones(3)).diagram
    assert [b.operation for b in diagram.boxes if b.kind == "operation"] == [
        "concatenate",
        "divmod",
        "divmod[0]",
        "divmod[1]",
    ]
    assert [a.role for a in diagram.arrows if a.target == "v2"] == ["arrays[0]", "arrays[1]"]
    assert [b.result for b in diagram.boxes][-2:] == ["result[0]", "result[1]"]


def test_indices_are_part_of_the_operation():
    diagram = draw(lambda x: x[1:, None, ::2], np.ones((3, 4))).diagram
    assert diagram.find("getitem").detail == "[1:, None, ::2]" and len(diagram.boxes) == 2


def test_integer_inputs_have_gradients_and_indices_do_not():
    def f(x, labels):
        return np.sum(np.square(x[np.arange(2), labels]))

    diagram = draw(f, np.array([[1, 2], [3, 4]]), np.array([0, 1]), gradients=True).diagram
    np.testing.assert_array_equal(diagram.find("x").gradient, [[2, 0], [0, 8]])
    assert diagram.find("labels").gradient is None


def test_gradients_of_a_vector_are_refused():
    with pytest.raises(OutputError, match=r"draw.*needs a scalar"):
        draw(relu, np.ones(3), gradients=True)


def test_options_are_checked():
    with pytest.raises(ArgumentError, match="theme is one of auto, light, dark, not 'sepia'"):
        draw(relu, 1.0, theme="sepia")
    with pytest.raises(ArgumentError, match=r"saved as '\.bmp'"):
        draw(relu, 1.0).save("x.bmp")
    with pytest.raises(ArgumentError, match="a function with its arguments, or a tensor"):
        draw(3.0)


# ------------------------------------------------------------------------------------------------------------ tensors


def test_a_tensor_is_drawn_with_gradients():
    x = Tensor([[1.0, -2.0]], name="x")
    w = Tensor([[3.0], [4.0]], name="w")
    y = np.tanh(relu(x) @ w).sum()
    diagram = draw(y, gradients=True).diagram
    assert [box.title for box in diagram.boxes] == ["x", "w", "relu", "matmul", "tanh", "sum"]
    y.backward()
    np.testing.assert_array_equal(diagram.find("x").gradient, x.grad)
    np.testing.assert_array_equal(diagram.find("w").gradient, w.grad)
    np.testing.assert_array_equal(diagram.find("relu").value, [[1, 0]])


def test_a_tensor_from_joined_tensors():
    x = Tensor([1.0, 2.0], name="x")
    diagram = draw(np.sum(np.concatenate([x, 3 * x, np.ones(2)])), gradients=True).diagram
    assert [a.role for a in diagram.arrows if a.target == diagram.find("concatenate").id] == ["arrays[0]", "arrays[1]"]
    np.testing.assert_array_equal(diagram.find("x").gradient, [4, 4])


# ------------------------------------------------------------------------------------------------------------ formats


@pytest.mark.parametrize("ending", ["svg", "png", "dot", "json", "html", "txt", "mmd"])
def test_every_ending_saves_its_format(picture, tmp_path, ending):
    path = picture.save(tmp_path / f"net.{ending}")
    content = path.read_bytes()
    if ending == "png":
        assert content.startswith(b"\x89PNG")
    elif ending == "json":
        assert json.loads(content)["title"] == "document_loss"
    else:
        assert "hidden_output" in content.decode()


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_the_svg_has_its_theme_its_tooltips_and_its_text_twin(theme):
    picture = draw(document_loss, *ARGS, gradients=True, theme=theme)
    root = ElementTree.fromstring(picture.svg())
    assert root.find(f"{SVG}desc").text == picture.text()
    assert root.get("role") == "img" and "document_loss" in root.get("aria-label")
    ground = next(root.iter(f"{SVG}polygon")).get("fill")
    assert ground == {"dark": "#14171c"}.get(theme, "#ffffff")
    assert ("prefers-color-scheme: dark" in root.find(f"{SVG}style").text) == (theme == "auto")
    nodes = {group.get("id"): group for group in root.iter(f"{SVG}g") if "node" in group.get("class", "")}
    tip = nodes["v8"].find(f"{SVG}title").text
    assert re.fullmatch(
        r"shape \(4, 4\), float64\nvalue: min · mean · max .*\ngradient: .*\n"
        r"drawn_nets.py:\d+ in document_net",
        tip,
    )
    assert not list(root.iter(f"{SVG}a"))


def test_no_rule_without_a_medium_changes_the_size():
    """Converters such as CairoSVG read those only, and draw nothing when the height is ``auto``."""
    root = ElementTree.fromstring(draw(lambda x: x * x, 3.0).svg())
    style = root.find(f"{SVG}style").text
    outside = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", style)
    assert "max-width" in style and "max-width" not in outside and "height" not in outside
    assert root.get("width").endswith("pt") and root.get("height").endswith("pt")


def test_two_pictures_are_the_same_bytes(picture):
    again = draw(document_loss, *ARGS, gradients=True)
    assert again.svg() == picture.svg() and again.html() == picture.html()


def test_notebooks_get_svg_and_without_a_renderer_the_text_and_a_sentence(picture, monkeypatch):
    assert picture._repr_mimebundle_()["image/svg+xml"].startswith("<svg")
    monkeypatch.setenv("AUTOGRAD_DOT", "no-such-program")
    bundle = picture._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert bundle["text/plain"].startswith(picture.text()) and "AUTOGRAD_DOT" in bundle["text/plain"]
    with pytest.raises(RenderError):
        picture.save("never.svg")


# ------------------------------------------------------------------------------------------------------- every letter

HOSTILE = [
    '{ } | < > " \\ : -> & end',
    "line\nbreak",
    "损失",
    'a:b "c" <d>',
    "</svg>",
    "<B>x</B>",
    "%s\\N\\G\\l",
    "'",
    "#35;",
    "tab\tbell\a",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_every_label_survives(name):
    def fun(params):
        with scope(name):
            return np.sum(np.einsum("ij,jk->ik", params[name], params[name]))

    fun.__name__ = name
    picture = draw(fun, {name: np.eye(2)}, name=name)
    root = ElementTree.fromstring(picture.svg())
    drawn = "".join(root.itertext())
    visible = "".join(c if c.isprintable() else "⏎" if c == "\n" else "�" for c in name)
    path = f"params[{name!r}]"
    for text in (visible, path, "ij,jk->ik"):
        assert text.replace("\xa0", " ") in drawn.replace("\xa0", " ")
    ElementTree.fromstring(picture.html().split("<main>")[1].split("</main>")[0])
    assert visible in picture.text() and path in picture.text()
    assert all(ord(c) >= 32 or c in "\n\t" for c in picture.mermaid() + picture.dot)


def test_a_function_with_any_name():
    def fun(x):
        return x + 1

    fun.__name__ = 'a:b "c" <d>'
    picture = draw(fun, 1.0)
    assert ElementTree.fromstring(picture.svg()).get("aria-label") == 'Computation graph of a:b "c" <d>'


def test_a_recorded_function_with_any_name(monkeypatch):
    def double(x):
        return 2 * x

    double.__name__ = 'a:b "c" <d>'
    monkeypatch.setitem(TABLE, double, None)  # so that the table forgets it afterwards
    recorded = derivative(double, x=lambda g: 2 * g)
    picture = draw(recorded, 3.0, gradients=True)
    assert 'a:b "c" <d>' in "".join(ElementTree.fromstring(picture.svg()).itertext())
    assert picture.diagram.boxes[0].gradient == 2


# --------------------------------------------------------------------------------------------------------- large graphs


def frames_deep():
    frame, depth = sys._getframe(), 0
    while frame:
        frame, depth = frame.f_back, depth + 1
    return depth


def test_long_chains_need_no_recursion():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(frames_deep() + 120)
    try:
        text = draw(chain, 1.0, 5000, max_nodes=None).text()
        picture = draw(chain, 1.0, 5000, gradients=True)
        assert "+4," in picture.dot
    finally:
        sys.setrecursionlimit(limit)
    assert text.count("= tanh(") == 5000


def test_leaves_of_the_picture_are_plain(picture):
    assert all(
        type(leaf).__module__ in ("numpy", "builtins")
        for box in picture.diagram.boxes
        for leaf in flatten(box.gradient)[0]
    )
