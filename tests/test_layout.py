"""The architecture as a test: arrows point one way, `nets` uses public names, files and functions stay small.

`ROAD` leads from the bottom to the top. A unit is a file of ``autograd``, or a package in it. It imports only
units in the rows above it, or before it in its own row. Whoever adds a file gives it a place on the road.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import autograd

ROAD = """
depth errors unknown guard places scopes shapes signatures
trees graph plans rules operands unregistered recording
functions derivatives
sweep ufuncs table refusals tensor
tangent batching transforms
program tracing
drawing compiler check
testing dropin
"""
ORDER = ROAD.split()

ROOT = Path(autograd.__file__).parent.parent
FILES = sorted([*ROOT.glob("autograd/**/*.py"), *ROOT.glob("nets/**/*.py")])


def name_of(path):
    """The module in a file: autograd/drawing/__init__.py is autograd.drawing."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {name_of(path): path.read_text(encoding="utf-8") for path in FILES}
TREES = {name: ast.parse(source) for name, source in SOURCES.items()}
every_module = pytest.mark.parametrize("module", SOURCES)


def imports(tree):
    """The modules of this library that a piece of source imports, each with the name taken from it (None: itself)."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                found.append((submodule, None) if submodule in SOURCES else (node.module, alias.name))
    return [(module, taken) for module, taken in found if module and module.split(".")[0] in ("autograd", "nets")]


def unit_of(module):
    """The file or package of autograd that a module belongs to: autograd.drawing.dot belongs to draw."""
    return module.split(".")[1]


# -------------------------------------------------------------------------------------------------------------- arrows


@every_module
def test_arrows_point_one_way(module):
    if not module.startswith("autograd."):
        return
    unit = unit_of(module)
    assert unit in ORDER, f"give {unit} a place on the ROAD"
    for imported, _ in imports(TREES[module]):
        assert imported.startswith("autograd."), f"{module} imports {imported}, which is above everything"
        below = unit_of(imported)
        assert below == unit or ORDER.index(below) < ORDER.index(unit), (
            f"{module} imports {imported}, which is above it"
        )


def test_there_is_no_import_cycle():
    arrows = {module: {imported for imported, _ in imports(tree)} - {module} for module, tree in TREES.items()}
    arrows = {module: {to for to in targets if to in TREES} for module, targets in arrows.items()}
    while free := [module for module, targets in arrows.items() if not targets]:
        arrows = {module: targets - set(free) for module, targets in arrows.items() if module not in free}
    assert not arrows


@every_module
def test_imports_stand_at_the_top(module):
    for function in ast.walk(TREES[module]):
        if isinstance(function, ast.FunctionDef):
            assert not imports(function), f"{function.name} in {module} imports from the library"


def test_autograd_does_not_know_nets():
    assert not [
        module for module, tree in TREES.items() if module.startswith("autograd") and "nets" in str(imports(tree))
    ]


@pytest.mark.parametrize("module", [module for module in SOURCES if module.split(".")[0] == "nets"])
def test_nets_uses_public_names_of_autograd(module):
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "autograd":
            assert node.module == "autograd", f"{module} imports from {node.module}"
            assert {alias.name for alias in node.names} <= set(autograd.__all__)
        if isinstance(node, ast.Import):
            named = {(alias.name, alias.asname) for alias in node.names if alias.name.split(".")[0] == "autograd"}
            assert named <= {("autograd", None)}, f"{module} imports {named}"
    assert attributes_of("autograd", TREES[module]) <= set(autograd.__all__)
    assert not [name for name in attributes_of("trees", TREES[module]) if name.startswith("_")]


def attributes_of(name, tree):
    """What a piece of source takes from the module called ``name``."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    }


def test_the_test_of_public_names_can_fail():
    wrong = ast.parse("import autograd\nfrom autograd import trees\nautograd.tensor.x, trees._secret")
    assert attributes_of("autograd", wrong) == {"tensor"} and attributes_of("trees", wrong) == {"_secret"}


# ---------------------------------------------------------------------------------------------- size and docstrings


@every_module
def test_files_and_functions_are_short(module):
    assert len(SOURCES[module].splitlines()) <= 400
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.FunctionDef):
            start = node.body[1].lineno if ast.get_docstring(node) and len(node.body) > 1 else node.body[0].lineno
            assert node.end_lineno - start < 50, f"{node.name} in {module}"


@every_module
def test_every_module_and_public_name_has_a_docstring(module):
    tree = TREES[module]
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            if any("wraps" in ast.unparse(decorator) for decorator in node.decorator_list):
                continue  # it has the docstring of what it wraps
            assert ast.get_docstring(node), f"{node.name} in {module}"


def run(code):
    """The output of a program in a process of its own, since importing a module may write rows into the table."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_every_name_in_all_exists():
    modules = [module for module in SOURCES if not module.endswith("__main__")]
    code = f"""
import importlib
for name in {modules}:
    module = importlib.import_module(name)
    print(*[f"{{name}}.{{public}}" for public in getattr(module, "__all__", []) if not hasattr(module, public)], end="")
"""
    assert run(code) == ""


def test_public_names_have_docstrings_of_their_own():
    assert len(set(autograd.__all__)) == len(autograd.__all__)
    for name in autograd.__all__:
        first = (getattr(autograd, name).__doc__ or "").strip().splitlines()
        assert first and first[0].endswith((".", ":")), f"the docstring of {name} begins with a sentence"


def test_importing_autograd_leaves_heavy_modules_for_later():
    late = [
        "graphviz",
        "tqdm",
        "matplotlib",
        "scipy",
        "numpy.ma",
        "autograd.compiler",
        "autograd.drawing",
        "autograd.check",
    ]
    assert run(f"import autograd, sys; print([module for module in {late} if module in sys.modules])") == "[]"
