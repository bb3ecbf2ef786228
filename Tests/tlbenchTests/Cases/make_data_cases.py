"""Makes the cases of data sets: python make_data_cases.py     (h5py 3.16, NumPy 2.4, Keras 3)

Files as users have them, which were once misread or refused. Pixels are a function of the position.
`id128.keras` is a network of one layer, so that the features are the examples themselves.
"""

import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np

here = Path(__file__).resolve().parent
sys.path.append(str(here.parents[1] / "TransferTests" / "Fixtures"))
from synthetic_faces import faces  # noqa: E402

NAMES = np.array(["ant", "bee", "cat", "dog"])
LABELS = np.arange(40) % 4


def pixels(*shape):
    return (np.arange(np.prod(shape)) * 7 % 251).reshape(shape).astype("u1")


IMAGES = pixels(40, 6, 6, 3)


def make(name):
    path = here / name
    path.parent.mkdir(exist_ok=True)
    return h5py.File(path, "w")


with make("labels-called-classes/d.h5") as file:
    file["images"] = IMAGES
    file["classes"] = LABELS

with make("labels-called-classes/names_per_image.h5") as file:
    file["images"] = IMAGES
    file["labels"] = LABELS
    file["label_names"] = NAMES[LABELS].astype(object)

# A coarser label for every image beside the one to learn.
with make("labels-called-classes/coarse.h5") as file:
    file["images"] = IMAGES
    file["labels"] = LABELS
    file["classes"] = LABELS // 2

with make("labels-called-classes/twice.h5") as file:
    file["images"] = IMAGES
    file["labels"] = LABELS
    file.attrs["class_names"] = ["ant", "bee", "cat", "ant"]

# The label of every class, not counted from 0, as scikit-learn's `classes_`.
with make("labels-called-classes/values.h5") as file:
    file["images"] = IMAGES
    file["labels"] = LABELS + 1
    file["classes"] = np.arange(5) + 1

with make("classes-attribute-is-a-count/d.h5") as file:
    file.attrs["classes"] = 4
    file["x"], file["y"] = IMAGES, LABELS

with make("classes-attribute-is-a-count/other.h5") as file:
    file["x"], file["y"] = IMAGES, LABELS
    file["y"].attrs["classes"] = 10

for kind in ("i1", "i2", "u2", "i4", "u4", "i8", "u8"):
    with make(f"pixels-of-other-integers/{kind}.h5") as file:
        x = IMAGES // 2 if kind == "i1" else IMAGES
        file.create_dataset("x", data=x.astype(kind), chunks=(8, 6, 6, 3), compression="gzip")
        file["y"] = LABELS
for kind, value in (("u2", 40000), ("i4", -1), ("u8", 2**64 - 1)):
    with make(f"pixels-of-other-integers/wrong-{kind}.h5") as file:
        x = IMAGES.astype(kind)
        x[37, 5, 4, 2] = value
        file["x"], file["y"] = x, LABELS
with make("pixels-of-other-integers/bool.h5") as file:
    file["x"], file["y"] = IMAGES[..., 0] % 2 == 1, LABELS

with make("text-labels/d.h5") as file:
    file["images"], file["labels"] = IMAGES, NAMES[::-1][LABELS].astype("S")
with make("text-labels/parts.h5") as file:
    file["train_image"], file["train_label"] = IMAGES, NAMES[LABELS].astype(object)
    file["test_image"], file["test_label"] = IMAGES[:4], NAMES[[3, 2, 1, 0]].astype(object)
with make("text-labels/image.h5") as file:
    file["image"], file["label"] = IMAGES, LABELS.astype("S")
with make("text-labels/empty.h5") as file:
    file["x"], file["y"] = IMAGES, np.where(np.arange(40) == 7, "", NAMES[LABELS]).astype(object)

for name, options in {
    "d": {},
    "shuffled": {"shuffle": True},
    "checked": {"shuffle": True, "fletcher32": True},
}.items():
    with make(f"lzf-and-the-remedy/{name}.h5") as file:
        # Runs, noise and a chunk that is not full; four bytes per pixel for shuffle.
        x = np.random.default_rng(1).integers(0, 256, IMAGES.shape).astype("f4")
        x[:25] = np.arange(25)[:, None, None, None] // 3
        file.create_dataset("x", data=x, chunks=(11, 6, 6, 3), compression="lzf", **options)
        file["y"] = LABELS
        file["expected"] = x
with make("lzf-and-the-remedy/blosc.h5") as file:
    # Marked as compressed by a plugin; nothing needs to be compressed for that.
    space = h5py.h5s.create_simple(IMAGES.shape)
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk((8, 6, 6, 3))
    properties.set_filter(32001, h5py.h5z.FLAG_OPTIONAL, (2, 2, 1, 864))
    h5py.h5d.create(file.id, b"x", h5py.h5t.STD_U8LE, space, properties)
    file["y"] = LABELS

WRITER = """
import h5py, numpy as np, os, sys
file = h5py.File(sys.argv[1], "w", libver="latest")
pixels = np.arange(40 * 6 * 6 * 3).reshape(40, 6, 6, 3) * 7 % 251
file.create_dataset("x", data=pixels.astype("u1"), chunks=(8, 6, 6, 3), maxshape=(None, 6, 6, 3))
file.create_dataset("y", data=np.arange(40) % 4, chunks=(40,), maxshape=(None,))
file.swmr_mode = True
file["x"].flush(); file["y"].flush()
os.kill(os.getpid(), 9)
"""
(here / "writer-was-killed").mkdir(exist_ok=True)
subprocess.run([sys.executable, "-c", WRITER, str(here / "writer-was-killed/d.h5")])

# Frozen features, as those of a real network of faces.
with make("strength-of-the-probe/d.h5") as file:
    features, labels = faces()
    file["x"], file["y"] = features.astype("f4"), labels

import keras  # noqa: E402  (with any backend)

keras.utils.set_random_seed(0)
network = keras.Sequential([keras.Input((128,)), keras.layers.Dense(6)])
network.save(here / "strength-of-the-probe/id128.keras")
