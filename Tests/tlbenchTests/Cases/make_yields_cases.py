"""Makes the files of the cases about what a network yields and which pixels it is made for.

    python make_yields_cases.py

Needs keras (with jax), h5py and numpy. Every model NAME.keras gets NAME.csv beside it: what Keras
says of the images of x.h5 as they are stored (of maps, of the first two).
"""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

from pathlib import Path

import h5py
import keras
import numpy as np
from keras import layers

HERE = Path(__file__).parent


def folder(name):
    path = HERE / name
    path.mkdir(exist_ok=True)
    return path


def write_images(path, x, y=None):
    with h5py.File(path, "w") as file:
        file.create_dataset("x", data=x, compression="gzip", track_times=False)
        if y is not None:
            file.create_dataset("y", data=y, track_times=False)


def save(model, path, x):
    model.save(path)
    # A clone of a Normalization follows its new weights only once it is read again.
    model = keras.models.load_model(path, compile=False)
    rows = np.asarray(model(x.astype(np.float32), training=False))
    if rows.ndim > 2:
        rows = rows[:2].reshape(2, -1)
    np.savetxt(path.with_suffix(".csv"), rows, delimiter=",", fmt="%.8g")


def trunk(inputs, filters=8):
    x = layers.Conv2D(filters, 3, activation="relu", name="c")(inputs)
    return layers.GlobalAveragePooling2D(name="gap")(x)


def ends():
    """Networks that end in different ways, with random weights."""
    keras.utils.set_random_seed(3)
    generator = np.random.default_rng(3)
    x = generator.uniform(0, 1, (6, 12, 12, 3)).astype(np.float32)

    def input():
        return keras.Input((12, 12, 3))

    place = folder("export-softmax")
    write_images(place / "x.h5", x)

    def model(name, build, place=place, compiled=None):
        inputs = input()
        made = keras.Model(inputs, build(inputs), name=name)
        for weight in made.weights:
            if weight.path.endswith(("kernel", "bias")):
                weight.assign(generator.normal(0, 0.6, weight.shape))
        if compiled:
            made.compile(loss=compiled)
        save(made, place / f"{name}.keras", x)

    def fully_convolutional(inputs):
        y = layers.Conv2D(8, 3, activation="relu", name="c")(inputs)
        y = layers.Conv2D(5, 1, name="class_maps")(y)
        return layers.Softmax(name="probabilities")(layers.GlobalAveragePooling2D(name="gap")(y))

    def convolution_of_a_pixel(inputs):
        y = layers.Conv2D(8, 3, activation="relu", name="c")(inputs)
        y = layers.GlobalAveragePooling2D(keepdims=True, name="gap")(y)
        y = layers.Dropout(0.1, name="dropout")(y)
        y = layers.Conv2D(5, 1, name="classes")(y)
        return layers.Softmax(name="probabilities")(layers.Reshape((5,), name="reshape")(y))

    def softmax_then_reshape(inputs):
        y = layers.Conv2D(8, 3, activation="relu", name="c")(inputs)
        y = layers.GlobalAveragePooling2D(keepdims=True, name="gap")(y)
        y = layers.Softmax(name="probabilities")(layers.Conv2D(5, 1, name="classes")(y))
        return layers.Reshape((5,), name="reshape")(y)

    model("fully_convolutional", fully_convolutional)
    model("convolution_of_a_pixel", convolution_of_a_pixel)
    model("softmax_then_reshape", softmax_then_reshape)
    model("one_sigmoid", lambda i: layers.Dense(1, "sigmoid", name="is_cat")(trunk(i)))
    model("regression", lambda i: layers.Dense(1, name="age")(trunk(i)))
    model("box", lambda i: layers.Dense(4, name="box")(trunk(i)), compiled="mean_squared_error")
    model("logits", lambda i: layers.Dense(4, name="logits")(trunk(i)))
    model(
        "one_logit", lambda i: layers.Dense(1, name="logit")(trunk(i)),
        compiled=keras.losses.BinaryCrossentropy(from_logits=True))
    model("features", trunk)
    model("maps", lambda i: layers.Conv2D(4, 3, activation="softmax", name="pixels")(i))

    place = folder("predict-of-sigmoid-units")
    write_images(place / "x.h5", x)
    model("two_sigmoids", lambda i: layers.Dense(2, "sigmoid", name="both")(trunk(i)), place)

    def excitation(inputs):
        y = layers.Conv2D(16, 3, padding="same", name="conv")(inputs)
        y = layers.ReLU(name="relu")(y)
        z = layers.GlobalAveragePooling2D(name="se_pool")(y)
        z = layers.Dense(4, "relu", name="se_reduce")(z)
        z = layers.Dense(16, "sigmoid", name="se_expand")(z)
        z = layers.Multiply(name="se_scale")([y, layers.Reshape((1, 1, 16), name="se_shape")(z)])
        return layers.ReLU(name="out")(layers.Add(name="add")([y, z]))

    place = folder("excitation-is-no-classifier")
    write_images(place / "x.h5", x)
    model("se", excitation, place)


def pixels():
    """Networks that scale their own pixels, trained on bytes of two classes."""
    keras.utils.set_random_seed(4)
    generator = np.random.default_rng(4)
    y = np.arange(80) % 2
    x = generator.integers(0, 90, (80, 12, 12, 1))
    # A bright half, or the same brightness in stripes.
    x[y == 0, :, :6] += 150
    x[y == 1, :, ::2] += 150
    x = x.astype(np.uint8)
    place = folder("network-scales-its-own-pixels")
    write_images(place / "bytes.h5", x, y)
    write_images(place / "floats.h5", (x / np.float32(255)).astype(np.float32), y)

    normalization = layers.Normalization(axis=-1, name="normalization")
    normalization.adapt(x.astype(np.float32))
    unit = layers.Normalization(axis=-1, name="normalization")
    unit.adapt((x / 255).astype(np.float32))
    for name, scaling, scale in [
        ("rescaling", layers.Rescaling(1 / 255, name="rescaling"), 1),
        ("minus_one", layers.Rescaling(1 / 127.5, -1, name="rescaling"), 1),
        ("normalization", normalization, 1),
        ("unit", unit, 255),
        ("plain", None, 255),
    ]:
        stack = [keras.Input((12, 12, 1))] + ([scaling] if scaling else [])
        model = keras.Sequential(stack + [
            layers.Conv2D(4, 3, activation="relu"), layers.Flatten(),
            layers.Dense(2, activation="softmax"),
        ], name=name)
        model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy",
                      metrics=["accuracy"])
        fed = x.astype(np.float32) / scale
        model.fit(fed, y, epochs=25, verbose=0)
        accuracy = model.evaluate(fed, y, verbose=0)[1]
        wrong = model.evaluate(fed * scale / (255 if scale == 1 else 1), y, verbose=0)[1]
        print(f"{name}: {accuracy:.3f}, with the other range {wrong:.3f}")
        # Without the state of the optimizer.
        plain = keras.models.clone_model(model)
        plain.set_weights(model.get_weights())
        save(plain, place / f"{name}.keras", fed[:6])


ends()
pixels()
