"""Pooling and resampling."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .network import Network
from .values import Unmapped, Value, whole
from .windows import Window, pair

_LAST = {"data_format": "channels_last"}


def _pool(
    network: Network, class_name: str, image: Value, window: Window, padding: str,
    name: str | None = None,
) -> Value:
    options = _LAST | {
        "pool_size": window.kernel, "strides": window.strides, "padding": padding}
    shape = (*window.output, image.channels)
    layer = network.add(class_name, [image], shape, options, name=name)
    return whole(layer, shape, image.is_nonnegative)


def maximum_pooling(network: Network, a: dict[str, Any]) -> Value:
    value = a["self"]
    margins = value.margins if isinstance(value, Value) else (0, 0, 0, 0)
    image = network.image(replace(value, margins=(0, 0, 0, 0)) if any(margins) else value)
    if pair(a["dilation"]) != (1, 1):
        raise Unmapped("is a dilated maximum pooling")
    kernel = pair(a["kernel_size"])
    window = Window(
        image.shape, kernel, pair(a["stride"] or kernel), a["padding"],
        output=(network.shape[-2], network.shape[-1]))
    if any(margins):
        # Minus infinity around the image is what a maximum pooling itself pads with.
        if not window.is_valid and pair(a["padding"]) != (0, 0):
            raise Unmapped("pads an image that is padded with minus infinity")
        top, bottom, left, right = margins
        window = Window(image.shape, kernel, window.strides, 0, output=window.output)
        window.margins = ((top, bottom), (left, right))
    if window.is_valid or window.is_same:
        padding = "valid" if window.is_valid else "same"
        return _pool(network, "MaxPooling2D", image, window, padding)
    if image.is_nonnegative:
        padded = window.with_zeros(network, image, network.child("pad"))
        return _pool(network, "MaxPooling2D", padded, window, "valid")
    # Every stride-th window of those at all pixels.
    every = Window(image.shape, kernel, (1, 1), "same")
    some = Window(image.shape, (1, 1), window.strides, 0)
    halves = tuple((k - 1) // 2 for k in kernel)
    before = (window.margins[0][0], window.margins[1][0])
    if before != halves or any(k % 2 == 0 for k in kernel) or some.output != window.output:
        raise Unmapped("is a maximum pooling with margins that Keras does not have")
    dense = _pool(network, "MaxPooling2D", image, every, "same", network.child("dense"))
    return _pool(network, "MaxPooling2D", dense, some, "valid")


def average_pooling(network: Network, a: dict[str, Any]) -> Value:
    image = network.image(a["self"])
    kernel = pair(a["kernel_size"])
    if a["divisor_override"] not in (None, kernel[0] * kernel[1]):
        raise Unmapped("is an average pooling with a divisor of its own")
    window = Window(
        image.shape, kernel, pair(a["stride"] or kernel), a["padding"],
        output=(network.shape[-2], network.shape[-1]))
    if window.is_valid:
        return _pool(network, "AveragePooling2D", image, window, "valid")
    padding = pair(a["padding"])
    exceeds = any(after > side for (_, after), side in zip(window.margins, padding))
    counts_zeros = a["count_include_pad"] and padding != (0, 0)
    if not counts_zeros and window.is_same:
        return _pool(network, "AveragePooling2D", image, window, "same")
    if counts_zeros and not exceeds:
        padded = window.with_zeros(network, image, network.child("pad"))
        return _pool(network, "AveragePooling2D", padded, window, "valid")
    raise Unmapped("is an average pooling with margins that Keras does not have")


def adaptive_average_pooling(network: Network, a: dict[str, Any]) -> Value:
    image = network.image(a["self"])
    output = pair(a["output_size"])
    if output == (1, 1):
        return _global(network, "GlobalAveragePooling2D", image, (image.channels, 1, 1))
    return _divided(network, "AveragePooling2D", image, output)


def adaptive_maximum_pooling(network: Network, a: dict[str, Any]) -> Value:
    image = network.image(a["self"])
    output = pair(a["output_size"])
    if output == (1, 1):
        return _global(network, "GlobalMaxPooling2D", image, (image.channels, 1, 1))
    return _divided(network, "MaxPooling2D", image, output)


def _divided(
    network: Network, class_name: str, image: Value, output: tuple[int, int]
) -> Value:
    """An adaptive pooling whose windows have one size."""
    if output == image.shape[:2]:
        return image
    sides = [side // count for side, count in zip(image.shape, output)]
    if any(side % count for side, count in zip(image.shape, output)):
        raise Unmapped(
            f"pools {image.shape[0]}×{image.shape[1]} pixels to {output[0]}×{output[1]}, which "
            "does not divide them")
    window = Window(image.shape, (sides[0], sides[1]), (sides[0], sides[1]), 0)
    return _pool(network, class_name, image, window, "valid")


def _global(
    network: Network, class_name: str, image: Value, shape: tuple[int, ...]
) -> Value:
    keeps = len(shape) == 3
    own = (1, 1, image.channels) if keeps else (image.channels,)
    layer = network.add(class_name, [image], own, _LAST | {"keepdims": keeps})
    value = whole(layer, own, image.is_nonnegative)
    return value.moved(value.index.reshape(shape))


def mean(network: Network, a: dict[str, Any]) -> Value:
    return _reduced(network, a, "GlobalAveragePooling2D")


def maximum(network: Network, a: dict[str, Any]) -> Value:
    return _reduced(network, a, "GlobalMaxPooling2D")


def _reduced(network: Network, a: dict[str, Any], class_name: str) -> Value:
    """A reduction over all pixels, however PyTorch arranges them."""
    value = a["self"]
    if not isinstance(value, Value):
        raise Unmapped("computes with its parameters alone")
    axes = sorted({value.axis(dim) for dim in a["dim"] or []})
    if not axes:
        raise Unmapped("reduces whole images or batches to one number")
    if all(value.index.shape[axis] == 1 for axis in axes):
        return value.reshaped(network.shape)
    kept = [axis for axis in range(value.index.ndim) if axis not in axes]
    rows = value.index.transpose(*axes, *kept).reshape(
        int(np.prod([value.index.shape[axis] for axis in axes])), -1)
    channels = rows[0] % value.channels
    pixels = np.sort(rows // value.channels, axis=0)
    if len(value.shape) != 3 or not np.array_equal(
        rows % value.channels, np.broadcast_to(channels, rows.shape)) or not np.array_equal(
        pixels, np.broadcast_to(
            np.arange(value.shape[0] * value.shape[1])[:, None], rows.shape)):
        raise Unmapped("reduces other axes than the pixels of an image")
    keeps = len(network.shape) == 4
    image = whole(value.layer, value.shape, value.is_nonnegative)
    pooled = _global(
        network, class_name, image,
        (image.channels, 1, 1) if keeps else (image.channels,))
    return pooled.moved(channels.reshape(network.shape[1:]))


def upsampling(interpolation: str) -> Any:
    def rule(network: Network, a: dict[str, Any]) -> Value:
        image = network.image(a["self"] if "self" in a else a["input"])
        height, width = network.shape[-2:]
        factors = [height // image.shape[0], width // image.shape[1]]
        if (height, width) != (factors[0] * image.shape[0], factors[1] * image.shape[1]):
            raise Unmapped("resizes by a factor that is not a whole number")
        if a.get("align_corners"):
            raise Unmapped("resizes with align_corners")
        shape = (height, width, image.channels)
        options = _LAST | {"size": factors, "interpolation": interpolation}
        layer = network.add("UpSampling2D", [image], shape, options)
        return whole(layer, shape, image.is_nonnegative)

    return rule


RULES = {
    "max_pool2d": maximum_pooling, "max_pool2d_with_indices": maximum_pooling,
    "avg_pool2d": average_pooling, "adaptive_avg_pool2d": adaptive_average_pooling,
    "_adaptive_avg_pool2d": adaptive_average_pooling,
    "adaptive_max_pool2d": adaptive_maximum_pooling, "mean": mean, "amax": maximum,
    "upsample_nearest2d": upsampling("nearest"), "upsample_bilinear2d": upsampling("bilinear"),
}
