"""Makes the pictures beside this script, and expected.h5: python make_pictures.py

For each picture expected.h5 has what image_folder of the Python module makes of it, at its own size
in RGB (`rgb`) and in grey (`gray`), and fitted into 9 rows of 12 pixels (`crop`, `stretch`, `pad`).
Needs h5py, numpy and pillow<13: Pillow 13 goes along the columns first for some sizes, which moves
single bytes by 1.
"""

import struct
import sys
import zlib
from collections import Counter
from pathlib import Path

import h5py
import numpy as np
from PIL import Image, ImageOps

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parents[2] / "Python/src"))
from tlbench import pictures  # noqa: E402

folder = here / "pictures"
folder.mkdir(exist_ok=True)
random = np.random.default_rng(20)


def smooth(height, width, channels):
    """Pixels that change slowly, with an end that tells the sides apart."""
    y, x = np.mgrid[0:height, 0:width]
    waves = [128 + 100 * np.sin(x / 5 + c) * np.cos(y / 4 - c) for c in range(channels)]
    values = np.stack(waves, -1)
    values[: height // 4, : width // 3] = 30
    return values.round().astype(np.uint8)


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(name, width, height, depth, color, raw, extra=b"", interlace=0):
    """A PNG file of lines with their filter bytes, for what Pillow does not write."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)
    (folder / name).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
        + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))


def lines(values):
    """The lines of an array of bytes, each after the filter byte 0."""
    return b"".join(b"\0" + line.tobytes() for line in values)


def interlaced(values):
    """The lines of Adam7's seven passes."""
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
              (1, 0, 2, 1)]
    parts = [values[y::down, x::right] for y, x, down, right in passes]
    return b"".join(lines(part) for part in parts if part.size)


# JPEG.
rgb = Image.fromarray(smooth(21, 30, 3))
rgb.save(folder / "rgb.jpg", quality=90)
rgb.save(folder / "rgb-444.jpg", quality=95, subsampling=0)
rgb.save(folder / "progressive.jpg", quality=80, progressive=True)
Image.fromarray(smooth(17, 9, 1)[..., 0]).save(folder / "gray.jpg", quality=90)
Image.fromarray(smooth(16, 24, 4), "CMYK").save(folder / "cmyk.jpg", quality=95)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    rgb.save(folder / f"orientation-{orientation}.jpg", quality=90, exif=exif)
# The other order of bytes, after another entry.
big = b"MM\0*\0\0\0\x08\0\2" + struct.pack(">HHIHH", 0x0100, 3, 1, 30, 0) + struct.pack(
    ">HHIHH", 0x0112, 3, 1, 6, 0) + b"\0\0\0\0"
rgb.save(folder / "orientation-big-endian.jpg", quality=90, exif=b"Exif\0\0" + big)
rgb.save(folder / "no-suffix-of-its-own.png", format="JPEG", quality=90)

# PNG.
rgb.save(folder / "rgb.png", exif=exif)
gray = smooth(11, 13, 1)[..., 0]
Image.fromarray(gray).save(folder / "gray.png")
Image.fromarray(gray > 100).save(folder / "one-bit.png")
rgba = smooth(14, 10, 4)
rgba[..., 3] = np.linspace(0, 255, 140).reshape(14, 10)
Image.fromarray(rgba, "RGBA").save(folder / "rgba.png")
Image.fromarray(rgba[..., 2:], "LA").save(folder / "la.png")
rgb.quantize(16).save(folder / "palette.png")
rgb.quantize(4).save(folder / "palette-transparent.png", transparency=b"\xff\x80\0")
# All values of 16 bits.
Image.fromarray(np.arange(65536, dtype=np.uint16).reshape(256, 256)).save(
    folder / "gray-16.png", optimize=True)
deep = random.integers(0, 65536, (6, 7, 3)).astype(">u2")
png("rgb-16.png", 7, 6, 16, 2, lines(deep.reshape(6, -1)))
deep = random.integers(0, 65536, (6, 7, 4)).astype(">u2")
png("rgba-16.png", 7, 6, 16, 6, lines(deep.reshape(6, -1)))
png("gray-2.png", 8, 3, 2, 0, lines(np.array([[0x1B, 0xE4], [0, 0xFF], [0x55, 0xAA]], np.uint8)))
color = smooth(10, 11, 3)
png("interlaced.png", 11, 10, 8, 2, interlaced(color), interlace=1)
png("colour-key.png", 11, 10, 8, 2, lines(color.reshape(10, -1)),
    extra=chunk(b"tRNS", struct.pack(">HHH", *map(int, color[0, 0]))))

# Wide pictures without expected pixels: the test compares ways to decode them.
(here / "wide").mkdir(exist_ok=True)
wide = np.clip(smooth(40, 203, 3) + random.normal(0, 25, (40, 203, 3)), 0, 255).astype(np.uint8)
for sampling in ("4:4:4", "4:2:2", "4:2:0"):
    Image.fromarray(wide).save(
        here / f"wide/{sampling.replace(':', '')}.jpg", quality=85, subsampling=sampling)
Image.fromarray(wide[..., 0]).save(here / "wide/gray.jpg", quality=85)
Image.fromarray(wide).save(here / "wide/progressive.jpg", quality=85, progressive=True)

with h5py.File(here / "expected.h5", "w") as file:
    for path in sorted(folder.iterdir()):
        with Image.open(path) as opened:
            width, height = ImageOps.exif_transpose(opened).size

        def read(height, width, fit, channels=3):
            return pictures._decoded(path, height, width, fit, channels, Counter())

        group = file.create_group(path.name)
        for name, values in {
                "rgb": read(height, width, "stretch"), "gray": read(height, width, "stretch", 1),
                **{fit: read(9, 12, fit) for fit in ("crop", "stretch", "pad")}}.items():
            packing = {"compression": "gzip"} if values.size > 10_000 else {}
            group.create_dataset(name, data=values, **packing)
