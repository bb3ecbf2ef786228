"""Activations, and arithmetic with one or several inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from .network import Network
from .values import Operand, Parameter, Unmapped, Value, channels_last, whole

Rule = Callable[[Network, dict[str, Any]], Operand]


def _applied(
    network: Network, value: Any, class_name: str, options: dict[str, Any],
    is_nonnegative: bool = False, name: str | None = None,
) -> Value:
    """A layer that changes every number by itself, in whatever order they are."""
    if not isinstance(value, Value):
        raise Unmapped("computes with its parameters alone")
    layer = network.add(class_name, [value], value.shape, options, name=name)
    return replace(value, layer=layer, is_nonnegative=is_nonnegative)


def named(name: str, is_nonnegative: bool = False) -> Rule:
    """An activation by Keras' name."""
    return lambda network, a: _applied(
        network, a["self"], "Activation", {"activation": name}, is_nonnegative)


def relu(network: Network, a: dict[str, Any]) -> Value:
    return _rectified(network, a["self"], None)


def _rectified(network: Network, value: Any, maximum: float | None) -> Value:
    options = {"max_value": maximum, "negative_slope": 0.0, "threshold": 0.0}
    return _applied(network, value, "ReLU", options, True)


def clamped(network: Network, a: dict[str, Any]) -> Value:
    """`hardtanh` and `clamp`, which are a ReLU if they begin at 0."""
    low, high = (a.get("min_val", a.get("min")), a.get("max_val", a.get("max")))
    if low != 0:
        raise Unmapped(f"limits numbers to {low}...{high}; only limits that begin at 0 are known")
    return _rectified(network, a["self"], None if high is None else float(high))


def leaky_relu(network: Network, a: dict[str, Any]) -> Value:
    return _applied(
        network, a["self"], "LeakyReLU", {"negative_slope": float(a["negative_slope"])})


def elu(network: Network, a: dict[str, Any]) -> Value:
    alpha, scale = float(a["alpha"]), float(a.get("scale", 1))
    if scale != 1 or float(a.get("input_scale", 1)) != 1:
        if abs(alpha - 1.6732632) < 1e-5 and abs(scale - 1.0507010) < 1e-5:
            return _applied(network, a["self"], "Activation", {"activation": "selu"})
        raise Unmapped("is a scaled ELU")
    return _applied(network, a["self"], "ELU", {"alpha": alpha})


def gelu(network: Network, a: dict[str, Any]) -> Value:
    if a["approximate"] == "none":
        return _applied(network, a["self"], "Activation", {"activation": "gelu"})
    # x · σ(2 √(2/π) (x + 0.044715 x³)), which is the approximation by a tanh.
    value, factor = a["self"], 2 * (2 / np.pi) ** 0.5
    square = _merged(network, "Multiply", value, value, "square")
    inner = _rescaled(network, square, [0.044715 * factor], [factor], "inner")
    gate = _merged(network, "Multiply", inner, value, "argument")
    sigmoid = _applied(
        network, gate, "Activation", {"activation": "sigmoid"}, True, network.child("sigmoid"))
    return _merged(network, "Multiply", value, sigmoid)


def softplus(network: Network, a: dict[str, Any]) -> Value:
    if float(a["beta"]) != 1:
        raise Unmapped("is a softplus with a beta")
    return _applied(network, a["self"], "Activation", {"activation": "softplus"}, True)


def softmax(network: Network, a: dict[str, Any]) -> Value:
    value = a["self"]
    if not isinstance(value, Value) or value.axis(a["dim"]) != value.index.ndim - 1:
        raise Unmapped("is a softmax along another axis than the last")
    value = network.last_axis(value)
    layer = network.add("Activation", [value], value.shape, {"activation": "softmax"})
    return replace(value, layer=layer, is_nonnegative=True)


def dropout(network: Network, a: dict[str, Any]) -> Operand:
    value: Operand = a["input"]
    rate = float(a["p"])
    if rate == 0:
        return value
    is_nonnegative = isinstance(value, Value) and value.is_nonnegative
    return _applied(
        network, value, "Dropout", {"rate": rate, "seed": None, "noise_shape": None},
        is_nonnegative)


# Arithmetic.


def add(network: Network, a: dict[str, Any]) -> Operand:
    return _sum(network, a["self"], a["other"], float(a.get("alpha", 1)))


def subtract(network: Network, a: dict[str, Any]) -> Operand:
    return _sum(network, a["self"], a["other"], -float(a.get("alpha", 1)))


def subtract_from(network: Network, a: dict[str, Any]) -> Operand:
    return _sum(network, a["other"], a["self"], -float(a.get("alpha", 1)))


def negative(network: Network, a: dict[str, Any]) -> Value:
    return _rescaled(network, a["self"], [-1], [0])


def _sum(network: Network, left: Any, right: Any, factor: float) -> Operand:
    """left + factor · right."""
    if isinstance(left, Value) and isinstance(right, Value):
        if factor != 1:
            right = _rescaled(network, right, [factor], [0], "scale")
        return _merged(network, "Add", left, right)
    if isinstance(right, Value):
        scale, value, other = factor, right, left
    elif isinstance(left, Value):
        scale, value, other = 1.0, left, right
    else:
        raise Unmapped("computes with its parameters alone")
    if isinstance(other, Parameter) and other.is_trained:
        raise Unmapped(f"adds the parameter {other.name}")
    constants = _constants(network, value, other) * (1 if other is left else factor)
    return _rescaled(network, value, [scale], constants)


def multiply(network: Network, a: dict[str, Any]) -> Operand:
    left, right = a["self"], a["other"]
    if isinstance(left, Value) and isinstance(right, Value):
        return _merged(network, "Multiply", left, right)
    value, other = (left, right) if isinstance(left, Value) else (right, left)
    if not isinstance(value, Value):
        raise Unmapped("computes with its parameters alone")
    if not (isinstance(other, Parameter) and other.is_trained):
        return _rescaled(network, value, _constants(network, value, other), [0])
    if value.index.size != np.prod(value.shape):
        value = network.image(value) if value.index.ndim == 3 else network.last_axis(value)
    ordered, gamma = _per_channel(network, value, other)
    network.take(other)
    layer = network.add(
        "LayerScale", [ordered], ordered.shape,
        {"init_values": 1.0, "projection_dim": ordered.channels}, {"gamma": gamma},
        name=other.name, module="keras.src.applications.convnext")
    return replace(ordered, layer=layer, is_nonnegative=False)


def divide(network: Network, a: dict[str, Any]) -> Operand:
    value, other = a["self"], a["other"]
    if not isinstance(value, Value) or isinstance(other, Value):
        raise Unmapped("divides by the output of a layer")
    constants = _constants(network, value, other)
    if (constants == 0).any():
        raise Unmapped("divides by zero")
    return _rescaled(network, value, 1 / constants, [0])


def _constants(network: Network, value: Value, other: Any) -> Any:
    """One constant, or one for each channel of the layer's output."""
    if isinstance(other, (int, float)):
        return np.array([float(other)])
    if isinstance(other, Parameter) and not other.is_trained:
        return _per_channel(network, value, other)[1]
    raise Unmapped("computes with a parameter in a way that no layer has")


def _per_channel(network: Network, value: Value, other: Parameter) -> tuple[Value, Any]:
    """The value, and the parameter's number for each channel of its layer's output."""
    try:
        spread = np.broadcast_to(other.values, (1, *value.index.shape))[0]
    except ValueError:
        raise Unmapped("broadcasts a parameter to a larger shape") from None
    channels = value.index % value.channels
    numbers = np.zeros(value.channels, np.float64)
    numbers[channels.ravel()] = spread.ravel()
    if not np.array_equal(numbers[channels], spread.astype(np.float64)):
        raise Unmapped("has a parameter for each pixel")
    return value, numbers


def _rescaled(
    network: Network, value: Any, scale: Any, offset: Any, name: str | None = None
) -> Value:
    """scale · value + offset, each one number or one for each channel."""
    scales, offsets = np.ravel(scale).tolist(), np.ravel(offset).tolist()
    stays = (
        isinstance(value, Value) and value.is_nonnegative and min(*scales, *offsets, 0) >= 0)
    options = {
        "scale": scales[0] if len(scales) == 1 else scales,
        "offset": offsets[0] if len(offsets) == 1 else offsets}
    return _applied(
        network, value, "Rescaling", options, stays, network.child(name) if name else None)


def _merged(
    network: Network, class_name: str, left: Value, right: Value, name: str | None = None
) -> Value:
    """A sum or a product of two outputs; axes of length 1 are repeated."""
    if left.shape != right.shape or not np.array_equal(left.index, right.index):
        if left.index.ndim == right.index.ndim == 3:
            try:
                left, right = network.image(left), network.image(right)
            except Unmapped:
                left, right = network.last_axis(left), network.last_axis(right)
        elif left.index.ndim == right.index.ndim == 1:
            left, right = network.vector(left), network.vector(right)
        else:
            left, right = network.last_axis(left), network.last_axis(right)
    shape = np.broadcast_shapes(left.shape, right.shape)
    larger = left if left.shape == shape else right
    is_nonnegative = left.is_nonnegative and right.is_nonnegative
    layer = network.add(
        class_name, [left, right], shape, name=network.child(name or class_name.lower()))
    if larger.shape == shape:
        return replace(larger, layer=layer, is_nonnegative=is_nonnegative)
    return whole(layer, shape, is_nonnegative)


def concatenate(network: Network, a: dict[str, Any]) -> Operand:
    values = a["tensors"]
    if len(values) == 1:
        return values[0]  # type: ignore[no-any-return]
    if not all(isinstance(value, Value) for value in values):
        raise Unmapped("joins a parameter with the output of a layer, as class tokens are")
    axis = values[0].axis(a["dim"])
    ndim = values[0].index.ndim
    if ndim == 3 and axis == 0:
        images = [network.image(value) for value in values]
        axes: tuple[int, ...] | None = None
    elif axis == ndim - 1:
        images = [network.last_axis(value) for value in values]
        axes = images[0].index.shape[:-1]
    else:
        raise Unmapped("joins along another axis than the channels")
    if len({image.shape[:-1] for image in images}) > 1:
        raise Unmapped("joins outputs of different shapes")
    shape = (*images[0].shape[:-1], sum(image.channels for image in images))
    layer = network.add(
        "Concatenate", images, shape, {"axis": -1}, name=network.child("concatenate"))
    result = whole(layer, shape) if axes is None else channels_last(layer, shape, axes)
    return replace(result, is_nonnegative=all(image.is_nonnegative for image in images))


RULES: dict[str, Rule] = {
    "relu": relu, "hardtanh": clamped, "clamp": clamped, "clamp_min": clamped,
    "relu6": lambda network, a: _rectified(network, a["self"], 6.0),
    "leaky_relu": leaky_relu, "elu": elu, "gelu": gelu, "softplus": softplus,
    "selu": named("selu"), "silu": named("silu"), "mish": named("mish"), "tanh": named("tanh"),
    "hardswish": named("hard_silu"), "exp": named("exponential", True),
    "sigmoid": named("sigmoid", True), "hardsigmoid": named("hard_sigmoid", True),
    "softmax": softmax, "_softmax": softmax, "dropout": dropout, "native_dropout": dropout,
    "add": add, "sub": subtract, "rsub": subtract_from, "mul": multiply, "div": divide,
    "neg": negative, "cat": concatenate,
}
