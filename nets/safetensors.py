"""The safetensors format: a length, a JSON header with dtype, shape and place of every array, then the bytes.

    8 bytes: n, little-endian | n bytes: JSON {"name": {"dtype", "shape", "data_offsets": [begin, end]}, …} | the arrays

The structure of the tree is in the header's ``__metadata__``. Format: https://huggingface.co/docs/safetensors.
Other programs can read these files, and `load` reads those of others as a flat dict.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np

from nets.errors import CheckpointError

__all__ = ["read_safetensors", "write_safetensors"]

Arrays = dict[str, np.ndarray[Any, Any]]

DTYPES = {
    "BOOL": "?", "U8": "|u1", "I8": "|i1", "U16": "<u2", "I16": "<i2", "U32": "<u4", "I32": "<i4", "U64": "<u8",
    "I64": "<i8", "F16": "<f2", "F32": "<f4", "F64": "<f8", "C64": "<c8",
}  # fmt: skip
NAMES = {np.dtype(code): name for name, code in DTYPES.items()}


def write_safetensors(text: str, arrays: Arrays) -> bytes:
    """Return the bytes of a file with ``arrays``, and the structure of their tree as metadata."""
    header: dict[str, Any] = {"__metadata__": {"tree": text}}
    parts, end = [], 0
    for name, array in arrays.items():
        dtype = array.dtype.newbyteorder("<") if array.dtype.byteorder == ">" else array.dtype
        if dtype not in NAMES:
            where = name or "The tree"
            raise CheckpointError(f"{where} has dtype {array.dtype}, which safetensors does not know. Use a .npz file.")
        parts.append(np.ascontiguousarray(array, dtype).tobytes())
        begin, end = end, end + len(parts[-1])
        header[name] = {"dtype": NAMES[dtype], "shape": list(array.shape), "data_offsets": [begin, end]}
    start = json.dumps(header, ensure_ascii=False).encode()
    start += b" " * (-len(start) % 8)  # arrays start aligned
    return b"".join([len(start).to_bytes(8, "little"), start, *parts])


def read_safetensors(file: Any, path: Path) -> tuple[str, Arrays]:
    """Return the structure and the arrays of a file. Raises `CheckpointError` when it makes no sense."""
    size = os.fstat(file.fileno()).st_size
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= size - 8:
        raise CheckpointError(f"{path} is not a .safetensors file, or it is damaged: its header has {length} bytes.")
    try:
        header = json.loads(file.read(length))
        metadata = header.pop("__metadata__", {})
        content = file.read()
        arrays = {name: _array(entry, content) for name, entry in header.items()}
        text = metadata.get("tree") or json.dumps({"dict": [[name, {"array": name}] for name in arrays]})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CheckpointError(f"{path} is damaged ({type(error).__name__}: {error}).") from error
    return text, arrays


def _array(entry: dict[str, Any], content: bytes) -> np.ndarray[Any, Any]:
    begin, end = entry["data_offsets"]
    dtype, shape = np.dtype(DTYPES[entry["dtype"]]), tuple(entry["shape"])
    fits = end - begin == math.prod(shape) * dtype.itemsize and min(shape, default=0) >= 0
    if not (0 <= begin <= end <= len(content) and fits):
        raise ValueError(f"an array of shape {shape} {dtype} at the bytes {begin} … {end} of {len(content)}")
    return np.ndarray(shape, dtype, bytearray(content[begin:end]))
