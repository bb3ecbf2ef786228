"""Makes the folders of models that people have and what Keras makes of them: m.h5 or m.keras, x.h5
with images, and keras.csv with the probabilities that Keras gives them, a line per image.

Needs keras (3.15, JAX backend), jax and h5py.
"""

import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import h5py
import keras
import numpy as np
from keras import layers as L

FOLDER = os.path.dirname(os.path.abspath(__file__))


def keep(name, file, model, images):
    generator = np.random.default_rng(0)
    for weight in model.weights:
        shape = tuple(weight.shape)
        if "variance" in weight.name or weight.name == "gamma":
            value = generator.uniform(0.5, 2, shape)
        else:
            value = generator.normal(size=shape) * 0.4
        weight.assign(value.astype(np.float32))
    folder = os.path.join(FOLDER, name)
    os.makedirs(folder, exist_ok=True)
    model.save(os.path.join(folder, file))
    with h5py.File(os.path.join(folder, "x.h5"), "w") as data:
        data["x"] = images
    probabilities = np.asarray(model(images.astype(np.float32), training=False))
    np.savetxt(os.path.join(folder, "keras.csv"), probabilities, delimiter=",")


def inner(name):
    return keras.Sequential(
        [L.Input((8, 8, 3)), L.Conv2D(3, 3, padding="same", name="conv"),
         L.BatchNormalization(name="bn")], name=name)


random = np.random.default_rng(1)
images = random.normal(size=(5, 8, 8, 3)).astype(np.float32)

# The first inner model is frozen: its tensors stand behind those of the second.
first, second = inner("a"), inner("b")
first.trainable = False
middle = keras.Sequential([L.Input((8, 8, 3)), first, second], name="mid")
keep("same-names-in-inner-models", "m.h5", keras.Sequential(
    [L.Input((8, 8, 3)), middle, L.GlobalAveragePooling2D(name="gap"),
     L.Dense(3, activation="softmax", name="out")]), images)

# The preprocessing that belongs to a pretrained network, inside the model.
keras.backend.clear_session()
image = keras.Input((8, 8, 3))
x = keras.applications.mobilenet_v2.preprocess_input(image)
x = L.GlobalAveragePooling2D()(L.Conv2D(4, 3, activation="relu")(x))
keep("preprocess-input-in-the-model", "m.keras",
     keras.Model(image, L.Dense(3, activation="softmax")(x)),
     random.uniform(0, 255, (5, 8, 8, 3)).astype(np.float32))

# Images without an axis for their only channel.
keras.backend.clear_session()
keep("input-of-two-axes", "m.keras", keras.Sequential(
    [L.Input((8, 8)), L.Flatten(), L.Dense(6, activation="relu"), L.Dense(3, activation="softmax")]),
     random.normal(size=(5, 8, 8)).astype(np.float32))
