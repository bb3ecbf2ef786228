"""Checks the import of whole networks against Keras and PyTorch: networks of Keras' Applications
with random weights and statistics, saved in all formats, and a ResNet-18 of PyTorch.

For each file it compares the outputs for random images, the numbers of layers and parameters, and
for VGG16 and the ResNets the parameters after one step of gradient descent. Keras opens the models
that tlbench writes. Prints a table in Markdown. Needs keras, jax, h5py and torch, and the tool's
path in TLBENCH; `tlbench-worker probe`, in the same folder, computes the outputs and the step.

    TLBENCH=.build/release/tlbench python check_applications.py [NETWORK...] [ResNet-18] [time]

Without names everything is checked. Exits with 1 if something differs. check_application_ends.py
checks the ends of the networks.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# First, since it chooses Keras' backend.
from applications import (
    CLASSES, NETWORKS, WORKER, chosen, finish, random_images, randomise, require)

import h5py
import keras
import numpy as np

RATE = 0.01
OUTPUT_TOLERANCE = 1e-4
STEP_TOLERANCE = 1e-3
EXPORT_TOLERANCE = 1e-5

IMPORTED = list(NETWORKS)
# The architectures that weights alone are read for.
ARCHITECTURES = {"VGG16": "vgg16", "ResNet50": "resnet50", "MobileNetV2": "mobilenet-v2"}
# The networks that make a step.
STEPPING = ["VGG16", "ResNet50"]


def error(values, expected):
    """The largest difference, as a share of the largest expected value."""
    values, expected = np.asarray(values), np.asarray(expected)
    if values.shape != expected.shape:
        return float("inf")
    return float(np.abs(values - expected).max() / max(np.abs(expected).max(), 1e-30))


def probe(*arguments):
    outcome = subprocess.run(
        [WORKER, "probe", *map(str, arguments)], capture_output=True, text=True, timeout=600
    )
    require(outcome.returncode == 0, f"probe {arguments[0]}: {outcome.stderr.strip()}")
    return outcome


def logits_of(model):
    """The model without its softmax."""
    model.layers[-1].activation = keras.activations.linear
    return model


def step(model, images, labels):
    """Parameters after one step of gradient descent, by the path in a .keras file's order."""
    model.compile(
        optimizer=keras.optimizers.SGD(RATE),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    model.train_on_batch(images, labels)
    result = {}
    for layer in model.layers:
        for variable in layer.weights:
            result[f"{layer.name}/{variable.name}"] = np.asarray(variable)
    return result


def check_outputs(name, format, output, expected, model, rows):
    with h5py.File(output) as file:
        difference = error(file["outputs"][...], expected)
        layers, parameters = int(file.attrs["layers"]), int(file.attrs["parameters"])
        seconds = float(file.attrs["seconds"])
    require(difference < OUTPUT_TOLERANCE, f"{name} {format}: outputs differ by {difference:.2g}")
    require(
        layers == len(model.layers), f"{name} {format}: {layers} layers, not {len(model.layers)}")
    require(
        parameters == model.count_params(),
        f"{name} {format}: {parameters} parameters, not {model.count_params()}",
    )
    rows.append([name, format, layers, f"{parameters:,}", difference, None, seconds])


def check_step(name, output, before, after, rows):
    """The step itself is compared, since most of a parameter does not change."""
    worst, worst_step, place = 0.0, 0.0, ""
    with h5py.File(output) as file:
        for key, expected in after.items():
            if key.endswith("/count"):
                continue
            found = file["parameters"][key.replace("/", "|")][...].reshape(expected.shape)
            difference = error(found, expected)
            if difference > worst:
                worst, place = difference, key
            # Rounding hides what a bias before a normalization should not do at all.
            change = np.abs(expected - before[key]).max()
            if change > 1e-5 * np.abs(expected).max() + 1e-7:
                worst_step = max(worst_step, np.abs(found - expected).max() / change)
    require(worst < STEP_TOLERANCE, f"{name}: {place} differs by {worst:.2g} after a step")
    rows[-1][5] = f"{worst:.1e} ({worst_step:.1e} of the step)"


def check_export(name, folder, source, options, images, probabilities):
    for format in ["keras", "weights.h5"]:
        path = folder / f"exported.{format}"
        probe(source, "--images", folder / "images.h5", *options, "--export", path)
        try:
            if format == "keras":
                model = keras.models.load_model(path, compile=False)
            else:
                model.load_weights(path)
        except Exception as reason:
            require(False, f"{name}: Keras does not open the exported .{format}: {reason}")
            return float("nan")
        difference = error(model(images, training=False), probabilities)
        require(
            difference < EXPORT_TOLERANCE,
            f"{name}: exported .{format} differs by {difference:.2g}")
    return difference


def check_network(folder, name, rows):
    network, architecture, steps = NETWORKS[name], ARCHITECTURES.get(name), name in STEPPING
    generator = np.random.default_rng(1)
    keras.utils.set_random_seed(1)
    keras.backend.clear_session()
    images = random_images(network, generator)
    labels = np.arange(4) % CLASSES
    with h5py.File(folder / "images.h5", "w") as file:
        file["x"], file["y"] = images, labels
    model = network.build(weights=None, input_shape=images.shape[1:], classes=CLASSES)
    randomise(model, images, generator)
    probabilities = np.asarray(model(images, training=False))
    files = {".keras": "m.keras", ".h5": "m.h5", ".weights.h5": "m.weights.h5"}
    model.save(folder / "m.keras")
    model.save(folder / "m.h5")
    model.save_weights(folder / "m.weights.h5")
    expected = np.asarray(logits_of(model)(images, training=False))
    before = {
        f"{layer.name}/{v.name}": np.asarray(v) for layer in model.layers for v in layer.weights}
    after = step(model, images, labels) if steps else None
    output = folder / "out.h5"
    for format, file in files.items():
        options = []
        if format == ".weights.h5":
            if architecture is None:
                continue
            options = ["--architecture", architecture]
        path = folder / file
        if steps and format == ".keras":
            probe(path, "--images", folder / "images.h5", "--sgd", RATE, "--output", output)
        else:
            probe(path, "--images", folder / "images.h5", *options, "--output", output)
        if not output.exists():
            continue
        check_outputs(name, format, output, expected, model, rows)
        if steps and format == ".keras":
            check_step(name, output, before, after, rows)
        output.unlink()
    # Keras opens what tlbench writes.
    difference = check_export(name, folder, folder / "m.keras", [], images, probabilities)
    rows.append([name, "written by tlbench, read by Keras", "", "", difference, None, None])


def check_torch(folder, rows):
    try:
        import torch
        from torch import nn
    except ImportError:
        print("PyTorch is not installed: its ResNet-18 is left out", file=sys.stderr)
        return
    from torch_networks import ResNet, convert_step

    torch.manual_seed(1)
    generator = np.random.default_rng(1)
    model = ResNet(64, (2, 2, 2, 2), classes=CLASSES)
    images = generator.uniform(-1, 1, (4, 96, 96, 3)).astype(np.float32)
    labels = np.arange(4) % CLASSES
    batch = torch.from_numpy(images.transpose(0, 3, 1, 2).copy())
    with torch.no_grad():
        for parameter_name, value in model.state_dict().items():
            if value.ndim == 1 and "running" not in parameter_name:
                value.add_(torch.randn(value.shape) * 0.1)
        model.train()
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.momentum = 1.0
        model(batch)
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.momentum = 0.1
                module.running_var.mul_(torch.rand(module.running_var.shape) * 0.4 + 0.8)
        model.eval()
        expected = model(batch).numpy()
    state = {key: value.clone() for key, value in model.state_dict().items()}
    with h5py.File(folder / "resnet18.h5", "w") as file:
        for key, value in state.items():
            file.create_dataset(key, data=value.numpy())
    with h5py.File(folder / "images.h5", "w") as file:
        file["x"], file["y"] = images, labels
    output = folder / "out.h5"
    path = folder / "resnet18.h5"
    probe(path, "--images", folder / "images.h5", "--sgd", RATE, "--output", output)
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    loss = nn.functional.cross_entropy(model(batch), torch.from_numpy(labels))
    loss.backward()
    optimizer.step()
    with h5py.File(output) as file:
        difference = error(file["outputs"][...], expected)
        seconds = float(file.attrs["seconds"])
        parameters = int(file.attrs["parameters"])
        worst = convert_step(file["parameters"], model.state_dict(), error)
    count = sum(v.numel() for k, v in state.items() if not k.endswith("num_batches_tracked"))
    require(difference < OUTPUT_TOLERANCE, f"ResNet-18: outputs differ by {difference:.2g}")
    require(parameters == count, f"ResNet-18: {parameters} parameters, not {count}")
    require(worst < STEP_TOLERANCE, f"ResNet-18: parameters after a step differ by {worst:.2g}")
    rows.append([
        "ResNet-18", "PyTorch state dict", "", f"{parameters:,}", difference, f"{worst:.1e}",
        seconds])
    exported = check_export("ResNet-18", folder, path, [], images, expected)
    rows.append(["ResNet-18", "written by tlbench, read by Keras", "", "", exported, None, None])


def print_rows(rows):
    for network, format, layers, parameters, difference, stepped, _ in rows:
        print(
            f"| {network} | {format} | {layers} | {parameters} | {difference:.1e} "
            f"| {stepped or ''} |")


def check_reading_time(folder):
    """A ResNet50 of Keras at full size: how much longer reading takes than copying the bytes."""
    keras.backend.clear_session()
    model = keras.applications.ResNet50(weights=None)
    for name in ["big.keras", "big.h5"]:
        model.save(folder / name)
        copies, reads = [], []
        for _ in range(3):
            start = time.perf_counter()
            shutil.copyfile(folder / name, folder / "copy")
            copies.append(time.perf_counter() - start)
            start = time.perf_counter()
            probe(folder / name)
            reads.append(time.perf_counter() - start)
        size = os.path.getsize(folder / name) / 1e6
        print(
            f"ResNet50 {name}, {size:.0f} MB: copied in {min(copies):.2f} s, read in "
            f"{min(reads):.2f} s (the process included)"
        )
        require(min(reads) - min(copies) < 1.5, f"reading {name} takes {min(reads):.2f} s")
        (folder / name).unlink()


def main():
    rows = []
    names = chosen([*IMPORTED, "ResNet-18", "time"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for network in IMPORTED:
            if network in names:
                check_network(folder, network, rows)
        if "ResNet-18" in names:
            check_torch(folder, rows)
        if "time" in names:
            check_reading_time(folder)
    print("| network | file | layers | parameters | outputs | after one step |")
    print("|---|---|--:|--:|--:|--:|")
    print_rows(rows)
    finish()


if __name__ == "__main__":
    main()
