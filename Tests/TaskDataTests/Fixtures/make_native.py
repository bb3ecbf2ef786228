"""Makes the dataset files beside this script: python make_native.py

They stand for files that users make with h5py. Pixels are a function of the position, so that the
tests know them without reading them here: (64 * image + 8 * row + column) % 256.
"""

from pathlib import Path

import h5py
import numpy as np

here = Path(__file__).parent


def ramp(count):
    return (np.arange(count * 64) % 256).reshape(count, 8, 8)


# float32 with all axes, class names of variable length, int64 labels, compressed.
with h5py.File(here / "float32.h5", "w") as file:
    for name, count in ("train", 6), ("test", 3):
        pixels = (ramp(count) / 256 - 0.5).astype("float32")[..., np.newaxis]
        file.create_dataset(f"{name}/x", data=pixels, chunks=(2, 8, 8, 1), compression="gzip")
        file[f"{name}/y"] = np.arange(count) % 3
    file.attrs["class_names"] = ["cat", "dog", "größe"]
    file.attrs["similarity"] = 0.25

# uint8 without scale attributes, without a channel axis, labels in a column, no class names.
with h5py.File(here / "uint8.h5", "w") as file:
    for name, count in ("train", 6), ("test", 3):
        file[f"{name}/x"] = ramp(count).astype("uint8")
        file[f"{name}/y"] = (np.arange(count) % 2).astype("uint8")[:, np.newaxis]
