"""Files: `save` any tree, `load` it again, the same in structure, dtypes and bits.

>>> import tempfile, os
>>> path = os.path.join(tempfile.mkdtemp(), "params.npz")
>>> save(path, {"hidden": {"W": np.ones((2, 3)), "b": np.zeros(3)}, "steps": 7})
>>> sorted(np.load(path).files)
["['hidden']['W']", "['hidden']['b']", '__tree__']
>>> load(path)["steps"]
7

A ``.npz`` file holds every array under its path, as ``np.load`` shows, and one text, ``__tree__``, with the structure:
JSON of the containers, and the numbers and strings that are not arrays. A ``.safetensors`` file holds the same
(`nets.safetensors`). There is no pickle, so a file can do no more than be read; it is read with suspicion all the same:
sizes, dtypes and names are checked before anything is believed.
"""

from __future__ import annotations

import errno
import io
import math
import os
import secrets
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from nets.errors import CheckpointError
from nets.runs import Run
from nets.safetensors import read_safetensors, write_safetensors
from nets.structure import decode, encode, fill

__all__ = ["load", "save"]

Arrays = dict[str, np.ndarray[Any, Any]]

STRUCTURE = "__tree__"


def save(path: str | os.PathLike[str], tree: Any) -> None:
    """Write ``tree`` to ``path``: nested dicts, lists, tuples, named tuples of arrays, numbers, strings, None.

    The file is written beside its place, and moved there when it is complete: a crash leaves the old one as it was.
    Raises `CheckpointError` for a leaf that is none of these, such as a function or an array of objects, and
    `FileNotFoundError` when the folder does not exist.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/params.npz", [{"W": np.ones(2)}, "relu"])
    ...     load(f"{folder}/params.npz")
    [{'W': array([1., 1.])}, 'relu']
    """
    path = Path(path)
    if not path.parent.is_dir():
        cure = "The folder does not exist; make it with os.makedirs"
        raise FileNotFoundError(errno.ENOENT, cure, str(path.parent))
    text, arrays = encode(tree)
    content = write_safetensors(text, arrays) if path.suffix == ".safetensors" else _npz(text, arrays)
    _write_atomically(path, content)


def load(path: str | os.PathLike[str], like: Any = None) -> Any:
    """Return the tree that was saved at ``path``.

    With ``like``, a tree of the same structure, the types of its containers are used, and a mismatch of names, shapes
    or dtypes is an error that names the path. Without, a `Run` comes back as one, other named tuples and dataclasses as
    named tuples.
    Raises `CheckpointError` for a file that is damaged, was not made by `save`, or does not fit, and
    `FileNotFoundError` where there is none.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/params.safetensors", {"W": np.ones(2)})
    ...     load(f"{folder}/params.safetensors", like={"W": np.zeros(2)})
    {'W': array([1., 1.])}
    """
    path = Path(path)
    with open(path, "rb") as file:
        text, arrays = (read_safetensors if path.suffix == ".safetensors" else _read_npz)(file, path)
    tree = decode(text, arrays, path)
    if like is not None:
        return fill(like, tree, path)
    return Run(*tree) if type(tree).__name__ == "Run" and tree._fields == Run._fields else tree


def _write_atomically(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(beside, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _npz(text: str, arrays: Arrays) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **{STRUCTURE: np.array(text)}, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def _read_npz(file: Any, path: Path) -> tuple[str, Arrays]:
    """The structure and the arrays of a ``.npz`` file. It is stored without compression, so it cannot blow up."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            size = os.fstat(file.fileno()).st_size
            if any(member.compress_type != zipfile.ZIP_STORED for member in members):
                raise CheckpointError(f"{path} holds compressed entries, which save() never writes. It is not read.")
            if sum(member.file_size for member in members) > size:
                raise CheckpointError(f"{path} claims to hold more bytes than it has. It is not read.")
            names = [member.filename.removesuffix(".npy") for member in members]
            if len(set(names)) != len(names):
                raise CheckpointError(f"{path} holds two entries of one name. It is not read.")
            arrays = {
                name: _read_array(archive.read(member), name, path) for name, member in zip(names, members, strict=True)
            }
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise CheckpointError(f"{path} is not a .npz file, or it is damaged: {error}.") from error
    text = arrays.pop(STRUCTURE, None)
    if text is None or text.shape != () or text.dtype.kind != "U":
        raise CheckpointError(
            f"{path} has no structure ({STRUCTURE}): it was not written by save(). np.load reads plain arrays."
        )
    return str(text), arrays


def _read_array(content: bytes, name: str, path: Path) -> np.ndarray[Any, Any]:
    """One array in NumPy's own format (NEP 1), read without NumPy's way to pickle."""
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        if version not in ((1, 0), (2, 0)):
            raise ValueError(f"format version {version}")
        reader = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran_order, dtype = reader(stream)
    except ValueError as error:
        raise CheckpointError(f"{path}: the entry {name!r} is not an array: {error}.") from error
    if dtype.hasobject:
        raise CheckpointError(
            f"{path}: the entry {name!r} holds pickled objects, which could run code. It is not read."
        )
    data = content[stream.tell() :]
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != len(data):
        raise CheckpointError(f"{path}: the entry {name!r} claims shape {shape} {dtype}, but has {len(data)} bytes.")
    order: Any = "F" if fortran_order else "C"
    return np.ndarray(shape, dtype, bytearray(data), order=order)
