"""What a compiled function cannot do: the errors, with the user's file and line, and what to write instead."""

from __future__ import annotations

import traceback

from autograd.errors import BranchError, LostGradientError
from autograd.places import Place, caller_frame, in_library, place_of

__all__ = ["ARRAY", "CONVERSION", "CURES", "FLOAT", "NUMBER", "ORDER", "SHAPE", "VALUE", "explained", "refusal"]

BRANCH = (
    "Choose with np.where(condition, x, y), or name the argument in static_argnames: each value then gets a program."
)
CONVERSION = (
    "Use functions and methods of arrays (np.sin, not math.sin; x.astype(int), not int(x)), or name the argument in "
    "static_argnames: each value then gets a program."
)
INDEX = (
    "Choose from an array (np.stack(items)[i]), not from a list; where i is a length or a number of rounds, name the "
    "argument in static_argnames: each value then gets a program."
)
WRITING = "Build a new array: np.stack of a list, np.concatenate, np.where(mask, value, x)."
#: How NumPy and Python begin to complain about a tensor where only a number will do, with what to do about it.
ABOUT_TENSORS = {
    "setting an array element": WRITING,
    "expected a sequence of integers": INDEX,
    "'StrictTensor' object cannot": INDEX,
    "Iterator operand is flagged": CONVERSION,
}
CURES = {"bool()": BRANCH, "An index or a count made": INDEX}
SHAPE = "Keep all entries and mask them: np.where(mask, x, 0), or np.sum(x, where=mask)."
NUMBER = "Name the argument in static_argnames: each value then gets a program."
ORDER = "Compiled code keeps results where it likes. Write order='C' for rows, or order='F' for columns."
FLOAT = "Write the base as a float: 2.0**n."
ARRAY = (
    "Use NumPy functions of tensors: np.stack for an array of them, x * np.ones(n) for np.full, "
    "np.equal(i[:, None], np.arange(n)) for one-hot rows. Pass a table that is indexed as an argument, "
    "or take it from a closure."
)
VALUE = "Return the value from the compiled function and read it outside, or name the argument in static_argnames."


def refusal(what: str, cure: str) -> BranchError:
    """The error for a step that depends on values which the next call will not have."""
    frame = caller_frame()
    where = f" at {place.file}:{place.line} in {place.function}" if frame and (place := place_of(frame)) else ""
    return BranchError(f"{what}{where} would make the program right for this one value alone. {cure}")


def explained(error: Exception) -> Exception:
    """Our own error for one that NumPy raised about a tensor, and where in the user's code that was."""
    place = _place_of(error)
    if isinstance(error, LostGradientError) and place and len(error.args) == 1:
        error.args = (f"{error} (In {place}.)",)
    cure = next((cure for begin, cure in ABOUT_TENSORS.items() if str(error).startswith(begin)), None)
    if "StrictTensor" in str(error) and type(error) is TypeError:
        cure = cure or CONVERSION
    if cure and isinstance(error, (TypeError, ValueError)):
        where = f" at {place.file}:{place.line} in {place.function}" if place else ""
        return BranchError(f"A plain number was expected{where}, and not a traced one ({error}). {cure}")
    return error


def _place_of(error: Exception) -> Place | None:
    frames = [frame for frame in traceback.walk_tb(error.__traceback__) if not in_library(frame[0].f_code.co_filename)]
    return Place(frames[-1][0].f_code.co_filename, frames[-1][1], frames[-1][0].f_code.co_name) if frames else None
