"""A functional model of Keras in HDF5: `model_config` and `model_weights`, as Keras 2 and 3 write
it. tlbench reads its graph and its weights, and `keras.models.load_model` opens it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

from ..datasets import replacing

Array = npt.NDArray[Any]
# The version of Keras whose form the configuration has.
_KERAS_VERSION = "3.15.1"
INPUT = 0


@dataclass(frozen=True)
class Layer:
    """A layer of Keras.

    Attributes:
        inputs: the positions of the layers that it reads.
        shape: its output without the batch, (height, width, channels) or (channels,).
        tensors: its weights by their roles, in Keras' order.
        arguments: constants of the call of an operation, after the input.
    """

    name: str
    class_name: str
    module: str
    options: dict[str, Any]
    inputs: tuple[int, ...]
    shape: tuple[int, ...]
    tensors: dict[str, Array]
    arguments: tuple[Any, ...] = ()


@dataclass
class KerasModel:
    """The layers of a model; the first is the input, and each comes after those that it reads."""

    name: str
    layers: list[Layer] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def add(
        self,
        name: str,
        class_name: str,
        inputs: Sequence[int],
        shape: Sequence[int],
        options: dict[str, Any] | None = None,
        tensors: dict[str, Array] | None = None,
        *,
        module: str = "keras.layers",
        arguments: tuple[Any, ...] = (),
    ) -> int:
        """Adds a layer, with a number after its name if that is taken; returns its position."""
        base = name.replace("/", "_").strip(".") or class_name.lower()
        unique, number = base, 1
        while unique in self._names:
            unique = f"{base}_{number}"
            number += 1
        self._names.add(unique)
        self.layers.append(
            Layer(
                unique, class_name, module, options or {}, tuple(inputs), tuple(shape),
                tensors or {}, arguments))
        return len(self.layers) - 1

    @property
    def parameter_count(self) -> int:
        """The number of values of all weights, statistics included."""
        return sum(tensor.size for layer in self.layers for tensor in layer.tensors.values())

    def keep_only(self, output: int) -> None:
        """Makes `output` the last layer, removes all layers that do not lead to it, and puts the
        others in the order that they have in Keras.

        Keras sorts by depth, the longest path to the output, the deepest first, and layers of one
        depth as a search from the output meets them (`map_graph` of keras/src/ops/function.py); it
        expects weights in HDF5 in that order.
        """
        depths = {output: 0}
        for position in range(output, -1, -1):
            if position in depths:
                for read in self.layers[position].inputs:
                    depths[read] = max(depths.get(read, 0), depths[position] + 1)
        met: dict[int, int] = {}
        waiting = [output]
        while waiting:
            position = waiting.pop()
            if position not in met:
                met[position] = len(met)
                waiting += reversed(self.layers[position].inputs)
        order = sorted(depths, key=lambda position: (-depths[position], met[position]))
        places = {old: new for new, old in enumerate(order)}
        self.layers = [
            replace(self.layers[old], inputs=tuple(places[read] for read in self.layers[old].inputs))
            for old in order]

    def write(self, path: Path) -> None:
        """Writes the model; the file appears only when everything is written."""
        with replacing(path) as temporary, h5py.File(temporary, "w") as file:
            file.attrs["keras_version"] = _KERAS_VERSION
            file.attrs["backend"] = "torch"
            file.attrs["model_config"] = json.dumps(self._configuration())
            note = {"metadata": self.metadata, "layer_names": {}}
            file.attrs["tlbench"] = json.dumps(note)
            weights = file.create_group("model_weights")
            weights.attrs["keras_version"] = _KERAS_VERSION
            weights.attrs["backend"] = "torch"
            _write_names(weights, "layer_names", [layer.name for layer in self.layers])
            for layer in self.layers:
                group = weights.create_group(layer.name)
                names = [f"{layer.name}/{role}" for role in layer.tensors]
                _write_names(group, "weight_names", names)
                for name, tensor in zip(names, layer.tensors.values()):
                    group.create_dataset(name, data=np.ascontiguousarray(tensor, np.float32))

    def _configuration(self) -> dict[str, Any]:
        return {
            "module": "keras.src.models.functional",
            "class_name": "Functional",
            "config": {
                "name": self.name,
                "trainable": True,
                "layers": [self._description(layer) for layer in self.layers],
                "input_layers": [self.layers[INPUT].name, 0, 0],
                "output_layers": [self.layers[-1].name, 0, 0],
            },
            "registered_name": "Functional",
        }

    def _description(self, layer: Layer) -> dict[str, Any]:
        is_operation = layer.module.startswith("keras.src.ops")
        config: dict[str, Any] = {"name": layer.name}
        if not layer.inputs:
            config |= {"batch_shape": [None, *layer.shape], "dtype": "float32"}
        elif not is_operation:
            config |= {"trainable": True, "dtype": "float32"}
        arguments: list[Any] = [self._reference(position) for position in layer.inputs]
        # Layers that merge take one list, the others one tensor.
        if len(arguments) > 1:
            arguments = [arguments]
        calls = [{"args": [*arguments, *layer.arguments], "kwargs": {}}] if layer.inputs else []
        return {
            "module": layer.module,
            "class_name": layer.class_name,
            "config": config | layer.options,
            "registered_name": None if layer.module == "keras.layers" else layer.class_name,
            "name": layer.name,
            "inbound_nodes": calls,
        }

    def _reference(self, position: int) -> dict[str, Any]:
        layer = self.layers[position]
        return {
            "class_name": "__keras_tensor__",
            "config": {
                "shape": [None, *layer.shape], "dtype": "float32",
                "keras_history": [layer.name, 0, 0],
            },
        }


def _write_names(group: Any, attribute: str, names: list[str]) -> None:
    """Writes a list of names as Keras does: in parts if it exceeds HDF5's limit on attributes."""
    limit = 60_000
    longest = max((len(name.encode()) for name in names), default=1)
    step = max(1, limit // longest)
    if len(names) <= step:
        group.attrs[attribute] = np.array([name.encode() for name in names], dtype=f"S{longest}")
        return
    for part, start in enumerate(range(0, len(names), step)):
        some = [name.encode() for name in names[start : start + step]]
        group.attrs[f"{attribute}{part}"] = np.array(some, dtype=f"S{longest}")
