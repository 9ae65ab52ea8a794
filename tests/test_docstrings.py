"""Every public name says what it is in a sentence, and shows it in an example that runs with the tests."""

import importlib
import inspect

import pytest

import autograd
import nets

#: Where public names live: the two packages, and the modules that their docstrings and the README point to.
MODULES = [
    "autograd",
    "autograd.drawing",
    "autograd.errors",
    "autograd.testing.strategies",
    "autograd.trees",
    "nets",
    "nets.errors",
    *[f"nets.{name}" for name in nets.__all__ if inspect.ismodule(getattr(nets, name))],
]

#: Public names without an example of their own, and why.
WITHOUT_EXAMPLE = {
    "autograd.trees.Container": "what `register_tree` writes down, whose example makes one",
    "autograd.trees.Structure": "only ever handed from `flatten` to `rebuild`, whose examples show it",
    "autograd.trees.container_of": "a look into the registry of containers, for code that walks trees itself",
    "nets.two_layer.descend": "shown by python -m nets --source",
    "nets.two_layer.descend_by_hand": "shown by python -m nets --source",
    "nets.two_layer.step_by_engine": "one turn of the loop in train, whose example runs it",
    "nets.two_layer.step_by_hand": "one turn of the loop in train, whose example runs it",
    "nets.two_layer.step_compiled": "one turn of the loop in train, whose example runs it",
}


def public_names(module):
    """The functions and classes that a module offers: those in ``__all__``, else those that it defines."""
    own = [name for name, value in vars(module).items() if getattr(value, "__module__", None) == module.__name__]
    for name in getattr(module, "__all__", [name for name in own if not name.startswith("_")]):
        value = getattr(module, name)
        if inspect.isfunction(value) or inspect.isclass(value):
            yield name, value


PUBLIC = {
    f"{module}.{name}": value for module in MODULES for name, value in public_names(importlib.import_module(module))
}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_says_what_it_is_and_shows_it(name):
    text = inspect.getdoc(PUBLIC[name]) or ""
    sentence = text.split("\n\n")[0].split("\n")[0]
    assert sentence.endswith((".", ":")), f"the docstring of {name} begins with a sentence on a line of its own"
    if not (inspect.isclass(PUBLIC[name]) and issubclass(PUBLIC[name], BaseException)):  # an error's message shows it
        assert (">>>" in text) != (name in WITHOUT_EXAMPLE), f"{name} needs an example, or a reason for none"


def test_the_reasons_are_about_names_that_exist():
    assert set(WITHOUT_EXAMPLE) <= set(PUBLIC)


def test_the_list_of_public_names_is_not_empty():
    assert {"autograd.grad", "autograd.Tensor", "nets.fit", "nets.layers.dense", "nets.losses.huber"} <= set(PUBLIC)


def test_names_that_are_imported_when_used_can_be_found_before():
    assert {name for name in dir(autograd) if not name.startswith("__")} == set(autograd.__all__)
