"""Checks networks of Keras' Applications with every end that they offer: the outputs of the
network, of `tlbench predict`, and of Keras with the model that `tlbench export` writes must agree.

The ends are a softmax, sigmoids or a linear layer for ten classes, or none, with pooled features or
with maps; without classes `predict` must refuse. Weights are random. Prints a table in Markdown.
Needs keras, jax and h5py, and the tool's path in TLBENCH.

    TLBENCH=.build/release/tlbench python check_application_ends.py [NETWORK...]

Without names all networks are checked. Exits with 1 if something differs.
"""

import csv
import subprocess
import tempfile
from pathlib import Path

# First, since it chooses Keras' backend.
from applications import (
    CLASSES, NETWORKS, TOOL, chosen, finish, random_images, randomise, require)

import h5py
import keras
import numpy as np

TOLERANCE = 1e-4


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def difference(values, expected):
    """The largest one, as a share of the largest expected value where that is above 1."""
    if values.shape != expected.shape:
        return float("inf")
    return float(np.abs(values - expected).max() / max(1, np.abs(expected).max()))


def fill(model, weights):
    """Sets the weights; a Normalization computes with the old ones until it is told."""
    model.set_weights(weights)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()


def run(*arguments):
    return subprocess.run(
        [TOOL, *map(str, arguments)], capture_output=True, text=True, timeout=600)


def predicted(folder, path):
    """The probabilities that the tool predicts, None if it refuses, and the ended process."""
    table = folder / "predictions.csv"
    outcome = run(
        "predict", path, "--data", folder / "images.h5", "--unlabeled", "--output", table,
        "--overwrite")
    if outcome.returncode != 0:
        return None, outcome
    with open(table) as file:
        rows = list(csv.DictReader(file))
    columns = [name for name in rows[0] if name.startswith("p(")]
    return np.array([[float(row[name]) for name in columns] for row in rows]), outcome


def exported(folder, path, images):
    """Keras' outputs for the images, with the model that the tool writes."""
    target = folder / "exported.keras"
    outcome = run("export", path, "--output", target, "--overwrite")
    require(outcome.returncode == 0, f"export {path.name}: {outcome.stderr.strip()}")
    return np.asarray(keras.models.load_model(target, compile=False)(images, training=False))


def check_end(folder, what, model, images, probabilities):
    """A row with the differences. `probabilities` computes them from the outputs; None if the
    network does not predict classes."""
    path = folder / "end.keras"
    model.save(path)
    outputs = np.asarray(model(images, training=False))
    found, outcome = predicted(folder, path)
    said = float("nan")
    if probabilities is None:
        is_vector = outputs.ndim == 2 or outputs.shape[1:3] == (1, 1)
        reason = "features, not classes" if is_vector else "one number per class"
        require(
            found is None and outcome.returncode == 65 and reason in outcome.stderr,
            f"{what}: predict should refuse features: {outcome.stderr.strip()}")
    elif found is None:
        require(False, f"{what}: predict: {outcome.stderr.strip()}")
    else:
        said = difference(found, probabilities(outputs))
        require(said < TOLERANCE, f"{what}: predict differs by {said:.2g}")
    again = exported(folder, path, images)
    require(again.shape == outputs.shape, f"{what}: exported, it yields {again.shape}")
    kept = difference(again, outputs)
    require(kept < TOLERANCE, f"{what}: exported, it differs by {kept:.2g}")
    return what, said, kept


def check_network(folder, name):
    """A row for each end of the network."""
    rows = []
    network = NETWORKS[name]
    images = random_images(network, np.random.default_rng(1))
    with h5py.File(folder / "images.h5", "w") as file:
        file["x"] = images

    def built(**settings):
        keras.backend.clear_session()
        return network.build(weights=None, input_shape=images.shape[1:], **settings)

    whole = built(classes=CLASSES, classifier_activation=None)
    randomise(whole, images, np.random.default_rng(2))
    weights = whole.get_weights()
    # The classifier's weights are the last ones. Random ones yield logits in the hundreds, for which
    # single precision is too coarse: Keras' sigmoid then differs by 1e-3 from double precision.
    logits = np.asarray(whole(images, training=False))
    weights[-2:] = [values * np.float32(5 / np.abs(logits).max()) for values in weights[-2:]]
    del whole
    same = lambda outputs: outputs  # noqa: E731
    for activation, probabilities in [("softmax", same), ("sigmoid", same), (None, softmax)]:
        model = built(classes=CLASSES, classifier_activation=activation)
        fill(model, weights)
        rows.append(check_end(
            folder, f"{name}, {activation or 'linear'} end", model, images, probabilities))
    for pooling in [None, "avg"]:
        model = built(include_top=False, pooling=pooling)
        fill(model, weights[: len(model.weights)])
        rows.append(check_end(folder, f"{name}, no top, pooling {pooling}", model, images, None))
    return rows


def main():
    names = chosen(NETWORKS)
    print("| network and end | predict differs by | exported and read by Keras, differs by |")
    print("|---|--:|--:|")
    with tempfile.TemporaryDirectory() as name:
        for network in [network for network in NETWORKS if network in names]:
            for what, said, kept in check_network(Path(name), network):
                text = "refused" if np.isnan(said) else f"{said:.1e}"
                print(f"| {what} | {text} | {kept:.1e} |", flush=True)
    finish()


if __name__ == "__main__":
    main()
