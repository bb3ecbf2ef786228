"""Operations that only move numbers: they change the places of a value and add no layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from .network import Network
from .values import Operand, Parameter, Unmapped, Value
from .windows import zero_padding


def same(network: Network, a: dict[str, Any]) -> Any:
    return a.get("self", a.get("input", a.get("a")))


def reshaped(network: Network, a: dict[str, Any]) -> Operand:
    value: Operand = a["self"]
    return value.reshaped(network.shape)


def permuted(network: Network, a: dict[str, Any]) -> Operand:
    value: Operand = a["self"]
    if isinstance(value, Parameter):
        return value.moved(value.values.transpose(a["dims"]))
    dims = [dim % (value.index.ndim + 1) for dim in a["dims"]]
    if dims[0] != 0:
        raise Unmapped("moves the axis of the batch")
    return value.moved(value.index.transpose([dim - 1 for dim in dims[1:]]))


def transposed(network: Network, a: dict[str, Any]) -> Operand:
    value: Operand = a["self"]
    return value.moved(value.index.swapaxes(value.axis(a["dim0"]), value.axis(a["dim1"])))


def sliced(network: Network, a: dict[str, Any]) -> Operand:
    value: Operand = a["self"]
    if isinstance(value, Value) and a["dim"] % (value.index.ndim + 1) == 0:
        if a["start"] in (None, 0) and (a["end"] is None or a["end"] >= network.shape[0]):
            return value
        raise Unmapped("takes a part of the batch")
    part = slice(a["start"], a["end"], a["step"])
    return value.moved(_along(value, value.axis(a["dim"]), part))


def selected(network: Network, a: dict[str, Any]) -> Operand:
    value: Operand = a["self"]
    return value.moved(np.take(value.index, a["index"], axis=value.axis(a["dim"])))


def _along(value: Operand, axis: int, part: slice) -> Any:
    return value.index[(slice(None),) * axis + (part,)]


def split(network: Network, a: dict[str, Any]) -> list[Operand]:
    value: Operand = a["self"]
    axis = value.axis(a["dim"])
    count = value.index.shape[axis]
    if "split_sizes" in a:
        sizes: list[int] = a["split_sizes"]
    else:
        size: int = a["split_size"] if "split_size" in a else -(-count // a["chunks"])
        sizes = [min(size, count - start) for start in range(0, count, size)]
    starts = np.cumsum([0, *sizes])
    return [
        value.moved(_along(value, axis, slice(start, start + size)))
        for start, size in zip(starts.tolist(), sizes)]


def unbound(network: Network, a: dict[str, Any]) -> list[Operand]:
    value: Operand = a["self"]
    axis = value.axis(a["dim"])
    return [
        value.moved(np.take(value.index, place, axis=axis))
        for place in range(value.index.shape[axis])]


def flipped(network: Network, a: dict[str, Any]) -> Operand:
    value: Operand = a["self"]
    return value.moved(np.flip(value.index, tuple(value.axis(dim) for dim in a["dims"])))


def expanded(network: Network, a: dict[str, Any]) -> Operand:
    """Repeats axes of length 1, which sums and products do by themselves."""
    value: Operand = a["self"]
    if isinstance(value, Parameter):
        return value.moved(np.broadcast_to(value.values, network.shape))
    if value.index.ndim + 1 != len(network.shape):
        raise Unmapped("repeats numbers along a new axis")
    return value


def constant_padding(network: Network, a: dict[str, Any]) -> Value:
    image = network.image(a["self"])
    if a.get("mode", "constant") != "constant":
        raise Unmapped(f"pads by '{a['mode']}'")
    pads = [*a["pad"], 0, 0][:4] if len(a["pad"]) < 4 else list(a["pad"])
    left, right, top, bottom = pads[:4]
    constant = a["value"] or 0
    if any(pads[4:]) or min(pads) < 0:
        raise Unmapped("pads the channels, or cuts by negative padding")
    if constant == 0:
        margins = ((top, bottom), (left, right))
        return zero_padding(network, image, margins, network.child("pad"))
    if constant == float("-inf"):
        return replace(image, margins=(top, bottom, left, right))
    raise Unmapped(f"pads with {constant}")


RULES: dict[str, Callable[[Network, dict[str, Any]], Any]] = {
    **dict.fromkeys(
        ["clone", "contiguous", "alias", "detach", "lift_fresh_copy", "_to_copy", "to"], same),
    **dict.fromkeys(
        ["view", "_unsafe_view", "reshape", "flatten", "unflatten", "unsqueeze", "squeeze"],
        reshaped),
    "permute": permuted, "transpose": transposed, "slice": sliced, "select": selected,
    **dict.fromkeys(["split", "split_with_sizes", "chunk"], split), "unbind": unbound,
    "flip": flipped, "expand": expanded, "constant_pad_nd": constant_padding,
    "pad": constant_padding,
}
