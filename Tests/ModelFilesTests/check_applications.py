"""Checks the import of whole networks against Keras and PyTorch: networks of Keras' Applications
with random weights and statistics, saved in all formats, and a ResNet-18 of PyTorch.

For each file: the outputs for random images, the numbers of layers and parameters, and for VGG16
and the ResNets the parameters after one step of gradient descent. Models that tlbench writes are
opened by Keras. For each network, with a softmax, sigmoid or linear end and without its top: what it
says, what 'predict' says and what Keras makes of what 'export' writes. Prints tables in Markdown.
Needs keras, jax, h5py and torch.

    TLBENCH=.build/release/tlbench python check_applications.py [NETWORK...] [ResNet-18] [time] [ends]

Without names all is checked; 'ends' beside names of networks checks nothing but their ends.
"""

import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import h5py
import keras
import numpy as np

TOOL = os.environ["TLBENCH"]
CLASSES = 10
RATE = 0.01
OUTPUT_TOLERANCE = 1e-4
STEP_TOLERANCE = 1e-3
EXPORT_TOLERANCE = 1e-5

A = keras.applications
#        name, class, side, settings, architecture of the weights alone, whether a step is made
NETWORKS = [
    ("VGG16", A.VGG16, 64, {}, "vgg16", True),
    ("ResNet50", A.ResNet50, 96, {}, "resnet50", True),
    ("MobileNetV2", A.MobileNetV2, 96, {}, "mobilenet-v2", False),
    ("InceptionV3", A.InceptionV3, 96, {}, None, False),
    ("EfficientNetB0", A.EfficientNetB0, 96, {}, None, False),
    ("DenseNet121", A.DenseNet121, 96, {}, None, False),
    ("MobileNetV3Small", A.MobileNetV3Small, 96, {}, None, False),
    ("MobileNetV3Large", A.MobileNetV3Large, 96, {}, None, False),
    ("NASNetMobile", A.NASNetMobile, 96, {}, None, False),
    ("InceptionResNetV2", A.InceptionResNetV2, 96, {}, None, False),
    ("ConvNeXtTiny", A.ConvNeXtTiny, 96, {}, None, False),
]

failures = []


def error(values, expected):
    """The largest difference, as a share of the largest expected value."""
    values, expected = np.asarray(values), np.asarray(expected)
    if values.shape != expected.shape:
        return float("inf")
    return float(np.abs(values - expected).max() / max(np.abs(expected).max(), 1e-30))


def require(holds, what):
    if not holds:
        failures.append(what)
        print(f"FAILED: {what}", file=sys.stderr)


def probe(*arguments):
    outcome = subprocess.run(
        [TOOL, "probe-model", *map(str, arguments)], capture_output=True, text=True, timeout=600
    )
    require(outcome.returncode == 0, f"probe-model {arguments[0]}: {outcome.stderr.strip()}")
    return outcome


def randomise(model, images, generator):
    """Draws statistics and scales at random, and fits every normalization's statistics to what
    really arrives there, so that the activations neither vanish nor overflow."""
    for weight in model.weights:
        shape = tuple(weight.shape)
        role = weight.path.split("/")[-1]
        if role == "gamma":
            # Residual blocks start close to the identity, as in practice. With scales near 1 the
            # gradient explodes on the way down, and Keras' own step in single precision is 2 % away
            # from the one in double precision; so it is 0.1 %.
            low, high = (0.1, 0.3) if "_3_bn" in weight.path else (0.7, 1.3)
            weight.assign(generator.uniform(low, high, shape))
        elif role == "variable":
            # LayerScale has no name for its weight.
            weight.assign(generator.uniform(0.1, 0.3, shape))
        elif role in ("beta", "bias"):
            weight.assign(generator.normal(0, 0.1, shape))
        elif role == "mean":
            weight.assign(generator.uniform(0.4, 0.6, shape))
        elif role == "variance":
            weight.assign(generator.uniform(0.05, 0.1, shape))
        elif role in ("kernel", "depthwise_kernel"):
            fan = np.prod(shape[:2]) if "depthwise" in weight.path else np.prod(shape[:-1])
            weight.assign(generator.normal(0, (2 / fan) ** 0.5, shape))
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()
    normalizations = [
        layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)
    ]
    if not normalizations:
        return
    # A pass in training moves the statistics towards those of the batch; random factors keep them
    # from being exactly these.
    for layer in normalizations:
        layer.momentum = 0.0
    model(images, training=True)
    for layer, momentum in zip(normalizations, [0.99] * len(normalizations)):
        layer.momentum = 0.99
        mean, variance = layer.moving_mean, layer.moving_variance
        mean.assign(np.asarray(mean) + generator.normal(0, 0.05, mean.shape))
        variance.assign(np.asarray(variance) * generator.uniform(0.8, 1.2, variance.shape) + 1e-3)


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
    require(layers == len(model.layers), f"{name} {format}: {layers} layers, not {len(model.layers)}")
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
        require(difference < EXPORT_TOLERANCE, f"{name}: exported .{format} differs by {difference:.2g}")
    return difference


def check_network(folder, name, build, side, settings, architecture, steps, rows):
    generator = np.random.default_rng(1)
    keras.utils.set_random_seed(1)
    keras.backend.clear_session()
    images = generator.uniform(0, 1, (4, side, side, 3)).astype(np.float32)
    if name in ("EfficientNetB0", "MobileNetV3Small", "MobileNetV3Large", "ConvNeXtTiny"):
        images *= 255
    labels = np.arange(4) % CLASSES
    with h5py.File(folder / "images.h5", "w") as file:
        file["x"], file["y"] = images, labels
    model = build(weights=None, input_shape=(side, side, 3), classes=CLASSES, **settings)
    randomise(model, images, generator)
    probabilities = np.asarray(model(images, training=False))
    files = {".keras": "m.keras", ".h5": "m.h5", ".weights.h5": "m.weights.h5"}
    model.save(folder / "m.keras")
    model.save(folder / "m.h5")
    model.save_weights(folder / "m.weights.h5")
    expected = np.asarray(logits_of(model)(images, training=False))
    before = {f"{layer.name}/{v.name}": np.asarray(v) for layer in model.layers for v in layer.weights}
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
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
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
    rows.append(
        ["ResNet-18", "PyTorch state dict", "", f"{parameters:,}", difference, f"{worst:.1e}", seconds]
    )
    exported = check_export("ResNet-18", folder, path, [], images, expected)
    rows.append(["ResNet-18", "written by tlbench, read by Keras", "", "", exported, None, None])


def check_ends(folder, chosen):
    """The ends of the chosen networks; see application_ends.py."""
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    from application_ends import MORE_NETWORKS, Ends

    ends = Ends(TOOL, require, folder)
    known = [network[:4] for network in NETWORKS]
    names = {network[0] for network in known}
    rows = []
    for name, build, side, settings in known + [n for n in MORE_NETWORKS if n[0] not in names]:
        if name not in chosen:
            continue
        images = np.random.default_rng(1).uniform(0, 1, (4, side, side, 3)).astype(np.float32)
        if name == "EfficientNetB0":
            images *= 255
        rows += ends.check_network(name, build, side, settings, images, randomise, CLASSES)
    print("| network and end | predict differs by | exported and read by Keras, differs by |")
    print("|---|--:|--:|")
    for what, said, kept in rows:
        print(f"| {what} | {'refused' if np.isnan(said) else f'{said:.1e}'} | {kept:.1e} |")


def print_rows(rows):
    for network, format, layers, parameters, difference, stepped, _ in rows:
        print(f"| {network} | {format} | {layers} | {parameters} | {difference:.1e} | {stepped or ''} |")


def check_reading_time(folder):
    """A ResNet50 of Keras at full size: how much longer reading takes than copying the bytes."""
    keras.backend.clear_session()
    model = A.ResNet50(weights=None)
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
            f"ResNet50 {name}, {size:.0f} MB: copied in {min(copies):.2f} s, read in {min(reads):.2f} s"
            " (the process included)"
        )
        require(min(reads) - min(copies) < 1.5, f"reading {name} takes {min(reads):.2f} s")
        (folder / name).unlink()


def main():
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        everything = [network[0] for network in NETWORKS] + ["MobileNet", "ResNet-18", "time"]
        chosen = sys.argv[1:] or everything
        check_ends(folder, chosen)
        for network in NETWORKS:
            if network[0] in chosen and "ends" not in chosen:
                check_network(folder, *network, rows)
        if "ResNet-18" in chosen:
            check_torch(folder, rows)
        if "time" in chosen:
            check_reading_time(folder)
    print("| network | file | layers | parameters | outputs | after one step |")
    print("|---|---|--:|--:|--:|--:|")
    print_rows(rows)
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
