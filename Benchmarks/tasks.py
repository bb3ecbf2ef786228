"""The files that all contestants read: labelled images and pretrained weights."""

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

DATA = Path(__file__).resolve().parent.parent / "Datasets"
CLASSES = 10
# The examples that training steps are taken on: the first ones of the task, in order.
STEP_BATCH, STEP_IMAGES = 32, 2048


def epochs(size):
    """The epochs of a run, by its number of examples."""
    return min(max(50_000 // size, 8), 100)


@dataclass
class Images:
    """Pixels [count, height, width, channels] as bytes, worth `pixels * scale + offset`."""

    pixels: np.ndarray
    labels: np.ndarray
    scale: float
    offset: float

    def decoded(self):
        return self.pixels.astype(np.float32) * self.scale + self.offset


def task(similarity, replicate):
    """The training and test images of a target task."""
    with h5py.File(DATA / f"target-{similarity}-r{replicate}.h5") as file:
        return tuple(
            Images(
                pixels=file[f"{part}/x"][()], labels=file[f"{part}/y"][()].astype(np.int64),
                scale=np.float32(file[f"{part}/x"].attrs["scale_factor"]),
                offset=np.float32(file[f"{part}/x"].attrs["add_offset"]))
            for part in ("train", "test"))


def weights(architecture):
    """The pretrained parameters: layer name -> arrays in the order of Keras.

    A convolution has its kernel [height, width, in, out]; a batch normalization gamma, beta,
    moving mean and moving variance; the head its kernel [in, out] and bias.
    """
    parameters = {}
    with h5py.File(DATA / f"{architecture}.weights.h5") as file:
        for layer in file["layers"].values():
            variables = layer["vars"]
            if len(variables):
                name = variables.attrs["name"]
                name = name.decode() if isinstance(name, bytes) else name
                parameters[name] = [variables[key][()] for key in sorted(variables, key=int)]
    return parameters


def write_start(path, architecture, similarity, replicate):
    """Writes what a program without an HDF5 reader needs to perform the same training steps.

    That is the images as float32, their labels as int32, and of each convolution its kernel
    [out, in, height, width] and the gamma and beta of its normalization.
    """
    train, _ = task(similarity, replicate)
    with open(path, "wb") as file:
        file.write(train.decoded()[:STEP_IMAGES].tobytes())
        file.write(train.labels[:STEP_IMAGES].astype(np.int32).tobytes())
        parameters = weights(architecture)
        for name, values in parameters.items():
            if "_conv" in name:
                gamma, beta, _, _ = parameters[name.replace("_conv", "_bn")]
                file.write(np.ascontiguousarray(values[0].transpose(3, 2, 0, 1)).tobytes())
                file.write(gamma.tobytes() + beta.tobytes())
