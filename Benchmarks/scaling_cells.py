"""The processor time and the memory of a run, by its number of images.

Each run is `tlbench train` in a separate process: start, reading and checking the HDF5 file,
training by the protocol's budget, testing on 2,000 images, evaluating the training set, audit.
The cost does not depend on the content of the images, so they are random bytes.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import h5py
import numpy as np

from contestant import ENVIRONMENT, HERE, ContestantFailed
from summary import line, power

ARMS = ("from-scratch", "fine-tuning", "feature-extraction")
SIZES = (100, 1_000, 10_000, 100_000, 200_000)
# From this number of images, every image is seen eight times.
FLOOR = 10_000
SIDE, CLASSES, TEST_COUNT = 16, 10, 2_000
WEIGHTS = HERE.parent / "Datasets/medium.weights.h5"


def rounds_at(size):
    """The number of repetitions: short runs are noisier."""
    return 5 if size < FLOOR else 3 if size == FLOOR else 1


def write_task(path, count, dtype=np.uint8):
    """Writes a set in the documented layout."""
    generator = np.random.default_rng(0)
    with h5py.File(path, "w") as file:
        for part, images in (("train", count), ("test", TEST_COUNT)):
            x = file.create_dataset(f"{part}/x", (images, SIDE, SIDE, 1), dtype)
            for first in range(0, images, 50_000):
                some = (min(50_000, images - first), SIDE, SIDE, 1)
                x[first:first + some[0]] = (
                    generator.integers(0, 256, some, np.uint8) if dtype == np.uint8
                    else generator.random(some, np.float32))
            file[f"{part}/y"] = np.arange(images) % CLASSES


def run_cell(options, folder, data, arm, *more):
    """Processor seconds and peak memory of a process that trains, including the reader it starts.

    The memory is at least that of this script, which a new process starts with.
    """
    command = [
        options.tlbench, "train", "--weights", WEIGHTS, "--data", data, "--strategy", arm,
        "--output", Path(folder) / "model.keras", "--overwrite", "--quiet", "--jobs", 1, *more]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            list(map(str, command)), stdout=output, stderr=subprocess.STDOUT,
            env={**os.environ, **ENVIRONMENT})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode != 0:
        raise ContestantFailed(f"tlbench train: exit code {process.returncode}: {text.strip()}")
    epochs = next(row.split()[1] for row in text.splitlines() if row.startswith("epochs"))
    # The system counts the largest process; kilobytes, but bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "epochs": int(epochs), "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * unit}


def measure(options, progress):
    cells = []
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            data = Path(folder) / "task.h5"
            write_task(data, size)
            for arm in ARMS:
                progress(f"{size:,} images, {arm}")
                runs = [run_cell(options, folder, data, arm) for _ in range(rounds_at(size))]
                cells.append({
                    "size": size, "arm": arm, "epochs": runs[0]["epochs"],
                    "cpu_seconds": median(run["cpu_seconds"] for run in runs),
                    "peak_bytes": median(run["peak_bytes"] for run in runs), "runs": runs})
    return cells


def fits(cells):
    """For each strategy the exponents below and above the floor, and memory as a line above it."""
    result = {}
    for arm in ARMS:
        mine = [cell for cell in cells if cell["arm"] == arm]
        below = [cell for cell in mine if cell["size"] <= FLOOR]
        above = [cell for cell in mine if cell["size"] >= FLOOR]

        def fit(function, some, figure):
            if len(some) < 2:
                return None
            return function([cell["size"] for cell in some], [cell[figure] for cell in some])

        result[arm] = {
            "time below": fit(power, below, "cpu_seconds"),
            "time above": fit(power, above, "cpu_seconds"),
            "seconds per image": fit(line, above, "cpu_seconds"),
            "memory above": fit(power, above, "peak_bytes"),
            "bytes per image": fit(line, above, "peak_bytes")}
    return result


def measure_stored(options, progress):
    """The cost of images that stay in the file: a set that fits into memory, and one twice as
    large, each with training on 10,000 of its images for two epochs."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for count in (250_000, 500_000):
            data = Path(folder) / "task.h5"
            write_task(data, count, np.float32)
            for arm in ("from-scratch", "feature-extraction"):
                progress(f"10,000 of {count:,} images of 1 KiB, {arm}")
                run = run_cell(
                    options, folder, data, arm, "--train-size", 10_000, "--epochs", 2)
                rows.append({"count": count, "arm": arm, **run})
    return rows
