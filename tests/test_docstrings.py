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
        assert ">>>" in text, f"{name} needs an example"


def test_the_list_of_public_names_is_not_empty():
    assert {"autograd.grad", "autograd.Tensor", "nets.fit", "nets.layers.dense", "nets.losses.huber"} <= set(PUBLIC)


def test_names_that_are_imported_when_used_can_be_found_before():
    assert {name for name in dir(autograd) if not name.startswith("__")} == set(autograd.__all__)
