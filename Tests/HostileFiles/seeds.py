"""Writes small undamaged files of every format that tlbench reads, to be mutated.

    python seeds.py FOLDER

Writes FOLDER/<format>/<name>. check_hostile_files.py runs it as a separate process, because Keras
uses much memory.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")

import h5py
import keras
import numpy as np

REPOSITORY = Path(__file__).resolve().parent.parent.parent
TLBENCH = os.environ.get("TLBENCH", str(REPOSITORY / ".build/release/tlbench"))
random = np.random.default_rng(1)


def tasks(folder):
    for name in ("uint8.h5", "float32.h5"):
        shutil.copy(REPOSITORY / "Tests/TaskDataTests/Fixtures" / name, folder)
    with h5py.File(folder / "chunked.h5", "w") as file:
        for part, count in (("train", 60), ("test", 20)):
            images = random.integers(0, 255, (count, 8, 8, 1), dtype="u1")
            file.create_dataset(f"{part}/x", data=images, chunks=(7, 8, 8, 1), compression="gzip",
                                shuffle=True, fletcher32=True)
            file[f"{part}/y"] = np.arange(count) % 3
        file.attrs["class_names"] = ["cat", "dog", "größe"]


def results(folder, scratch):
    """Writes the results of a sweep of four runs."""
    data = scratch / "Datasets"
    data.mkdir()
    shutil.copy(REPOSITORY / "Datasets/simple.weights.h5", data)
    subprocess.run(
        [TLBENCH, "sweep", "--architecture", "simple", "--similarities", "high", "--replicates",
         "2", "--sizes", "20", "--strategies", "feature-extraction,from-scratch", "--quiet",
         "--output", folder / "sweep.h5"], cwd=scratch, check=True, stdout=subprocess.DEVNULL)


def keras_files(root):
    def layers():
        return [
            keras.layers.Conv2D(4, 3, name="conv"), keras.layers.BatchNormalization(name="norm"),
            keras.layers.ReLU(), keras.layers.MaxPooling2D(), keras.layers.Flatten(),
            keras.layers.Dense(3, name="head")]

    sequential = keras.Sequential([keras.Input((8, 8, 1)), *layers()])
    inputs = keras.Input((8, 8, 1))
    outputs = inputs
    for layer in layers():
        outputs = layer(outputs)
    functional = keras.Model(inputs, outputs)
    for name, model in (("sequential", sequential), ("functional", functional)):
        model.save(root / "keras-legacy" / f"{name}.h5")
        model.save_weights(root / "keras-weights" / f"{name}.weights.h5")
        model.save(root / "keras-archive" / f"{name}.keras")
    with zipfile.ZipFile(root / "keras-archive" / "sequential.keras") as stored, zipfile.ZipFile(
            root / "keras-archive" / "deflated.keras", "w", zipfile.ZIP_DEFLATED) as deflated:
        for name in stored.namelist():
            deflated.writestr(name, stored.read(name))


def pytorch(folder):
    with h5py.File(folder / "state.h5", "w") as file:
        for name, shape in (
                ("features.0.weight", (4, 1, 3, 3)), ("features.0.bias", (4,)),
                ("features.1.running_mean", (4,)), ("features.1.running_var", (4,)),
                ("features.1.weight", (4,)), ("features.1.bias", (4,)),
                ("classifier.0.weight", (3, 36)), ("classifier.0.bias", (3,))):
            file[name] = random.random(shape, dtype="f4")
        file["features.1.num_batches_tracked"] = np.int64(7)


def tensors(root):
    """Files of torch.save and safetensors: networks of images, and BERT, which needs a
    config.json."""
    fixtures = REPOSITORY / "Tests/ModelFilesTests/Fixtures"
    for name in ("resnet.pth", "views.pth", "protocol4.pth", "parallel.pth", "long.pth",
                 "deflated.pth", "bert.bin"):
        shutil.copy(fixtures / "torch" / name, root / "torch")
    shutil.copy(fixtures / "text/bert/model.safetensors", root / "safetensors")
    entries, data = {}, b""
    with h5py.File(fixtures / "torch_resnet.h5") as file:
        def add(path, item):
            nonlocal data
            if isinstance(item, h5py.Dataset):
                start, data = len(data), data + item[...].tobytes()
                entries[path.replace("/", ".")] = {
                    "dtype": "I64" if item.dtype == np.int64 else "F32", "shape": item.shape,
                    "data_offsets": [start, len(data)]}
        file.visititems(add)
    header = json.dumps(entries).encode()
    (root / "safetensors/resnet.safetensors").write_bytes(
        len(header).to_bytes(8, "little") + header + data)


def main(root):
    for name in ("task", "weights", "results", "keras-legacy", "keras-weights", "keras-archive",
                 "pytorch", "h5py", "torch", "safetensors"):
        (root / name).mkdir()
    scratch = root / "scratch"
    scratch.mkdir()
    tasks(root / "task")
    shutil.copy(REPOSITORY / "Datasets/simple.weights.h5", root / "weights")
    results(root / "results", scratch)
    keras_files(root)
    pytorch(root / "pytorch")
    tensors(root)
    for name in ("h5py.h5", "v110.h5"):
        shutil.copy(REPOSITORY / "Tests/HDF5Tests/Fixtures" / name, root / "h5py")
    shutil.rmtree(scratch)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
