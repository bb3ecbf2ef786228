"""Results files with simulated accuracies, and the answers of the tool about them.

Used by check_coverage.py and check_advice_coverage.py; needs the tool's path in TLBENCH.
"""

import json
import os
import subprocess
from pathlib import Path

import h5py
import numpy as np

TLBENCH = os.environ["TLBENCH"]
TEST_IMAGES = 2000
# The strategies of the template, in its order; the plan in a file calls them arms.
ARMS = ["feature-extraction", "fine-tuning", "fine-tuning-all", "from-scratch"]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def measured(shares, random):
    """Accuracies on test images, each classified correctly with the probability `shares`."""
    return random.binomial(TEST_IMAGES, shares) / TEST_IMAGES


def make_template(folder):
    """Writes a results file with the tool, so that this module need not know its layout."""
    path = folder / "template.h5"
    weights = Path(__file__).resolve().parents[2] / "Datasets" / "simple.weights.h5"
    subprocess.run(
        [TLBENCH, "sweep", "--sizes", "10", "--similarities", "low", "--replicates", "1",
         "--strategies", ",".join(ARMS), "--architecture", "simple", "--tasks", folder,
         "--weights", weights, "--output", path],
        check=True, capture_output=True)
    return path


def write_results(template, path, values, arms, **plan):
    """Writes the template with other accuracies [similarity, size, strategy, replicate].

    `arms` are the indices of the strategies, `plan` replaces members of the plan. All other values
    are those of the first run of the template.
    """
    with h5py.File(template) as old, h5py.File(path, "w", track_order=True) as new:
        for name, value in old.attrs.items():
            if name != "plan":
                new.attrs[name] = value
        changed = json.loads(old.attrs["plan"])
        changed["arms"] = [changed["arms"][arm] for arm in arms]
        changed["replicates"] = values.shape[-1]
        changed.update(plan)
        new.attrs["plan"] = json.dumps(changed)
        for name, dataset in old.items():
            if dataset.ndim < 4:
                new[name] = dataset[()]
                continue
            filled = np.empty(values.shape + dataset.shape[4:], dtype=dataset.dtype)
            filled[...] = dataset[0, 0, 0, 0]
            new.create_dataset(name, data=filled, dtype=dataset.dtype)
        new["accuracy"][...] = values


def answer(*arguments):
    """The answer of the tool in JSON."""
    text = subprocess.run(
        [TLBENCH, *map(str, arguments), "--format", "json"], check=True, capture_output=True,
        text=True).stdout
    return json.loads(text)


def holds(interval, truth):
    """Whether an interval contains the true value."""
    return interval["lower"] - 1e-9 <= truth <= interval["upper"] + 1e-9
