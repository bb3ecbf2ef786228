"""Checks the workflow of a user from Keras to Keras, on scikit-learn's digits.

Run with keras, jax, h5py and scikit-learn, and the tool's path in TLBENCH:

    TLBENCH=.build/release/tlbench python check_digits.py

A small network learns the digits 0 to 4 in Keras. tlbench compares the strategies for the digits 5
to 9 at 20, 50, 100 and 400 labels, trains the winner, and writes it as a Keras model: Keras and
'tlbench predict' must predict the same. Prints the table. Exits with 1 otherwise.
"""

import csv
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
from sklearn.datasets import load_digits

TOOL = Path(os.environ["TLBENCH"]).resolve()
SIZES = "20,50,100,400"


def run(*arguments):
    done = subprocess.run(
        [str(TOOL), *map(str, arguments)], capture_output=True, text=True, timeout=1200)
    if done.returncode != 0:
        sys.exit(f"tlbench {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stderr}")
    return done.stdout, done.stderr


def pretrained(images, labels, path):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([
        keras.Input((8, 8, 1)),
        layers.Conv2D(16, 3, padding="same", use_bias=False), layers.BatchNormalization(),
        layers.ReLU(),
        layers.Conv2D(32, 3, padding="same", use_bias=False), layers.BatchNormalization(),
        layers.ReLU(), layers.MaxPooling2D(),
        layers.Conv2D(64, 3, padding="same", activation="relu"), layers.GlobalAveragePooling2D(),
        layers.Dropout(0.2), layers.Dense(5, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(images, labels, epochs=30, batch_size=32, verbose=0)
    model.save(path)
    return model.evaluate(images, labels, verbose=0)[1]


def main():
    digits = load_digits()
    images = (digits.images[..., np.newaxis] * (255 / 16)).round().astype(np.uint8)
    low = digits.target < 5
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        model, data = folder / "digits04.keras", folder / "digits59.h5"
        accuracy = pretrained(images[low] / np.float32(255), digits.target[low], model)
        print(f"Keras, digits 0 to 4: training accuracy {accuracy:.3f}")
        with h5py.File(data, "w") as file:
            file["x"] = images[~low]
            file["y"] = digits.target[~low]

        table, notes = run(
            "compare", "--weights", model, "--data", data, "--sizes", SIZES, "--replicates", 5,
            "--strategies",
            "feature-extraction,linear-probe,fine-tuning,fine-tuning-all,from-scratch",
            "--output", folder / "compare.h5", "--quiet")
        print(notes, table, sep="\n")
        with h5py.File(folder / "compare.h5") as file:
            means = np.nanmean(file["accuracy"][0, -1], axis=-1)
            names = [name.decode() for name in file["strategy"]]
        winner = names[int(np.argmax(means))]

        trained, predictions = folder / "winner.keras", folder / "winner.csv"
        report, _ = run(
            "train", "--weights", model, "--data", data, "--strategy", winner,
            "--output", trained, "--quiet")
        print(report)
        score, _ = run("predict", trained, "--data", data, "--output", predictions)
        print(score)
        with open(predictions) as file:
            rows = list(csv.DictReader(file))
        said = np.array([[float(row[f"p({digit})"]) for digit in range(5, 10)] for row in rows])
        loaded = keras.models.load_model(trained)
        expected = loaded.predict(images[~low] / np.float32(255), verbose=0)
        difference = np.abs(said - expected).max()
        same = [str(5 + k) for k in expected.argmax(1)] == [row["prediction"] for row in rows]
        print(f"winner {winner}: Keras differs by {difference:.2e} at most in a probability, "
              f"predictions {'equal' if same else 'DIFFER'}")
        if not same or difference > 1e-5:
            sys.exit(1)


main()
