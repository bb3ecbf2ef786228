"""Opens files of results as a user would, with both engines of xarray, and checks their content.

Needs xarray, h5netcdf and netCDF4. Checks a given file, of a sweep or a race, or, with the tool's
path in TLBENCH, those that a small sweep and a short race write:

    python check_xarray.py Results/sweep.h5
    TLBENCH=.build/release/tlbench python check_xarray.py

Exits with 1 if something is not as documented.
"""

import json
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
RACE = {
    "correct": ("strategy", "example"), "log_loss": ("strategy", "example"),
    "cpu_seconds": ("strategy", "fold"), "label": ("example",), "fold_of_example": ("example",),
    "within": ("strategy",), "best": ("strategy",), "expected_regret": ("strategy",),
    "bound": ("strategy",)}
WEIGHTS = Path(__file__).resolve().parents[2] / "Datasets" / "simple.weights.h5"


def problems(data):
    """What is not as documented in an open file."""
    yield from undescribed(data)
    yield from (race_problems if data.attrs.get("title") == "tlbench race" else sweep_problems)(data)


def undescribed(data):
    """Variables without a description, or with one that xarray misunderstands."""
    for name in data.variables:
        missing = {"units", "long_name"} - set(data[name].attrs)
        if missing:
            yield f"{name} lacks {sorted(missing)}"
        if data[name].dtype.kind in "mM":
            yield f"{name} became a time: {data[name].dtype}"


def race_problems(data):
    """What is not as documented in the file of a race."""
    for name in ("strategy", "fold", "example"):
        if name not in data.coords:
            yield f"{name} is not a coordinate"
    for name, dimensions in RACE.items():
        if name not in data.data_vars:
            yield f"{name} is not a variable"
        elif data[name].dims != dimensions:
            yield f"{name} has the axes {data[name].dims}, not {dimensions}"
    correct = data["correct"]
    if not np.issubdtype(correct.dtype, np.integer):
        yield f"correct does not hold integers: {correct.dtype}"
    answer = json.loads(data.attrs["answer"])
    standings = {standing["strategy"]: standing for standing in answer["standings"]}
    for name in data["strategy"].values.tolist():
        own = data.sel(strategy=name)
        folds = len(set(own["fold_of_example"].values[own["correct"].values >= 0].tolist()))
        if name == "majority-class":
            continue
        if folds != standings.get(name, {"folds": 0})["folds"]:
            yield f"{name} has {folds} folds, but not in the answer"
        if folds and abs(float(own["within"]) - standings[name]["within_probability"]) > 1e-9:
            yield f"{name} is close with another probability than in the answer"


def sweep_problems(data):
    """What is not as documented in the file of a sweep."""
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
    output = os.path.join(scratch, "sweep.h5")
    subprocess.run(
        [os.environ["TLBENCH"], "sweep", "--architecture", "simple", "--sizes", "20,40",
         "--similarities", "low,high", "--replicates", "1", "--tasks", scratch,
         "--weights", str(WEIGHTS), "--output", output],
        check=True, stdout=subprocess.DEVNULL)
    return output


def race(scratch):
    """The path of the file of a race over 100 examples of a task that the sweep made."""
    output = os.path.join(scratch, "race.h5")
    subprocess.run(
        [os.environ["TLBENCH"], "advise", "--weights", str(WEIGHTS), "--data",
         os.path.join(scratch, "target-high-r0.h5"), "--limit", "100", "--budget", "60s",
         "--strategies", "linear-probe,from-scratch", "--labels", "none", "--output", output],
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
        return 0 if all([check(sweep(scratch)), check(race(scratch))]) else 1


if __name__ == "__main__":
    sys.exit(main())
