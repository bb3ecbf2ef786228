"""Labelled sets in HDF5, as tlbench reads them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Optional

import h5py
import numpy as np
import numpy.typing as npt

from .errors import TlbenchError

Array = npt.NDArray[Any]
_BLOCK_BYTES = 64 << 20


def write_dataset(
    path: str | os.PathLike[str],
    x: npt.ArrayLike,
    y: Optional[npt.ArrayLike] = None,
    *,
    class_names: Optional[Sequence[str]] = None,
    test: Optional[tuple[npt.ArrayLike, npt.ArrayLike]] = None,
    channels_first: bool = False,
    overwrite: bool = False,
) -> Path:
    """Writes a labelled set that `compare`, `train` and `predict` read.

    Args:
        path: the file; it appears only when everything is written.
        x: images [count, height, width, channels] or [count, height, width], or feature vectors
            [count, features]. Bytes and whole numbers in 0...255 are stored as bytes, floats in
            single precision. Anything that can be sliced by rows is copied in blocks.
        y: a label for each row: whole numbers from 0, or texts, which are numbered in the order
            of `class_names` or, without them, of their code points; texts as bytes, as NumPy and
            h5py have them, are decoded as UTF-8. None for a set to predict.
        class_names: the names of the classes 0, 1, … (default: the texts, or the numbers).
        test: images and labels to test on; without them tlbench splits some off.
        channels_first: whether the images are [count, channels, height, width], as in PyTorch.
        overwrite: whether to replace a file that exists.

    Returns: the path of the file.

    Raises:
        TlbenchError: if the arrays do not fit together or hold other values, or the file exists.
    """
    target = Path(path)
    if target.exists() and not overwrite:
        raise cannot_write(target, "it exists", "Choose another name, or give overwrite=True.")
    parts = {"train": (x, y)}
    if test is not None:
        if y is None:
            raise cannot_write(target, "it has labels for testing only", "Give y as well.")
        parts["test"] = test
    images = {part: _images(target, pair[0], channels_first) for part, pair in parts.items()}
    labels, names = class_numbers(
        target, {part: pair[1] for part, pair in parts.items()}, class_names)
    for part, values in images.items():
        if values.shape[1:] != images["train"].shape[1:]:
            raise cannot_write(
                target, f"images for testing have the shape {values.shape[1:]}, the others "
                f"{images['train'].shape[1:]}", "Give images of one size.")
        if part in labels and len(labels[part]) != len(values):
            raise cannot_write(
                target, f"it would have {len(values)} images and {len(labels[part])} labels",
                "Give one label for each image.")
    with replacing(target) as temporary, h5py.File(temporary, "w") as file:
        for part in images:
            group = file if test is None else file.create_group(part)
            _write_images(target, group, images[part], channels_first)
            if part in labels:
                group["y"] = labels[part]
        if names:
            file.attrs["class_names"] = np.array(names, dtype=h5py.string_dtype())
    return target


def cannot_write(path: Path, reason: str, remedy: str) -> TlbenchError:
    """The error about a set that is not written."""
    return TlbenchError(f"cannot write the set {path}: {reason}", remedy)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file in the folder of `path` that becomes `path` at the end, or vanishes on an error."""
    folder = path.resolve().parent
    if not folder.is_dir():
        raise TlbenchError(
            f"cannot write {path}: the folder {folder} does not exist",
            f"Create it with: mkdir -p '{folder}'")
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=folder)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _images(path: Path, x: Any, channels_first: bool) -> Any:
    """The images, as they are if they can be sliced without a copy."""
    if hasattr(x, "detach"):
        x = x.detach().cpu().numpy()
    if not (hasattr(x, "shape") and hasattr(x, "dtype")):
        x = np.asarray(x)
    if channels_first and len(x.shape) != 4:
        raise cannot_write(
            path, f"images with the channels first have four axes, not the shape {x.shape}",
            "Leave channels_first out.")
    if not 2 <= len(x.shape) <= 4 or 0 in x.shape:
        raise cannot_write(
            path, f"x has the shape {tuple(x.shape)}",
            "Give images [count, height, width, channels] or vectors [count, features].")
    if x.dtype.kind not in "buif":
        raise cannot_write(path, f"x has values of type {x.dtype}", "Give numbers.")
    return x


def _blocks(x: Any, channels_first: bool) -> Iterator[tuple[int, Array]]:
    """The rows in blocks, with the number of the first row of each."""
    row_bytes = max(1, int(np.prod(x.shape[1:])) * x.dtype.itemsize)
    step = max(1, _BLOCK_BYTES // row_bytes)
    for start in range(0, x.shape[0], step):
        block = np.asarray(x[start : start + step])
        yield start, block.transpose(0, 2, 3, 1) if channels_first else block


def _write_images(path: Path, group: Any, x: Any, channels_first: bool) -> None:
    shape = tuple(x.shape)
    if channels_first:
        shape = (shape[0], shape[2], shape[3], shape[1])
    is_float = x.dtype.kind == "f"
    dataset = group.create_dataset("x", shape, np.float32 if is_float else np.uint8)
    for start, block in _blocks(x, channels_first):
        if is_float:
            if not np.isfinite(block).all():
                row = start + int(np.argmax(~np.isfinite(block).reshape(len(block), -1).all(1)))
                raise cannot_write(
                    path, f"image {row} has values that are not finite", "Remove it.")
        elif block.dtype.kind != "b" and (block.min() < 0 or block.max() > 255):
            raise cannot_write(
                path, f"x has whole numbers in {block.min()}...{block.max()}, not in 0...255",
                "Give bytes, or floats if the values are not pixels.")
        dataset[start : start + len(block)] = block


def class_numbers(
    path: Path, given: dict[str, Any], class_names: Optional[Sequence[str]]
) -> tuple[dict[str, Array], list[str]]:
    """The labels as numbers, and the names of the classes; no names without labels."""
    if all(y is None for y in given.values()):
        return {}, []
    parts: dict[str, Array] = {}
    for part, y in given.items():
        if y is None:
            raise cannot_write(
                path, f"the part {part} has no labels, and the other part has some",
                "Give labels for both, or write two sets.")
        if hasattr(y, "detach"):
            y = y.detach().cpu().numpy()
        values = np.asarray(y)
        if values.dtype.kind in "US" and not hasattr(y, "dtype"):
            # NumPy would make the text `nan` of a missing label.
            values = np.asarray(y, dtype=object)
        if values.ndim != 1 or len(values) == 0:
            raise cannot_write(
                path, f"the labels have the shape {values.shape}",
                "Give one label for each example.")
        if values.dtype.kind == "O" and all(type(value) is int for value in values):
            values = values.astype(np.int64)
        parts[part] = values
    names = None if class_names is None else [_text(path, name) for name in class_names]
    if names is not None and len(set(names)) < len(names):
        raise cannot_write(path, "two classes have the same name", "Give every class its own name.")
    if any(values.dtype.kind in "USTO" for values in parts.values()):
        texts = {part: [_text(path, value) for value in values] for part, values in parts.items()}
        names = names or sorted({text for values in texts.values() for text in values})
        numbers = {name: number for number, name in enumerate(names)}
        unknown = sorted({t for values in texts.values() for t in values} - set(names))
        if unknown:
            raise cannot_write(
                path, f"the label '{unknown[0]}' is not among the class names", "Add it to them.")
        parts = {part: np.array([numbers[t] for t in values]) for part, values in texts.items()}
    for values in parts.values():
        if values.dtype.kind not in "iu" or values.min() < 0:
            raise cannot_write(
                path, "a label is neither a whole number from 0 nor a text",
                "Number the classes from 0, or give their names.")
    count = 1 + max(int(values.max()) for values in parts.values())
    names = names or [str(number) for number in range(count)]
    if len(names) < count:
        raise cannot_write(
            path, f"there is a label {count - 1}, but only {len(names)} class names",
            "Give a name for every class, the one of class 0 first.")
    if len(names) < 2:
        raise cannot_write(path, "it has one class", "Give examples of at least two classes.")
    return {part: values.astype(np.int32) for part, values in parts.items()}, names


def _text(path: Path, value: Any) -> str:
    """A label or the name of a class; of bytes, the text that they encode."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise cannot_write(
                path, f"the label {bytes(value)!r} is not UTF-8", "Decode it, and give the text."
            ) from None
    if _is_missing(value):
        raise cannot_write(path, "a label is missing", "Remove the example, or give its label.")
    return str(value)


def _is_missing(value: Any) -> bool:
    """Whether a label is None, or what NumPy or pandas have in its place."""
    try:
        return value is None or bool(value != value)
    except TypeError:  # Comparisons with pandas.NA are neither true nor false.
        return True


@contextmanager
def data_file(data: Any) -> Iterator[str | os.PathLike[str]]:
    """The file of a set; arrays are written to one that exists meanwhile."""
    if isinstance(data, (str, os.PathLike)):
        yield data
        return
    x, y = data if isinstance(data, tuple) else (data, None)
    with tempfile.TemporaryDirectory(prefix="tlbench-") as folder:
        yield write_dataset(Path(folder) / "data.h5", x, y)
