"""Opens a results file as a user would, with both engines of xarray, and checks its content.

Needs xarray, h5netcdf and netCDF4. Checks a given file or, with the tool's path in TLBENCH, one
that a small sweep writes:

    python check_xarray.py Results/sweep.h5
    TLBENCH=.build/release/tlbench python check_xarray.py

Exits with 1 if something is not as documented.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import xarray

RUN = ("similarity", "train_size", "strategy", "replicate")
OVER_RUNS = (
    "accuracy log_loss train_accuracy wall_seconds cpu_seconds flops peak_bytes "
    "trainable_parameters total_parameters epochs status failure_reason").split()
OVER_EPOCHS = "epoch_loss epoch_accuracy epoch_learning_rate epoch_seconds".split()


def problems(data):
    """What is not as documented in an open file."""
    for name in RUN + ("epoch", "similarity_value"):
        if name not in data.coords:
            yield f"{name} is not a coordinate"
    for name in ("similarity", "strategy"):
        labels = data[name].values
        if not all(isinstance(label, str) for label in labels.tolist()):
            yield f"the coordinate {name} does not hold strings: {labels!r}"
    for name in ("train_size", "replicate", "epoch"):
        if not np.issubdtype(data[name].dtype, np.integer):
            yield f"the coordinate {name} does not hold integers: {data[name].dtype}"
    for names, dimensions in ((OVER_RUNS, RUN), (OVER_EPOCHS, RUN + ("epoch",))):
        for name in names:
            if name not in data.data_vars:
                yield f"{name} is not a variable"
            elif data[name].dims != dimensions:
                yield f"{name} has the axes {data[name].dims}, not {dimensions}"
    for name in data.variables:
        missing = {"units", "long_name"} - set(data[name].attrs)
        if missing:
            yield f"{name} lacks {sorted(missing)}"
        if data[name].dtype.kind in "mM":
            yield f"{name} became a time: {data[name].dtype}"
    completed = data["status"].values == 0
    for name in ("accuracy", "peak_bytes", "epochs"):
        if not (np.isnan(data[name].values.astype(float)) == ~completed).all():
            yield f"{name} is not missing exactly for runs that did not complete"
    for name in ("Conventions", "title", "plan", "weights_digest", "tool_version"):
        if not isinstance(data.attrs.get(name), str):
            yield f"the attribute {name} is missing"
    one = data["accuracy"].sel(
        similarity=str(data["similarity"].values[0]), train_size=int(data["train_size"][0]),
        strategy=str(data["strategy"].values[0]), replicate=0)
    if one.dims != ():
        yield "a run cannot be selected by its labels"


def sweep(scratch):
    """The path of a results file of 16 runs."""
    weights = Path(__file__).resolve().parents[2] / "Datasets" / "simple.weights.h5"
    output = os.path.join(scratch, "sweep.h5")
    subprocess.run(
        [os.environ["TLBENCH"], "sweep", "--architecture", "simple", "--sizes", "20,40",
         "--similarities", "low,high", "--replicates", "1", "--tasks", scratch,
         "--weights", str(weights), "--output", output],
        check=True, stdout=subprocess.DEVNULL)
    return output


def check(path):
    """Whether the file is as documented; prints what is not."""
    good = True
    shown = []
    for engine in ("h5netcdf", "netcdf4"):
        with xarray.open_dataset(path, engine=engine) as data:
            print(f"--- {engine}\n{data}")
            for problem in problems(data):
                good = False
                print(f"{engine}: {problem}", file=sys.stderr)
            shown.append(data.load())
    if not shown[0].equals(shown[1]):
        good = False
        print("the engines disagree", file=sys.stderr)
    return good


def main():
    if len(sys.argv) > 1:
        return 0 if check(sys.argv[1]) else 1
    with tempfile.TemporaryDirectory() as scratch:
        return 0 if check(sweep(scratch)) else 1


if __name__ == "__main__":
    sys.exit(main())
