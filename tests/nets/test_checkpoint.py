"""Files: round trips of any tree, atomic writes, mismatches that are named, hostile files that are refused."""

import io
import json
import os
import pickle
import zipfile
from collections import OrderedDict, namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

from autograd import AutogradError, Tensor, trees
from nets import checkpoint, data, losses
from nets.checkpoint import load, save
from nets.errors import CheckpointError
from nets.layers import dense, serial
from nets.optimizers import adam, chain, clip_by_value
from nets.training import Run, fit

Pair = namedtuple("Pair", "left right")


@dataclass
class Weights:
    W: object
    b: object


TREES = {
    "nested": {
        "hidden": {"W": np.arange(6.0).reshape(2, 3), "b": np.zeros(3)},
        "list": [np.ones(1), (np.ones(2), None)],
    },
    "numbers": {"int": 7, "big": 2**80, "float": 0.1, "nan": np.inf, "bool": True, "text": "größer", "complex": 1 - 2j},
    "scalars": [np.float32(0.1), np.int8(-3), np.array(5), np.bool_(True)],
    "dtypes": [np.ones(2, dtype) for dtype in ("f2", "f4", "f8", "i1", "u8", "?", "c8")],
    "orders": [np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(10)[::2], np.zeros((0, 3))],
    "keys": {1: np.ones(1), "1": np.zeros(1), "a/b": np.ones(2), "__tree__": np.ones(3), None: 1},
    "empty": {"a": {}, "b": [], "c": ()},
    "single": np.arange(3),
    "records": Pair(np.ones(2), {"x": Pair(1, 2)}),
}


def assert_same(a, b):
    a, b = trees.leaves_with_paths(a), trees.leaves_with_paths(b)
    assert [path for path, _ in a] == [path for path, _ in b]
    for (_, x), (_, y) in zip(a, b, strict=True):
        assert type(x) is type(y) and np.array_equal(x, y)
        assert getattr(x, "dtype", None) == getattr(y, "dtype", None)


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
@pytest.mark.parametrize("name", TREES)
def test_round_trip(tmp_path, name, suffix):
    path = tmp_path / f"tree{suffix}"
    save(path, TREES[name])
    assert_same(load(path), TREES[name])
    assert_same(load(path, like=TREES[name]), TREES[name])
    assert trees.flatten(load(path, like=TREES[name]))[1] == trees.flatten(TREES[name])[1]
    assert os.listdir(tmp_path) == [path.name]


def test_wide_numbers_go_to_npz(tmp_path):
    save(tmp_path / "a.npz", [np.ones(2, "c16"), np.array(["text"]), np.ones(2, ">f4")])
    assert_same(load(tmp_path / "a.npz"), [np.ones(2, "c16"), np.array(["text"]), np.ones(2, ">f4")])
    with pytest.raises(CheckpointError, match="complex128"):
        save(tmp_path / "a.safetensors", [np.ones(2, "c16")])


def test_a_tree_that_contains_itself_is_refused(tmp_path):
    endless = []
    endless.append({"parent": endless})
    with pytest.raises(CheckpointError, match=r"tree contains itself: tree\[0\]\['parent'\] is tree again"):
        save(tmp_path / "endless.npz", endless)
    deep = np.ones(2)
    for _ in range(1500):
        deep = [deep]
    with pytest.raises(CheckpointError, match="tree is nested 1500 levels deep"):
        save(tmp_path / "deep.npz", deep)
    assert not list(tmp_path.iterdir())


def test_like_gives_back_the_types(tmp_path):
    tree = OrderedDict(a=Weights(np.ones(2), 1.0), b=Pair(np.ones(1), 2))
    save(tmp_path / "a.npz", tree)
    back = load(tmp_path / "a.npz", like=tree)
    assert type(back) is OrderedDict and type(back["a"]) is Weights and type(back["b"]) is Pair
    plain = load(tmp_path / "a.npz")
    assert type(plain) is dict and np.array_equal(plain["a"].W, np.ones(2)) and plain["b"].right == 2


def test_arrays_are_found_by_their_path_with_numpy_alone(tmp_path):
    save(tmp_path / "a.npz", {"hidden": {"W": np.ones(2)}})
    with np.load(tmp_path / "a.npz") as file:
        assert np.array_equal(file["['hidden']['W']"], np.ones(2))


def test_training_goes_on_from_a_file_bit_for_bit(tmp_path):
    net = serial(dense(4), np.tanh, dense(1))
    params = net.init(0, (-1, 2))[1]
    optimizer = chain(clip_by_value(1.0), adam(0.05))

    def train(epochs, resume=None):
        options = {"epochs": epochs, "batch_size": 3, "early_stopping": 100, "validation_data": data.xor()}
        loss = losses.binary_cross_entropy
        return fit(net, params, data.xor(), loss, optimizer, progress=False, resume=resume, **options)

    for suffix in (".npz", ".safetensors"):
        path = tmp_path / f"run{suffix}"
        save(path, train(3))
        assert_same(train(6, resume=load(path)), train(6))
        assert type(load(path)) is type(load(path, like=train(3))) is Run


def test_a_crash_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.npz"
    save(path, np.ones(3))

    def crash(descriptor):
        raise OSError("disk full")

    monkeypatch.setattr(checkpoint.os, "fsync", crash)
    with pytest.raises(OSError, match="disk full"):
        save(path, np.zeros(1000))
    assert os.listdir(tmp_path) == ["a.npz"] and np.array_equal(load(path), np.ones(3))


@pytest.mark.parametrize("leaf", [print, np.array([None, 1]), {1, 2}, Tensor([1.0]), np.ma.ones(2)])
def test_what_a_file_cannot_hold(tmp_path, leaf):
    with pytest.raises(CheckpointError, match=r"\['a'\]\[0\] is an? .* which a file cannot hold"):
        save(tmp_path / "a.npz", {"a": [leaf]})
    assert os.listdir(tmp_path) == []


MISMATCHES = [
    ({"W": np.ones((3, 2))}, r"tree\['W'\] is \(2, 3\) float64 in the file, and \(3, 2\) float64 is expected"),
    ({"W": np.ones((2, 3), np.float32)}, r"\(2, 3\) float64 in the file, and \(2, 3\) float32"),
    ({"V": np.ones((2, 3))}, r"lacks tree\['V'\] and has besides tree\['W'\]"),
    ({"W": np.ones((2, 3)), "b": 1}, r"lacks tree\['b'\]"),
    ({"W": 1.0}, r"is \(2, 3\) float64 in the file, and a number"),
]


@pytest.mark.parametrize(("like", "message"), MISMATCHES)
def test_a_mismatch_is_named(tmp_path, like, message):
    save(tmp_path / "a.npz", {"W": np.ones((2, 3))})
    with pytest.raises(CheckpointError, match=message) as caught:
        load(tmp_path / "a.npz", like=like)
    assert isinstance(caught.value, AutogradError) and isinstance(caught.value, ValueError)


# ----------------------------------------------------------------------------------------------------- hostile files


class Bomb:
    def __reduce__(self):
        return os.mkdir, ("bombed",)


def npy(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def structure(node):
    return npy(np.array(json.dumps(node)))


def archive(path, entries, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in entries:
            file.writestr(name, content)


def header(shape, dtype="<f8"):
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": dtype, "fortran_order": False, "shape": shape})
    return buffer.getvalue()


GOOD = structure({"array": "x"})
HOSTILE = {
    "pickled": ([("x.npy", npy(np.array([Bomb()]), allow_pickle=True)), ("__tree__.npy", GOOD)], "pickled objects"),
    "not an array": ([("x.npy", pickle.dumps(Bomb())), ("__tree__.npy", GOOD)], "is not an array"),
    "no structure": ([("x.npy", npy(np.ones(2)))], "was not written by save"),
    "structure of numbers": ([("__tree__.npy", npy(np.ones(2)))], "was not written by save"),
    "missing array": ([("__tree__.npy", GOOD)], "damaged.*'x'"),
    "extra array": ([("x.npy", npy(1)), ("y.npy", npy(1)), ("__tree__.npy", GOOD)], "no part of its tree: y"),
    "used twice": ([("x.npy", npy(1)), ("__tree__.npy", structure({"list": [{"array": "x"}] * 2}))], "damaged"),
    "too large": ([("x.npy", header((10**12,)) + b"1234"), ("__tree__.npy", GOOD)], "claims shape"),
    "negative": (
        [("x.npy", header((-1, -1)) + b"12345678"), ("__tree__.npy", GOOD)],
        "claims shape|not an array|damaged",
    ),
    "torn": ([("x.npy", npy(np.ones(9))[:-8]), ("__tree__.npy", GOOD)], "claims shape"),
    "no json": ([("__tree__.npy", npy(np.array("{")))], "damaged"),
    "deep json": ([("__tree__.npy", npy(np.array('{"list":[' * 50_000)))], "damaged"),
    "unknown node": ([("__tree__.npy", structure({"code": "print(1)"}))], "damaged"),
    "crooked node": ([("__tree__.npy", structure({"value": 1, "list": []}))], "damaged"),
    "no node": ([("__tree__.npy", structure([1]))], "damaged"),
    "value": ([("__tree__.npy", structure({"value": [1]}))], "damaged"),
    "bad field": ([("__tree__.npy", structure({"record": "A", "fields": [["b c", {"value": 1}]]}))], "damaged"),
    "bad record": ([("__tree__.npy", structure({"record": "A(x):\n import os", "fields": []}))], "damaged"),
    "unhashable": ([("__tree__.npy", structure({"dict": [[[1], {"value": 1}]]}))], "damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    entries, message = HOSTILE[name]
    archive("a.npz", entries)
    with pytest.raises(CheckpointError, match=message):
        load("a.npz")
    assert os.listdir(tmp_path) == ["a.npz"]  # nothing ran


def test_bombs_are_refused(tmp_path):
    path = tmp_path / "a.npz"
    archive(path, [("x.npy", npy(np.zeros(10**7))), ("__tree__.npy", GOOD)], zipfile.ZIP_DEFLATED)
    with pytest.raises(CheckpointError, match="compressed"):
        load(path)


def test_damaged_files_are_refused(tmp_path):
    path = tmp_path / "a.npz"
    save(path, np.arange(100))
    whole = path.read_bytes()
    for content in (b"", b"hello", whole[: len(whole) // 2], whole[:300] + b"X" + whole[301:]):
        path.write_bytes(content)
        with pytest.raises(CheckpointError, match=r"a\.npz"):
            load(path)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.npz")
    with pytest.raises(FileNotFoundError, match=r"does not exist; make it with os.makedirs.*none'"):
        save(tmp_path / "none" / "a.npz", whole)


def tensors(header, content=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + content


ENTRY = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
BAD_TENSORS = [
    b"",
    b"\xff" * 16,
    tensors(b"{"),
    tensors([]),
    tensors({"x": ENTRY}, b"1234"),
    tensors({"x": {**ENTRY, "dtype": "PICKLE"}}, b"12345678"),
    tensors({"x": {**ENTRY, "shape": [10**12]}}, b"12345678"),
    tensors({"x": {**ENTRY, "shape": [-1, -2]}}, b"12345678"),
    tensors({"x": {**ENTRY, "data_offsets": [-8, 0]}}, b"12345678"),
    tensors({"x": {**ENTRY, "data_offsets": "ab"}}, b"12345678"),
    tensors({"x": ENTRY, "__metadata__": {"tree": "{"}}, b"12345678"),
    tensors({"x": ENTRY, "__metadata__": {"tree": 5}}, b"12345678"),
    tensors({"x": ENTRY, "__metadata__": []}, b"12345678"),
]


@pytest.mark.parametrize("content", BAD_TENSORS)
def test_bad_safetensors_are_refused(tmp_path, content):
    (tmp_path / "a.safetensors").write_bytes(content)
    with pytest.raises(CheckpointError, match=r"a\.safetensors"):
        load(tmp_path / "a.safetensors")


def test_safetensors_of_others_are_flat_dicts(tmp_path):
    content = np.array([1, 2], np.float32).tobytes()
    (tmp_path / "a.safetensors").write_bytes(
        tensors({"layer.weight": ENTRY, "__metadata__": {"format": "pt"}}, content)
    )
    assert_same(load(tmp_path / "a.safetensors"), {"layer.weight": np.array([1, 2], np.float32)})
