"""Pillow as a contestant: makes a folder of pictures, and decodes and fits them as `tlbench pack`
does."""

import os
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, __version__

from worker import Watch, serve

HEIGHT, WIDTH = 375, 500


def make(folder, count):
    """Writes different pictures of waves and noise, half of them in each of two classes."""
    random = np.random.default_rng(1)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    for index in range(count):
        lengths, starts = random.uniform(20, 120, 3), random.uniform(0, 6, 3)
        waves = [
            128 + 90 * np.sin(x / length + start) * np.cos(y / length - start)
            for length, start in zip(lengths, starts)]
        values = np.stack(waves, -1) + random.normal(0, 8, (HEIGHT, WIDTH, 1))
        path = Path(folder, "ab"[index % 2], f"{index:04}.jpg")
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(values.clip(0, 255).astype(np.uint8)).save(path, quality=85)
    return {"version": __version__}


def fit(folder, side):
    """Decodes all pictures in the order of their paths, without writing anything."""
    watch = Watch()
    pixels = []
    for path in sorted(Path(folder).rglob("*.jpg")):
        with Image.open(path) as picture:
            fitted = ImageOps.fit(picture.convert("RGB"), (side, side), Image.Resampling.BILINEAR)
            pixels.append(np.asarray(fitted))
    pixels = np.stack(pixels)
    answer = {"seconds": watch.seconds, "cpu_seconds": watch.cpu_seconds}
    np.save(os.path.join(folder, "pixels.npy"), pixels)
    return answer


if __name__ == "__main__":
    serve({"make": make, "fit": fit})
