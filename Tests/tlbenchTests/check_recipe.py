"""Checks the cost of the classic recipe: VGG16 without top, frozen, with a new head, from files.

Run with keras, jax, h5py and PyTorch, and the tool's path in TLBENCH:

    TLBENCH=.build/release/tlbench python check_recipe.py [IMAGES]

The head is Flatten -> Dense(256, ReLU) -> Dense(2), trained with Adam for 10 epochs on IMAGES
(default: 1,000) images of 224×224×3 bytes in HDF5. Requires one pass of the backbone over each
image, less than 2 GiB of memory, and at most 1.1 times the time of PyTorch's pass on one thread.
Exits with 1 otherwise.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import h5py
import keras
import numpy as np
import torch

TOOL = str(Path(os.environ["TLBENCH"]).resolve())
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
TORCH_IMAGES = 64
# Runs a program and prints its peak memory last. A process counts the memory of the process that
# started it, which must be a small one for that reason.
MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


def write_images(path):
    generator = np.random.default_rng(1)
    with h5py.File(path, "w") as file:
        images = file.create_dataset("x", (COUNT, 224, 224, 3), "u1")
        for first in range(0, COUNT, 50):
            rows = min(50, COUNT - first)
            images[first:first + rows] = generator.integers(0, 256, (rows, 224, 224, 3), "u1")
        file["y"] = np.arange(COUNT) % 2


def torch_seconds_per_image():
    torch.set_num_threads(1)
    layers, channels = [], 3
    for width in [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M",
                  512, 512, 512, "M"]:
        if width == "M":
            layers.append(torch.nn.MaxPool2d(2))
        else:
            layers += [torch.nn.Conv2d(channels, width, 3, padding=1), torch.nn.ReLU()]
            channels = width
    network = torch.nn.Sequential(*layers).eval()
    batches = [torch.rand(32, 3, 224, 224) for _ in range(TORCH_IMAGES // 32)]
    with torch.inference_mode():
        network(batches[0][:2])
        start = time.thread_time()
        for batch in batches:
            network(batch)
    return (time.thread_time() - start) / TORCH_IMAGES


def main():
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        network = keras.applications.VGG16(
            weights=None, include_top=False, input_shape=(224, 224, 3))
        network.save(folder / "vgg16.keras")
        write_images(folder / "images.h5")
        before = torch_seconds_per_image()
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, TOOL, "train", "--weights", folder / "vgg16.keras",
             "--data", folder / "images.h5", "--strategy", "feature-extraction",
             "--pooling", "flatten", "--hidden-units", "256", "--epochs", "10",
             "--preprocess", "caffe", "--test-share", "0", "--output", folder / "m.keras",
             "--quiet"],
            capture_output=True, text=True)
        after = torch_seconds_per_image()
    if done.returncode != 0:
        sys.exit(done.stderr)
    print(done.stdout)
    # In kilobytes, but on macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    memory = int(done.stderr.split()[-1]) * unit / 2**30
    measured = re.search(r"frozen layers\s+([\d.]+) passes per example, ([\d.]+) s", done.stdout)
    passes, seconds = float(measured[1]), float(measured[2])
    torch_time = min(before, after) * COUNT
    print(f"memory {memory:.2f} GiB, {passes:.2f} passes; backbone {seconds:.1f} s, PyTorch's pass "
          f"{torch_time:.1f} s, ratio {seconds / torch_time:.2f}")
    if memory >= 2:
        failures.append(f"{memory:.2f} GiB of memory")
    if passes > 1.05:
        failures.append(f"{passes:.2f} passes of the backbone")
    if seconds > 1.1 * torch_time:
        failures.append(f"the backbone takes {seconds / torch_time:.2f} times PyTorch's time")
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    sys.exit(1 if failures else 0)


main()
