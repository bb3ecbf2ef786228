"""Makes the datasets/ files beside this script: python make_datasets.py

They stand for labelled sets as they are met in the wild. Pixels are a function of the position, so
that the tests know them: the ramp counts up and wraps at 251. Needs h5py, numpy, keras and
pillow<13: Pillow 13 goes along the columns first for some sizes, which moves single bytes by 1.
"""

from pathlib import Path

import h5py
import numpy as np
from PIL import Image

here = Path(__file__).parent / "datasets"
here.mkdir(exist_ok=True)


def ramp(*shape):
    return (np.arange(np.prod(shape)) % 251).reshape(shape).astype("uint8")


# PatchCamelyon: labels in a second file, with four axes.
with h5py.File(here / "pcam_x.h5", "w") as file:
    file.create_dataset("x", data=ramp(6, 5, 4, 3), chunks=(2, 5, 4, 3), compression="gzip")
with h5py.File(here / "pcam_y.h5", "w") as file:
    file["y"] = np.array([0, 1, 0, 1, 1, 0], "uint8").reshape(6, 1, 1, 1)

# The cats of a well-known course: prefixed names, class names as bytes of fixed length.
with h5py.File(here / "cats.h5", "w") as file:
    file["train_set_x"] = ramp(6, 5, 4, 3)
    file["train_set_y"] = np.array([[0, 1, 0, 1, 1, 0]])
    file["test_set_x"] = ramp(3, 5, 4, 3)
    file["test_set_y"] = np.array([1, 0, 1])
    file["list_classes"] = np.array([b"non-cat", b"cat"])

# Digits 5 to 9: float64 of 0 to 16, labels not from 0.
with h5py.File(here / "digits.h5", "w") as file:
    file["data"] = (np.arange(20 * 64) % 17).reshape(20, 8, 8).astype("float64")
    file["target"] = np.arange(20) % 5 + 5

# Channels first, chunks that cut images, one-hot labels, big-endian.
with h5py.File(here / "nchw.h5", "w") as file:
    file.create_dataset("images", data=ramp(6, 3, 5, 7), chunks=(4, 1, 3, 7), shuffle=True)
    file["labels"] = np.eye(2)[[0, 1, 1, 0, 1, 0]].astype(">f4")

# Feature vectors with booleans, as float16.
with h5py.File(here / "features.h5", "w") as file:
    file["X"] = np.arange(8 * 7).reshape(8, 7).astype("float16") / 8
    file["y"] = np.array([True, False] * 4)

# Names of another case, float labels in a column, class names in an attribute.
with h5py.File(here / "case.h5", "w") as file:
    file["X_train"] = ramp(6, 4, 4)
    file["Y_Train"] = np.array([0, 1, 2, 0, 1, 2], "float64")[:, None]
    file["X_test"] = ramp(3, 4, 4)
    file["y_test"] = np.array([2, 1, 0], "uint16")
    file.attrs["class_names"] = ["a", "b", "größe"]

# Groups of parts.
with h5py.File(here / "groups.h5", "w") as file:
    for name, count in ("Train", 6), ("val", 2), ("test", 4):
        file[f"{name}/images"] = ramp(count, 5, 4, 1)
        file[f"{name}/labels"] = np.arange(count) % 2
    file["Train/class_names"] = np.array(["no", "yes"], dtype=h5py.string_dtype())

# Resized by Pillow; numbers are of mode F.
random = np.random.default_rng(3)
with h5py.File(here / "resized.h5", "w") as file:
    sizes = [
        ((7, 5), (3, 2)), ((8, 8), (16, 16)), ((13, 9), (4, 11)), ((5, 7), (5, 3)),
        ((6, 4), (9, 4)), ((33, 21), (10, 8)), ((1, 1), (3, 2)), ((3, 2), (1, 1)),
        ((10, 10), (7, 13)),
    ]
    for index, (before, after) in enumerate(sizes):
        to = after[::-1]
        for kind in "gray", "color", "float":
            shape = before + (3,) if kind == "color" else before
            image = random.integers(0, 256, shape).astype("uint8")
            # High contrast brings out rounding.
            image[random.random(before) < 0.3] = 255
            if kind == "float":
                image = (image / 255 - 0.5).astype("float32")
            resized = np.asarray(Image.fromarray(image).resize(to, Image.Resampling.BILINEAR))
            file[f"{index}/{kind}/from"] = image
            file[f"{index}/{kind}/to"] = resized

# Preprocessed by Keras: every byte in every channel.
from keras.applications.imagenet_utils import preprocess_input  # noqa: E402

with h5py.File(here / "preprocessed.h5", "w") as file:
    pixels = np.stack([np.arange(256), np.arange(256)[::-1], np.roll(np.arange(256), 99)], -1)
    file["x"] = np.stack([pixels.reshape(16, 16, 3)] * 4).astype("uint8")
    file["y"] = np.array([0, 1, 0, 1])
    for mode in "tf", "torch", "caffe":
        image = pixels.reshape(1, 16, 16, 3).astype("float32")
        file[f"expected/{mode}"] = preprocess_input(image, data_format="channels_last", mode=mode)
