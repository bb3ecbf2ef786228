"""Writes a network of PyTorch as a model that tlbench and Keras open."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

import numpy as np

from ..errors import NotExported, TlbenchError, missing_package
from . import rules_layers, rules_numbers, rules_pooling, rules_shapes
from .keras_model import KerasModel
from .network import Network
from .values import Parameter, Unmapped, Value, whole

if TYPE_CHECKING:
    import torch

_RULES: dict[str, Any] = {
    **rules_layers.RULES, **rules_numbers.RULES, **rules_pooling.RULES, **rules_shapes.RULES}
_PREPROCESSING = ("none", "unit", "tf", "torch", "caffe")
# The batch while the network is traced: two, so that an axis of length 1 is not mistaken for it.
_BATCH = 2


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        path: the file.
        layers: the number of layers, the input included.
        parameters: the number of values of all weights and statistics, as Keras counts them.
        preprocess: the preprocessing of the pixels that the file names; None if it names none.
        unused: paths of modules whose weights inference does not use, such as auxiliary
            classifiers; they are not in the file.
    """

    path: Path
    layers: int
    parameters: int
    preprocess: Optional[str]
    unused: list[str] = field(default_factory=list)


def export_torch(
    model: torch.nn.Module,
    path: str | os.PathLike[str],
    input_shape: Sequence[int],
    *,
    class_names: Optional[Sequence[str]] = None,
    preprocess: Optional[str] = None,
    overwrite: bool = False,
) -> Exported:
    """Writes a convolutional network of PyTorch as a model of Keras in HDF5.

    `torch.export` traces the network as it is in inference. Mapped are convolutions (groups,
    strides, dilation, any padding with zeros), linear layers, batch and layer normalization over
    the channels, the usual activations, maximum and average pooling, pooling of all pixels,
    upsampling by whole factors, dropout, layer scale, sums, products and concatenations, and any
    reshaping, permuting, splitting and shuffling of channels between them. Not mapped are
    attention, class tokens, group normalization, transposed convolutions, and weights that are
    shared or computed. Outputs agree with PyTorch's within rounding, and so does training, except
    that stochastic depth is left out and that PyTorch corrects the variance in the running
    statistics of a batch normalization by n/(n-1).

    Args:
        model: the network; it is not changed.
        path: the file, whose name ends in .h5.
        input_shape: the shape of an image as PyTorch has it, (channels, height, width).
        class_names: the names of the outputs, which `predict` then uses.
        preprocess: how pixels are to be prepared, as `tlbench --preprocess` does it: none, unit,
            tf, torch or caffe (default: what the network's `pretrained_cfg` says, which timm's
            have; otherwise the file does not say it).
        overwrite: whether to replace a file that exists.

    Raises:
        NotExported: if parts of the network have no counterpart; it names their modules.
        TlbenchError: for another name, shape or number of classes, or a file that exists.
    """
    try:
        import torch
    except ImportError:
        raise missing_package("export_torch", "torch") from None
    target = Path(path)
    shape = tuple(int(side) for side in input_shape)
    _check(target, shape, preprocess, overwrite)
    program = _traced(torch, model, shape)
    keras = KerasModel(type(model).__name__)
    network, output = _translated(program, keras, shape)
    keras.keep_only(output.layer)
    if class_names is not None:
        if len(class_names) != output.channels:
            raise _wrong(
                target, f"there are {len(class_names)} class names, but {output.channels} outputs",
                "Give a name for each output.")
        keras.metadata["class_names"] = json.dumps([str(name) for name in class_names])
    preprocess = preprocess or _preprocessing(model)
    if preprocess is not None:
        keras.metadata["preprocess"] = preprocess
    keras.write(target)
    unused = _unused(model, network.used)
    if unused:
        warnings.warn(
            f"{target} does not have {', '.join(unused)}: inference does not use them",
            stacklevel=2)
    return Exported(target, len(keras.layers), keras.parameter_count, preprocess, unused)


def _wrong(path: Path, reason: str, remedy: str) -> TlbenchError:
    return TlbenchError(f"cannot write the network {path}: {reason}", remedy)


def _check(path: Path, shape: tuple[int, ...], preprocess: str | None, overwrite: bool) -> None:
    if path.suffix != ".h5" or path.name.endswith(".weights.h5"):
        raise _wrong(path, "its name does not end in .h5", "Choose a name such as net.h5.")
    if path.exists() and not overwrite:
        raise _wrong(path, "it exists", "Choose another name, or give overwrite=True.")
    if len(shape) not in (1, 3) or min(shape) < 1:
        raise _wrong(
            path, f"the input shape is {shape}", "Give (channels, height, width), such as "
            "(3, 224, 224), or (features,).")
    if preprocess not in (None, *_PREPROCESSING):
        raise _wrong(
            path, f"there is no preprocessing {preprocess!r}",
            f"Choose one of {', '.join(_PREPROCESSING)}.")


def _traced(torch: Any, model: Any, shape: tuple[int, ...]) -> Any:
    """The network in inference as a graph of functions without side effects."""
    states = [(module, module.training) for module in model.modules()]
    parameter = next(model.parameters(), torch.zeros(()))
    example = torch.zeros((_BATCH, *shape), dtype=parameter.dtype, device=parameter.device)
    try:
        model.eval()
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.export.export(model, (example,), strict=False).run_decompositions({})
    except Exception as reason:
        text = str(reason).strip().partition("\n")[0]
        raise TlbenchError(
            f"cannot trace the network for images of {shape}: {type(reason).__name__}: {text}",
            "Check that model(images) works for a batch of this shape, and that torch.export "
            "traces the model.") from reason
    finally:
        for module, training in states:
            module.training = training


def _translated(
    program: Any, keras: KerasModel, shape: tuple[int, ...]
) -> tuple[Network, Value]:
    """Translates the operations one by one; the network and its output."""
    network = Network(keras)
    values: dict[Any, Any] = {}
    failures: list[tuple[str, str]] = []
    sides = (*shape[1:], shape[0]) if len(shape) == 3 else shape
    inputs = [spec.arg.name for spec in program.graph_signature.input_specs
              if spec.kind.name == "USER_INPUT"]
    output: Any = None
    for node in program.graph.nodes:
        if node.op == "placeholder":
            if node.name in inputs:
                values[node] = whole(keras.add("input_layer", "InputLayer", [], sides), sides)
            else:
                values[node] = _parameter(program, node.name)
        elif node.op == "output":
            results = node.args[0]
            if len(results) != 1:
                failures.append(("the network", f"has {len(results)} outputs"))
            else:
                output = values.get(results[0])
        elif node.op == "call_function":
            network.path, kind = _module(node)
            try:
                values[node] = _result(network, node, values)
            except Unmapped as reason:
                path = network.path or "the network"
                failures.append((f"{path} ({kind})" if kind else path, str(reason)))
    if not failures:
        try:
            network.path = "output"
            if isinstance(output, Value):
                is_image = output.index.ndim == 3
                result = network.image(output) if is_image else network.vector(output)
                return network, result
            failures.append(("the network", "yields no result of a layer"))
        except Unmapped as reason:
            failures.append(("the output", str(reason)))
    raise NotExported(list(dict.fromkeys(failures)))


def _module(node: Any) -> tuple[str, str]:
    """The path and the class of the module that an operation belongs to."""
    stack = node.meta.get("nn_module_stack") or {}
    if not stack:
        return "", ""
    path, kind = list(stack.values())[-1]
    name = kind if isinstance(kind, str) else kind.__name__
    return path.removeprefix("L['self'].").split("@")[0], name.rpartition(".")[2]


def _parameter(program: Any, name: str) -> Parameter:
    signature = program.graph_signature
    if name in signature.inputs_to_parameters:
        path = signature.inputs_to_parameters[name]
        return Parameter(path, _array(program.state_dict[path]), True)
    if name in signature.inputs_to_buffers:
        path = signature.inputs_to_buffers[name]
        tensor = program.state_dict.get(path, program.constants.get(path))
        return Parameter(path, _array(tensor), False)
    constants = signature.inputs_to_lifted_tensor_constants
    return Parameter("", _array(program.constants[constants[name]]), False)


def _array(tensor: Any) -> Any:
    return tensor.detach().cpu().float().numpy()


def _result(network: Network, node: Any, values: dict[Any, Any]) -> Any:
    """The result of an operation; None if it reads a result that could not be translated."""
    import torch

    if node.target.__name__ == "getitem":
        several = values.get(node.args[0])
        if isinstance(several, list):
            return several[node.args[1]]
        if node.args[1] == 0 or several is None:
            return several
        raise Unmapped("reads a second result")
    if not isinstance(node.target, torch._ops.OpOverload):
        raise Unmapped(f"calls {getattr(node.target, '__name__', node.target)}")
    schema = node.target._schema
    name = schema.name.partition("::")[2]
    if name.startswith(("_assert", "sym_")):
        return None

    reads = [values.get(read) for read in node.all_input_nodes]
    if any(read is None for read in reads):
        return None
    arguments: dict[str, Any] = {}
    for place, argument in enumerate(schema.arguments):
        value = argument.default_value
        if place < len(node.args):
            value = node.args[place]
        value = node.kwargs.get(argument.name, value)
        arguments[argument.name] = torch.fx.map_arg(value, lambda read: values[read])
    if name not in _RULES:
        raise Unmapped(f"uses {name}, which tlbench does not have")
    found = node.meta.get("val")
    first = found[0] if isinstance(found, (list, tuple)) else found
    network.shape = tuple(getattr(first, "shape", ()))
    return _RULES[name](network, arguments)


def _unused(model: Any, used: set[str]) -> list[str]:
    """Modules none of whose weights are used, without the modules inside them."""
    names = [name for name, _ in model.named_parameters()]
    left_out: list[str] = []
    for path, _ in model.named_modules():
        own = [name for name in names if not path or name.startswith(f"{path}.")]
        if own and not used.intersection(own) and not any(
            path.startswith(f"{outer}.") for outer in left_out):
            left_out.append(path)
    return left_out


def _preprocessing(model: Any) -> str | None:
    """The preprocessing that the configuration of a timm network says."""
    config = getattr(model, "pretrained_cfg", None)
    if not isinstance(config, dict) or "mean" not in config or "std" not in config:
        return None
    known = {
        "torch": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        "tf": ((0.5,) * 3, (0.5,) * 3), "unit": ((0.0,) * 3, (1.0,) * 3)}
    for word, (mean, deviation) in known.items():
        if np.allclose(config["mean"], mean) and np.allclose(config["std"], deviation):
            return word
    return None
