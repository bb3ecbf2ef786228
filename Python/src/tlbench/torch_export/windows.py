"""Windows that slide over images: PyTorch pads equally on both sides, Keras by `same` or not at
all, and everything else is a layer that pads before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Union

from .network import Network
from .values import Value, whole

Pair = tuple[int, int]


def pair(value: Union[int, Sequence[int]]) -> Pair:
    """A height and a width from PyTorch's way to write them."""
    if isinstance(value, int):
        return value, value
    return (value[0], value[0]) if len(value) == 1 else (value[0], value[1])


class Window:
    """A window over an image.

    Attributes:
        output: the height and width of the result.
        margins: the rows and columns around the image that the window reads: (top, bottom) and
            (left, right).
    """

    def __init__(
        self, image: Sequence[int], kernel: Pair, strides: Pair, padding: Any,
        dilation: Pair = (1, 1), output: Pair | None = None,
    ) -> None:
        self.kernel, self.strides, self.dilation = kernel, strides, dilation
        self.sides = (image[0], image[1])
        self.spans = tuple((k - 1) * d + 1 for k, d in zip(kernel, dilation))
        if isinstance(padding, str):
            totals = [span - 1 if padding == "same" else 0 for span in self.spans]
            before = [total // 2 for total in totals]
        else:
            before = list(pair(padding))
            totals = [2 * side for side in before]
        counted = [
            (side + total - span) // stride + 1
            for side, total, span, stride in zip(self.sides, totals, self.spans, strides)]
        self.output: Pair = output or (counted[0], counted[1])
        after = [
            max(0, (count - 1) * stride + span - side - first)
            for count, stride, span, side, first in zip(
                self.output, strides, self.spans, self.sides, before)]
        self.margins = ((before[0], after[0]), (before[1], after[1]))

    @property
    def is_valid(self) -> bool:
        """Whether the window stays within the image."""
        return not any(map(any, self.margins))

    @property
    def is_same(self) -> bool:
        """Whether the margins are those of `same` in Keras."""
        for side, count, stride, span, margin in zip(
            self.sides, self.output, self.strides, self.spans, self.margins):
            total = max((count - 1) * stride + span - side, 0)
            if count != -(-side // stride) or margin != (total // 2, total - total // 2):
                return False
        return True

    def padded(self, network: Network, image: Value, name: str | None) -> tuple[Value, str]:
        """The image, with zeros around it if Keras has no word for the margins, and the word."""
        if self.is_valid:
            return image, "valid"
        if self.is_same:
            return image, "same"
        return self.with_zeros(network, image, f"{name}.pad" if name else "pad"), "valid"

    def with_zeros(self, network: Network, image: Value, name: str) -> Value:
        """The image with a layer that puts zeros around it."""
        return zero_padding(network, image, self.margins, name)


def zero_padding(
    network: Network, image: Value, margins: tuple[Pair, Pair], name: str
) -> Value:
    (top, bottom), (left, right) = margins
    shape = (image.shape[0] + top + bottom, image.shape[1] + left + right, image.channels)
    options = {"padding": [[top, bottom], [left, right]], "data_format": "channels_last"}
    layer = network.add("ZeroPadding2D", [image], shape, options, name=name)
    return whole(layer, shape, image.is_nonnegative)
