"""Whole networks with every end that Keras' Applications offer: what the network says, what
'tlbench predict' says and what Keras makes of what 'tlbench export' writes is the same.

Used by check_applications.py.
"""

import csv
import subprocess

import h5py
import keras
import numpy as np

TOLERANCE = 1e-4
# Networks whose ends are of their own kind: the classifier of MobileNet is a convolution of one
# pixel under a Reshape.
MORE_NETWORKS = [("MobileNet", keras.applications.MobileNet, 96, {})]


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


class Ends:
    """The ends of one network after another.

    tool: the path of tlbench. require: takes whether something holds, and what. folder: with the
    file images.h5.
    """

    def __init__(self, tool, require, folder):
        self.tool, self.require, self.folder = tool, require, folder

    def run(self, *arguments):
        return subprocess.run(
            [self.tool, *map(str, arguments)], capture_output=True, text=True, timeout=600)

    def predicted(self, path):
        outcome = self.run(
            "predict", path, "--data", self.folder / "images.h5", "--unlabeled", "--output",
            self.folder / "ends.csv", "--overwrite")
        if outcome.returncode != 0:
            return None, outcome
        with open(self.folder / "ends.csv") as file:
            rows = list(csv.DictReader(file))
        columns = [name for name in rows[0] if name.startswith("p(")]
        return np.array([[float(row[name]) for name in columns] for row in rows]), outcome

    def exported(self, path, images):
        target = self.folder / "ends.keras"
        outcome = self.run("export", path, "--output", target, "--overwrite")
        self.require(outcome.returncode == 0, f"export {path.name}: {outcome.stderr.strip()}")
        model = keras.models.load_model(target, compile=False)
        return np.asarray(model(images, training=False)), outcome.stderr

    def check(self, what, model, images, expected_probabilities, rows):
        path = self.folder / "end.keras"
        model.save(path)
        outputs = np.asarray(model(images, training=False))
        predicted, outcome = self.predicted(path)
        said = float("nan")
        if expected_probabilities is None:
            reason = "features and not classes" if outputs.ndim == 2 else "one number per class"
            self.require(
                predicted is None and outcome.returncode == 65 and reason in outcome.stderr,
                f"{what}: predict should refuse features: {outcome.stderr.strip()}")
        elif predicted is None:
            self.require(False, f"{what}: predict: {outcome.stderr.strip()}")
        else:
            said = difference(predicted, expected_probabilities(outputs))
            self.require(said < TOLERANCE, f"{what}: predict differs by {said:.2g}")
        again, _ = self.exported(path, images)
        kept = difference(again.reshape(outputs.shape), outputs)
        self.require(kept < TOLERANCE, f"{what}: exported, it differs by {kept:.2g}")
        rows.append((what, said, kept))

    def check_network(self, name, build, side, settings, images, randomise, classes):
        """All ends of one network; returns rows of what differs by how much."""
        rows = []
        generator = np.random.default_rng(2)
        with h5py.File(self.folder / "images.h5", "w") as file:
            file["x"] = images

        def built(**more):
            return build(weights=None, input_shape=(side, side, 3), **settings, **more)

        whole = built(classes=classes)
        randomise(whole, images, generator)
        weights = whole.get_weights()
        del whole
        same = lambda outputs: outputs  # noqa: E731
        for activation, expected in [("softmax", same), ("sigmoid", same), (None, softmax)]:
            keras.backend.clear_session()
            model = built(classes=classes, classifier_activation=activation)
            fill(model, weights)
            self.check(f"{name}, {activation or 'linear'} end", model, images, expected, rows)
        for pooling in [None, "avg"]:
            keras.backend.clear_session()
            model = built(include_top=False, pooling=pooling)
            # The classifier's weights are the last ones.
            fill(model, weights[: len(model.weights)])
            self.check(f"{name}, no top, pooling {pooling}", model, images, None, rows)
        return rows
