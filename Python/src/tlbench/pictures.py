"""Folders of pictures: one folder for each class."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from .datasets import write_dataset
from .errors import BrokenPictures, TlbenchError, missing_package

SUFFIXES = frozenset(".jpg .jpeg .png .bmp .gif .tif .tiff .webp .ppm .pgm .pbm".split())
_PARTS = frozenset({"train", "val", "valid", "validation", "test"})


@dataclass
class Pictures:
    """Pictures of one size with their classes.

    Attributes:
        x: the pixels [count, height, width, channels], 0...255.
        y: the class of each picture, from 0; None without labels.
        class_names: the names of the classes; empty without labels.
        paths: the file of each picture.
        broken: files that were left out, each with the reason.
        notes: what was done to unusual pictures, and to how many.
    """

    x: npt.NDArray[np.uint8]
    y: Optional[npt.NDArray[np.int32]]
    class_names: list[str]
    paths: list[Path]
    broken: list[tuple[Path, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def write(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Writes the pictures as a labelled set; see `write_dataset`."""
        names = self.class_names or None
        return write_dataset(path, self.x, self.y, class_names=names, overwrite=overwrite)


def image_folder(
    folder: str | os.PathLike[str],
    size: Union[int, tuple[int, int]],
    *,
    fit: str = "crop",
    channels: int = 3,
    labeled: bool = True,
    class_names: Optional[Sequence[str]] = None,
    skip_broken: bool = False,
) -> Pictures:
    """Reads a folder that has a folder of pictures for each class.

    The classes are numbered in the order of the code points of their folders' names; pictures are
    in the order of their paths, those in inner folders included. Hidden files and files of other
    kinds are left out, which a note says. A picture is turned as its EXIF orientation says; the
    first image of an animation counts; transparent pixels are put on white; grey, palette and
    CMYK pictures become RGB; 16 bits per value become 8.

    Args:
        folder: the folder of the classes or, with `labeled=False`, of the pictures themselves.
        size: the side of the pictures, or their height and width.
        fit: `crop` resizes the shorter side and cuts the middle out, `stretch` resizes both
            sides, and `pad` resizes the longer side and adds black. Bilinear, as Pillow's.
        channels: 3, or 1 for grey.
        labeled: whether the folders are classes.
        class_names: the classes in another order; folders of other names are an error.
        skip_broken: leave out files that cannot be read, and list them in `broken`.

    Raises:
        BrokenPictures: with all files that cannot be read, unless `skip_broken`.
        TlbenchError: for an empty folder or class, fewer than two classes, or links that lead out
            of the folder.
    """
    try:
        import PIL.Image  # noqa: F401
    except ImportError:
        raise missing_package("image_folder", "pillow") from None
    root = Path(folder)
    height, width = (size, size) if isinstance(size, int) else size
    if min(height, width) < 1 or fit not in ("crop", "stretch", "pad") or channels not in (1, 3):
        raise _wrong(
            root, f"size = {size}, fit = {fit!r} and channels = {channels} make no sense",
            "Give a side of at least 1, fit = crop, stretch or pad, and 1 or 3 channels.")
    if not root.is_dir():
        raise _wrong(root, "it is not a folder", "Check the path.")
    names, files, left_out = _files(root, labeled, class_names)
    x = np.zeros((len(files), height, width, channels), np.uint8)
    kept: list[int] = []
    broken: list[tuple[Path, str]] = []
    changes: Counter[str] = Counter()
    for index, (path, _) in enumerate(files):
        try:
            if not path.resolve().is_relative_to(root.resolve()):
                raise OSError("a link that leads out of the folder")
            x[len(kept)] = _decoded(path, height, width, fit, channels, changes)
        except Exception as reason:  # Pillow raises errors of many kinds on damaged files.
            broken.append((path, str(reason) or type(reason).__name__))
        else:
            kept.append(index)
    if broken and (not skip_broken or not kept):
        raise BrokenPictures(root, broken)
    y = np.array([files[index][1] for index in kept], np.int32) if labeled else None
    if y is not None:
        _check_counts(root, names, y)
    notes = [f"pictures that {what}: {count}" for what, count in sorted(changes.items())]
    notes += [f"files of other kinds that were left out: {left_out}"] if left_out else []
    notes += [f"files that could not be read and were left out: {len(broken)}"] if broken else []
    paths = [files[index][0] for index in kept]
    return Pictures(x[: len(kept)], y, names, paths, broken, notes)


def _wrong(path: Path, reason: str, remedy: str) -> TlbenchError:
    return TlbenchError(f"cannot read the folder {str(path)!r}: {reason}", remedy)


def _files(
    root: Path, labeled: bool, class_names: Optional[Sequence[str]]
) -> tuple[list[str], list[tuple[Path, int]], int]:
    """The names of the classes, the pictures with their class, and the number of other files."""
    if not labeled:
        paths, left_out = _pictures_in(root)
        if not paths:
            raise _wrong(root, "it has no pictures", f"Known are {' '.join(sorted(SUFFIXES))}.")
        return [], [(path, 0) for path in paths], left_out
    found = sorted(
        entry.name for entry in os.scandir(root)
        if entry.is_dir() and not entry.name.startswith("."))
    if "train" in found and _PARTS.issuperset(found):
        raise _wrong(
            root, f"it has the parts {', '.join(found)}, not classes",
            f"Read each part, such as {str(root / 'train')!r}, with the same class_names, and "
            "give both to write_dataset.")
    if class_names is None and "train" in found and (others := sorted(set(found) - _PARTS)):
        # With folders and no pictures of its own, train is no class either.
        entries = list(os.scandir(root / "train"))
        if any(entry.is_dir() for entry in entries) and not any(
                Path(entry.name).suffix.lower() in SUFFIXES for entry in entries):
            raise _wrong(
                root, "its folder 'train' has folders like a part of a set, but "
                f"{others[0]!r} is no part",
                f"Move {others[0]!r}, or give class_names if 'train' is a class.")
    names = list(found if class_names is None else class_names)
    strange = sorted(set(found).symmetric_difference(names))
    if strange:
        raise _wrong(
            root, f"{strange[0]!r} is " + (
                "a folder, but not among class_names" if strange[0] in found
                else "among class_names, but not a folder"), "Give the names of all folders.")
    for name in names:
        try:
            name.encode()
        except UnicodeEncodeError:
            raise _wrong(
                root, f"the name of the class {name!r} is not UTF-8", "Rename the folder."
            ) from None
    if len(names) < 2:
        raise _wrong(
            root, f"it has {len(names)} folders of classes",
            "Make a folder for each of at least two classes, or give labeled=False.")
    files: list[tuple[Path, int]] = []
    left_out = 0
    for number, name in enumerate(names):
        paths, count = _pictures_in(root / name)
        files += [(path, number) for path in paths]
        left_out += count
        if not paths:
            raise _wrong(root, f"the class {name!r} has no pictures", "Add some, or remove it.")
    return names, files, left_out


def _pictures_in(folder: Path) -> tuple[list[Path], int]:
    """The pictures in a folder and its inner folders, in order, and the number of other files."""
    paths: list[Path] = []
    others = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith("."):
                continue
            if Path(name).suffix.lower() in SUFFIXES:
                paths.append(Path(place) / name)
            else:
                others += 1
    return paths, others


def _check_counts(root: Path, names: list[str], y: npt.NDArray[np.int32]) -> None:
    counts = np.bincount(y, minlength=len(names))
    if counts.min() == 0:
        raise _wrong(
            root, f"no picture of the class {names[int(counts.argmin())]!r} can be read",
            "Repair some, or remove the class.")


def _decoded(
    path: Path, height: int, width: int, fit: str, channels: int, changes: Counter[str]
) -> npt.NDArray[np.uint8]:
    """The pixels of a picture; counts what was done to it."""
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        warnings.filterwarnings("ignore", message="Palette images with Transparency")
        with Image.open(path) as picture:
            picture.load()
            if getattr(picture, "n_frames", 1) > 1:
                changes["are animations, of which the first image was read"] += 1
            turned = ImageOps.exif_transpose(picture)
            if picture.getexif().get(0x0112, 1) in range(2, 9):
                changes["were turned as their EXIF orientation says"] += 1
            return np.asarray(
                _fitted(_plain(turned, channels, changes), height, width, fit)
            ).reshape(height, width, channels)


def _plain(picture: Any, channels: int, changes: Counter[str]) -> Any:
    """The picture in grey or RGB, with 8 bits per value and without transparency."""
    from PIL import Image

    wanted = "RGB" if channels == 3 else "L"
    if picture.mode.startswith("I") or picture.mode == "F":
        values = np.asarray(picture)
        if picture.mode == "F" or values.min() < 0 or values.max() > 65_535:
            raise OSError("its values are neither 8 nor 16 bits")
        changes["had 16 bits per value and now have 8"] += 1
        picture = Image.fromarray(((values.astype(np.uint32) + 128) // 257).astype(np.uint8))
    elif "A" in picture.getbands() or "transparency" in picture.info:
        changes["are transparent and were put on white"] += 1
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(white, picture)
    elif picture.mode == "CMYK":
        changes["were converted from CMYK"] += 1
    if wanted == "RGB" and picture.mode in ("L", "1", "LA"):
        changes["are grey and were given three equal channels"] += 1
    elif wanted == "L" and picture.mode not in ("L", "1"):
        changes["are coloured and were made grey"] += 1
    return picture.convert(wanted)


def _fitted(picture: Any, height: int, width: int, fit: str) -> Any:
    from PIL import Image, ImageOps

    size, how = (width, height), Image.Resampling.BILINEAR
    if fit == "crop":
        return ImageOps.fit(picture, size, how)
    if fit == "pad":
        return ImageOps.pad(picture, size, how)
    return picture.resize(size, how)
