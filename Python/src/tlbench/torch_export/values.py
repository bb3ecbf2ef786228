"""What flows between the operations of a traced network.

tlbench and Keras keep the channels last, PyTorch keeps them second, and between two layers it may
reshape, permute and split. So a value is the output of a layer together with the place in it of
each of PyTorch's numbers. Operations that only move numbers change these places and add no layer;
a layer that needs an order gets it from `layouts`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Union

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]


class Unmapped(Exception):
    """Why an operation has no counterpart."""


@dataclass(frozen=True)
class Value:
    """Numbers that a layer yields.

    Attributes:
        layer: the position of the layer.
        shape: the layer's output without the batch, (height, width, channels) or (channels,).
        index: for each number in PyTorch's shape without the batch, its place in the layer's
            output.
        is_nonnegative: whether no number can be negative.
        margins: rows and columns of minus infinity around the images (top, bottom, left, right),
            which only a maximum pooling takes.
    """

    layer: int
    shape: tuple[int, ...]
    index: Indices
    is_nonnegative: bool = False
    margins: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def channels(self) -> int:
        return self.shape[-1]

    def axis(self, dim: int) -> int:
        """The axis of `index` that PyTorch counts as `dim`."""
        place = dim % (self.index.ndim + 1)
        if place == 0:
            raise Unmapped("works along the batch")
        return place - 1

    def moved(self, index: Indices) -> Value:
        """The same numbers, or some of them, in another order or shape."""
        if any(self.margins):
            raise Unmapped("moves an image that is padded with minus infinity")
        return replace(self, index=index)

    def reshaped(self, shape: tuple[int, ...]) -> Value:
        """The numbers in another shape, which begins with the batch."""
        if int(np.prod(shape[1:])) != self.index.size:
            raise Unmapped("mixes the examples of a batch")
        return self.moved(self.index.reshape(shape[1:]))


@dataclass(frozen=True)
class Parameter:
    """A parameter, a buffer or a constant of the network, or numbers of it in another shape.

    Attributes:
        name: its path in the network; empty for a constant of the program.
        values: the numbers.
        is_trained: whether it is a parameter.
    """

    name: str
    values: npt.NDArray[Any]
    is_trained: bool

    @property
    def index(self) -> npt.NDArray[Any]:
        return self.values

    def axis(self, dim: int) -> int:
        return dim % max(1, self.values.ndim)

    def moved(self, values: npt.NDArray[Any]) -> Parameter:
        return replace(self, values=values)

    def reshaped(self, shape: tuple[int, ...]) -> Parameter:
        return self.moved(self.values.reshape(shape))


Operand = Union[Value, Parameter]


def whole(layer: int, shape: tuple[int, ...], is_nonnegative: bool = False) -> Value:
    """The output of a layer as PyTorch sees it: an image [channels, height, width] or a vector."""
    index = np.arange(int(np.prod(shape))).reshape(shape)
    if len(shape) == 3:
        index = index.transpose(2, 0, 1)
    return Value(layer, shape, index, is_nonnegative)


def channels_last(layer: int, shape: tuple[int, ...], axes: tuple[int, ...]) -> Value:
    """The output of a layer whose last axis is PyTorch's last axis, with PyTorch's other `axes`."""
    return Value(layer, shape, np.arange(int(np.prod(shape))).reshape(*axes, shape[-1]))
