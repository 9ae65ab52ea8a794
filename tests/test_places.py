"""Places: the user's lines, whatever else is compiled from the same text."""

import numpy as np

from autograd import trace

TEXT = """
def f(x):
    y = np.exp(x)
    return y * 2
"""


def function_in(file):
    names = {"np": np}
    exec(compile(TEXT, file, "exec"), names)
    return names["f"]


def test_equal_code_in_two_files_is_at_two_places():
    places = [[equation.place for equation in trace(function_in(file), 1.0).equations] for file in ("one.py", "two.py")]
    assert [[str(place) for place in each] for each in places] == [
        ["one.py:3 in f", "one.py:4 in f"],
        ["two.py:3 in f", "two.py:4 in f"],
    ]


def test_code_of_the_library_is_not_the_users_though_he_has_the_same():
    assert trace(function_in("user.py"), 1.0).equations[0].place is not None
    assert trace(function_in("<autograd: something>"), 1.0).equations[0].place.file == __file__


def test_names_are_known_in_code_that_was_met_and_freed():
    for name in "abcdefgh":
        names = {"np": np}
        exec(f"def f(x):\n    {name} = np.exp(x)\n    return {name} * 2", names)
        assert [v.name for equation in trace(names["f"], 1.0).equations for v in equation.outputs] == [name, None]
