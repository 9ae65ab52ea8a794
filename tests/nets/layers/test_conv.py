"""Convolution and pooling against loops written by hand, and the inputs that are refused."""

import numpy as np
import pytest

from nets.errors import LayerError, OptionError
from nets.layers import avg_pool, conv2d, flatten, max_pool

IMAGE = np.random.default_rng(0).normal(size=(2, 5, 6, 3))


def convolved(x, W, b, stride, padding):
    """The definition, entry by entry; ``padding`` is (top, bottom, left, right)."""
    top, bottom, left, right = padding
    x = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    rows = (x.shape[1] - W.shape[0]) // stride[0] + 1
    columns = (x.shape[2] - W.shape[1]) // stride[1] + 1
    y = np.empty((x.shape[0], rows, columns, W.shape[3]))
    for i in range(rows):
        for j in range(columns):
            window = x[:, i * stride[0] : i * stride[0] + W.shape[0], j * stride[1] : j * stride[1] + W.shape[1]]
            y[:, i, j] = np.sum(window[..., None] * W, axis=(1, 2, 3)) + b
    return y


CONVOLUTIONS = [
    ((3, 3), (1, 1), "same", (1, 1, 1, 1)),
    ((3, 3), (2, 2), "same", (1, 1, 0, 1)),
    ((2, 3), (1, 2), "valid", (0, 0, 0, 0)),
    ((1, 1), (1, 1), "same", (0, 0, 0, 0)),
    ((4, 2), (3, 1), "same", (1, 1, 0, 1)),
    ((5, 6), (1, 1), "valid", (0, 0, 0, 0)),
]


@pytest.mark.parametrize(("size", "stride", "padding", "zeros"), CONVOLUTIONS)
def test_convolution_is_its_definition(size, stride, padding, zeros):
    layer = conv2d(4, size, stride=stride, padding=padding)
    shape, params = layer.init(0, (-1, *IMAGE.shape[1:]))
    params["b"] = np.arange(4.0)
    y = layer.apply(params, IMAGE)
    np.testing.assert_allclose(y, convolved(IMAGE, params["W"], params["b"], stride, zeros), atol=1e-12)
    assert shape == (-1, *y.shape[1:])


@pytest.mark.parametrize(("make", "reduce"), [(max_pool, np.max), (avg_pool, np.mean)])
@pytest.mark.parametrize(("size", "stride"), [(2, None), (2, 1), ((3, 2), (1, 3)), ((2, 3), None), (4, None)])
def test_pooling_is_its_definition(make, reduce, size, stride):
    layer = make(size, stride=stride)
    y = layer.apply({}, IMAGE)
    height, width = (size, size) if isinstance(size, int) else size
    down, across = (height, width) if stride is None else (stride, stride) if isinstance(stride, int) else stride
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            window = IMAGE[:, i * down : i * down + height, j * across : j * across + width]
            np.testing.assert_allclose(y[:, i, j], reduce(window, axis=(1, 2)))
    assert y.shape[1:3] == ((5 - height) // down + 1, (6 - width) // across + 1)
    assert layer.init(0, (-1, 5, 6, 3))[0] == (-1, *y.shape[1:])


def test_what_is_no_image_or_too_small_is_refused():
    params = conv2d(4).init(0, (-1, 5, 6, 3))[1]
    with pytest.raises(LayerError, match=r"conv2d\(4, 3\): expects \(batch, height, width, 3\), got \(2, 5, 6, 1\)"):
        conv2d(4).apply(params, IMAGE[..., :1])
    with pytest.raises(LayerError, match=r"expects \(batch, height, width, 3\), got \(5, 6, 3\)"):
        conv2d(4).apply(params, IMAGE[0])
    with pytest.raises(LayerError, match=r"window of \(7, 7\), larger than the image \(-1, 5, 6, 3\)"):
        max_pool(7).init(0, (-1, 5, 6, 3))
    with pytest.raises(LayerError, match="expects images"):
        conv2d(4).init(0, (-1, 64))
    with pytest.raises(LayerError, match=r"flatten\(\)"):
        flatten().init(0, (-1, -1, 3))
    with pytest.raises(OptionError, match="'full'"):
        conv2d(4, padding="full")
    with pytest.raises(OptionError, match="stride"):
        conv2d(4, stride=0)
