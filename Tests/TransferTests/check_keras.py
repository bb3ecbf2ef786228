"""Checks that Keras loads the weights that tlbench writes as tlbench means them.

Run with keras, jax and h5py, and the tool's path in TLBENCH:

    TLBENCH=.build/release/tlbench python check_keras.py [FOLDER]

FOLDER has the weights (default: the repository's Datasets). For each architecture, every number must
be loaded into its layer, the network must classify the source task's test images as accurately as
the file says, and Keras must write the same datasets when it saves the network. Exits with 1
otherwise.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import h5py
import keras
import numpy as np
from keras import layers

# Float arithmetic in another order may tip an image that lies between two classes.
TOLERATED_IMAGES = 2


def normalized(x, name, filters, size=3, stride=1, suffix=""):
    x = layers.Conv2D(
        filters, size, strides=stride, padding="same", use_bias=False,
        name=f"{name}_conv{suffix}")(x)
    return layers.BatchNormalization(epsilon=1e-3, name=f"{name}_bn{suffix}")(x)


def block(x, name, filters):
    for index in ("1", "2"):
        x = normalized(x, name, filters, suffix=index)
        x = layers.ReLU(name=f"{name}_relu{index}")(x)
    return layers.MaxPooling2D(2, name=f"{name}_pool")(x)


def residual_block(x, name, filters, stride):
    main = normalized(x, name, filters, stride=stride, suffix="1")
    main = layers.ReLU(name=f"{name}_relu1")(main)
    main = normalized(main, name, filters, suffix="2")
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = normalized(x, f"{name}_projection", filters, size=1, stride=stride)
    x = layers.Add(name=f"{name}_add")([main, shortcut])
    return layers.ReLU(name=f"{name}_relu2")(x)


def backbone(x, architecture):
    if architecture != "deep":
        widths = (16, 32) if architecture == "simple" else (16, 32, 64)
        for number, filters in enumerate(widths):
            x = block(x, f"block{number + 1}", filters)
        return layers.Flatten(name="flatten")(x)
    x = layers.ReLU(name="stem_relu")(normalized(x, "stem", 16))
    for number, filters in enumerate((16, 32, 64)):
        for index in (1, 2):
            stride = 2 if number > 0 and index == 1 else 1
            x = residual_block(x, f"stage{number + 1}_block{index}", filters, stride)
    return layers.GlobalAveragePooling2D(name="pool")(x)


def network(architecture, shape, classes):
    image = keras.Input(shape)
    x = backbone(image, architecture)
    return keras.Model(image, layers.Dense(classes, name="head")(x))


def datasets(path):
    """Shapes of all datasets of a file, by their paths."""
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            found[name] = (item.shape, str(item.dtype))

    with h5py.File(path) as file:
        file.visititems(visit)
    return found


def stored_layers(path):
    """The arrays of every layer that has any, in Keras' order, by the layer's name."""
    found = {}
    with h5py.File(path) as file:
        for group in file["layers"].values():
            variables = group["vars"]
            if len(variables) > 0:
                name = variables.attrs["name"]
                name = name.decode() if isinstance(name, bytes) else name
                found[name] = [variables[str(index)][()] for index in range(len(variables))]
    return found


def problems(path, architecture, images, labels, scratch):
    with h5py.File(path) as file:
        shape = tuple(int(extent) for extent in file.attrs["input_shape"])
        classes = int(file.attrs["class_count"])
        promised = float(file.attrs["source_test_accuracy"])
    model = network(architecture, shape, classes)
    model.load_weights(path)

    stored = stored_layers(path)
    weighted = {layer.name: layer for layer in model.layers if layer.weights}
    if stored.keys() != weighted.keys():
        yield f"layers differ: {sorted(stored.keys() ^ weighted.keys())}"
        return
    for name, arrays in stored.items():
        loaded = weighted[name].get_weights()
        same = len(loaded) == len(arrays) and all(map(np.array_equal, loaded, arrays))
        if not same:
            yield f"{name} got the weights of another layer"

    predicted = model.predict(images, batch_size=200, verbose=0).argmax(axis=1)
    correct = int((predicted == labels).sum())
    expected = promised * len(labels)
    print(f"{architecture}: Keras {correct}, tlbench {expected:.0f} of {len(labels)} images right")
    if abs(correct - expected) > TOLERATED_IMAGES:
        yield f"the accuracy is {correct / len(labels)}, the file says {promised}"

    saved = os.path.join(scratch, f"{architecture}.weights.h5")
    model.save_weights(saved)
    ours, theirs = datasets(path), datasets(saved)
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) != theirs.get(name):
            yield f"/{name}: tlbench has {ours.get(name)}, Keras {theirs.get(name)}"


def source_test_set(folder, scratch):
    path = folder / "source.h5"
    if not path.exists():
        path = Path(scratch) / "source.h5"
        subprocess.run(
            [os.environ["TLBENCH"], "generate", "--tasks", scratch, "--similarities", "high",
             "--replicates", "1"],
            check=True, stdout=subprocess.DEVNULL)
    with h5py.File(path) as file:
        x, attributes = file["test/x"], file["test/x"].attrs
        images = x[()].astype(np.float32) * attributes["scale_factor"] + attributes["add_offset"]
        return images.astype(np.float32), file["test/y"][()]


def main():
    root = Path(__file__).resolve().parents[2]
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "Datasets"
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        images, labels = source_test_set(folder, scratch)
        for architecture in ("simple", "medium", "deep"):
            path = str(folder / f"{architecture}.weights.h5")
            for problem in problems(path, architecture, images, labels, scratch):
                failed = True
                print(f"{architecture}: {problem}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
