"""Convolutions, linear layers and normalizations."""

from __future__ import annotations

from typing import Any

import numpy as np

from .network import Network
from .values import Parameter, Unmapped, Value, channels_last, whole
from .windows import Window, pair


def _layer_name(network: Network, parameter: Any) -> str | None:
    """The path of the module that has a parameter."""
    if isinstance(parameter, Parameter) and "." in parameter.name:
        return parameter.name.rpartition(".")[0]
    return network.path or None


def convolution(network: Network, a: dict[str, Any]) -> Value:
    if a.get("transposed"):
        raise Unmapped("is a transposed convolution")
    image = network.image(a["input"])
    weight = network.take(a["weight"])
    if weight.ndim != 4:
        raise Unmapped(f"is a convolution of {weight.ndim - 2} axes")
    filters, inner, *kernel = weight.shape
    window = Window(
        image.shape, tuple(kernel), pair(a["stride"]), a["padding"], pair(a["dilation"]))
    groups, channels = int(a["groups"]), image.channels
    options: dict[str, Any] = {
        "kernel_size": kernel, "strides": window.strides, "dilation_rate": window.dilation,
        "data_format": "channels_last", "activation": "linear",
        "use_bias": a["bias"] is not None}
    name = _layer_name(network, a["weight"])
    padded, options["padding"] = window.padded(network, image, name)
    if groups == channels > 1:
        # [channels × multiplier, 1, height, width] to [height, width, channels, multiplier].
        class_name, multiplier = "DepthwiseConv2D", filters // channels
        options["depth_multiplier"] = multiplier
        tensors = {"depthwise_kernel": weight.reshape(channels, multiplier, *kernel)
                   .transpose(2, 3, 0, 1)}
    else:
        class_name = "Conv2D"
        options |= {"filters": filters, "groups": groups}
        tensors = {"kernel": weight.transpose(2, 3, 1, 0)}
    if a["bias"] is not None:
        tensors["bias"] = network.take(a["bias"])
    shape = (*window.output, filters)
    return whole(network.add(class_name, [padded], shape, options, tensors, name=name), shape)


def linear(network: Network, a: dict[str, Any]) -> Value:
    weight = network.take(a["weight"])
    is_vector = isinstance(a["input"], Value) and a["input"].index.ndim == 1
    value = (
        network.vector(a["input"], any_order=True) if is_vector else network.last_axis(a["input"]))
    kernel = weight.T
    if is_vector:
        # Row p of Keras' kernel belongs to the number at place p.
        kernel = np.empty_like(weight.T)
        kernel[value.index] = weight.T
    tensors = {"kernel": kernel}
    if a["bias"] is not None:
        tensors["bias"] = network.take(a["bias"])
    units = len(weight)
    shape = (*value.shape[:-1], units)
    options = {"units": units, "activation": "linear", "use_bias": a["bias"] is not None}
    layer = network.add(
        "Dense", [value], shape, options, tensors, name=_layer_name(network, a["weight"]))
    return channels_last(layer, shape, value.index.shape[:-1])


def batch_normalization(network: Network, a: dict[str, Any]) -> Value:
    if a.get("training") or a["running_mean"] is None:
        raise Unmapped("normalizes by the batch even in inference")
    is_image = isinstance(a["input"], Value) and a["input"].index.ndim == 3
    value = network.image(a["input"]) if is_image else network.vector(a["input"])
    options = {
        "axis": -1, "momentum": 1 - float(a["momentum"]), "epsilon": float(a["eps"]),
        "scale": a["weight"] is not None, "center": a["bias"] is not None}
    tensors = {}
    for role, key in [
        ("gamma", "weight"), ("beta", "bias"), ("moving_mean", "running_mean"),
        ("moving_variance", "running_var")]:
        if a[key] is not None:
            tensors[role] = network.take(a[key])
    layer = network.add(
        "BatchNormalization", [value], value.shape, options, tensors,
        name=_layer_name(network, a["running_mean"]))
    return whole(layer, value.shape)


def layer_normalization(network: Network, a: dict[str, Any]) -> Value:
    if len(a["normalized_shape"]) != 1:
        raise Unmapped("normalizes over several axes")
    value = network.last_axis(a["input"])
    options = {
        "axis": -1, "epsilon": float(a["eps"]), "scale": a["weight"] is not None,
        "center": a["bias"] is not None}
    tensors = {}
    for role, key in [("gamma", "weight"), ("beta", "bias")]:
        if a[key] is not None:
            tensors[role] = network.take(a[key])
    layer = network.add(
        "LayerNormalization", [value], value.shape, options, tensors,
        name=_layer_name(network, a["weight"]))
    return channels_last(layer, value.shape, value.index.shape[:-1])


RULES = {
    "conv2d": convolution, "convolution": convolution, "linear": linear,
    "batch_norm": batch_normalization,
    "_native_batch_norm_legit_no_training": batch_normalization,
    "layer_norm": layer_normalization, "native_layer_norm": layer_normalization,
}
