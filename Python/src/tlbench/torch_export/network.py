"""The network that is being built, and the orders of numbers that layers need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .keras_model import KerasModel
from .values import Indices, Operand, Parameter, Unmapped, Value, whole


@dataclass
class Network:
    """The model that is being built.

    Attributes:
        path: the path of the module whose operation is being translated.
        used: the paths of the parameters and buffers that layers have.
        shape: the shape that PyTorch gives the result of the operation, with the batch.
    """

    model: KerasModel
    path: str = ""
    used: set[str] = field(default_factory=set)
    shape: tuple[int, ...] = ()

    def add(
        self,
        class_name: str,
        inputs: Sequence[Value],
        shape: Sequence[int],
        options: dict[str, Any] | None = None,
        tensors: dict[str, npt.NDArray[Any]] | None = None,
        *,
        name: str | None = None,
        **call: Any,
    ) -> int:
        """Adds a layer that is named after the module; returns its position."""
        for value in inputs:
            if any(value.margins):
                raise Unmapped("reads an image that is padded with minus infinity")
        return self.model.add(
            name or self.path or class_name.lower(), class_name,
            [value.layer for value in inputs], shape, options, tensors, **call)

    def child(self, word: str) -> str:
        """The name of a layer that helps the module."""
        return f"{self.path}.{word}" if self.path else word

    def take(self, parameter: Operand) -> npt.NDArray[Any]:
        """The values of a parameter for the only layer that has it."""
        if not isinstance(parameter, Parameter):
            raise Unmapped("computes its weights")
        if parameter.name and parameter.name in self.used:
            raise Unmapped(f"uses {parameter.name} a second time; tlbench shares no weights")
        self.used.add(parameter.name)
        return parameter.values

    # Orders of numbers.

    def image(self, value: Operand) -> Value:
        """The value as an image [channels, height, width] in the order of a layer's output."""
        value = self._value(value)
        if value.index.ndim != 3:
            raise Unmapped(f"needs an image, but gets {value.index.ndim + 1} axes")
        _, height, width = value.index.shape
        if len(value.shape) == 1:
            if (height, width) != (1, 1):
                raise Unmapped("makes an image of a vector")
            value = self._selected(value, value.index[:, 0, 0])
            layer = self.add(
                "Reshape", [value], (1, 1, value.channels),
                {"target_shape": [1, 1, value.channels]}, name=self.child("as_image"))
            return whole(layer, (1, 1, value.channels), value.is_nonnegative)
        if (height, width) != value.shape[:2]:
            raise Unmapped("cuts or rearranges the pixels of an image")
        channels = self._channels(value, value.index.reshape(len(value.index), -1).T)
        return self._selected(value, channels)

    def vector(self, value: Operand, *, any_order: bool = False) -> Value:
        """The value as a vector.

        With `any_order`, all numbers of a layer's output may be in another order.
        """
        value = self._value(value)
        if value.index.ndim != 1:
            raise Unmapped(f"needs a vector, but gets {value.index.ndim + 1} axes")
        if len(value.shape) == 3:
            count = int(np.prod(value.shape))
            layer = self.add("Flatten", [value], (count,), name=self.child("flatten"))
            value = Value(layer, (count,), value.index, value.is_nonnegative)
        if any_order and np.array_equal(np.sort(value.index), np.arange(value.channels)):
            return value
        return self._selected(value, value.index)

    def last_axis(self, value: Operand) -> Value:
        """The value with PyTorch's last axis as the last axis of a layer's output."""
        value = self._value(value)
        if value.index.ndim == 1:
            return self.vector(value)
        rows = value.index.reshape(-1, value.index.shape[-1])
        if len(value.shape) == 1 or len(rows) * value.channels != np.prod(value.shape):
            raise Unmapped("works along an axis that is not the channels")
        chosen = self._selected(value, self._channels(value, rows))
        return chosen.moved(
            np.arange(int(np.prod(chosen.shape))).reshape(*value.index.shape[:-1], chosen.channels))

    def _value(self, value: Operand) -> Value:
        if not isinstance(value, Value):
            raise Unmapped("computes with its parameters alone")
        return value

    def _channels(self, value: Value, rows: Indices) -> Indices:
        """The channel of each column, if each row of numbers is a pixel, in order."""
        channels: Indices = rows[0] % value.channels
        pixels = np.arange(len(rows))[:, None]
        if not np.array_equal(rows, pixels * value.channels + channels):
            raise Unmapped("rearranges numbers across pixels and channels")
        return channels

    def _selected(self, value: Value, channels: Indices) -> Value:
        """The channels of these numbers, by a layer if they are not all of them in order."""
        if np.array_equal(channels, np.arange(value.channels)):
            return value if len(value.shape) == 1 else whole_as(value)
        if len(set(channels.tolist())) < len(channels):
            raise Unmapped("repeats channels")
        shape = (*value.shape[:-1], len(channels))
        start, stop = int(channels[0]), int(channels[0]) + len(channels)
        if len(value.shape) == 3 and np.array_equal(channels, np.arange(start, stop)):
            part: dict[str, Any] = {"start": start, "stop": stop, "step": None}
            layer = self.add(
                "GetItem", [value], shape, name=self.child("part"),
                module="keras.src.ops.numpy",
                arguments=([{"class_name": "__ellipsis__", "config": {}},
                            {"class_name": "__slice__", "config": part}],))
        else:
            layer = self.add(
                "Take", [value], shape, {"axis": -1}, name=self.child("order"),
                module="keras.src.ops.numpy", arguments=(channels.tolist(),))
        return whole(layer, shape, value.is_nonnegative)


def whole_as(value: Value) -> Value:
    """The whole output of the value's layer."""
    return whole(value.layer, value.shape, value.is_nonnegative)
