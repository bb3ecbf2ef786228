"""Checks the coverage of intervals over whole sweeps and of intervals of advice.

Simulates sweeps with known true accuracies, whose replicates share a deviation over all
similarities, as those of synthetic tasks do, and asks the tool about each. 95 % intervals must
contain the truth in 93 to 97 % of the sweeps: those of the scoreboard's mean regrets in
`tlbench validate`, and those of `tlbench recommend` at measured places and for a task of unknown
similarity. Between two measured sizes or similarities they may contain it more often, but not less.
Prints the coverage, and how often the advice was undecided, which shows the cost of wide intervals.

Needs NumPy and h5py, and the tool's path in TLBENCH. Takes a second or two per sweep and core. The
limits are made for 500 sweeps (default); fewer are a trial. The results do not depend on the number
of workers (default: a process per core).

    TLBENCH=.build/release/tlbench python check_advice_coverage.py [SWEEPS] [WORKERS]

Exits with 1 if a result is out of range.
"""

import os
import sys
import tempfile
from collections import namedtuple
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import h5py
import numpy as np

from simulated_results import (
    ARMS, answer, holds, make_template, measured, sigmoid, write_results)

# The standard error of a coverage of 95 % is sqrt(0.95 * 0.05 / 500) = 0.97 points: half of the 2
# points by which a coverage may differ from 95 %. Three strategies of a sweep count three times,
# but share its replicates: the standard error of their mean is at most this, and hardly smaller.
SWEEPS = 500
LOWEST, HIGHEST = 0.93, 0.97

SIMILARITIES = [0, 0.25, 0.5, 0.75, 1]
SIZES = [100, 300, 1000, 3000, 10000]
# Indices of the compared strategies.
ARM_INDICES = [0, 1, 3]
# Replicates up to 1,000 examples and above.
MANY, FEW = 10, 5
# Standard deviations on the logit scale: of a replicate over all similarities, of a task, of a run.
SHARED, TASK, RUN = 0.2, 0.15, 0.05
# The questions to `recommend`: the train size, the similarity, and whether it interpolates.
QUESTIONS = {
    "measured": (1000, 0.5, False), "measured, 5": (3000, 0.25, False),
    "between sizes": (550, 0.5, True), "between similarities": (1000, 0.6, True),
    "between both": (1800, 0.85, True),
}

# One interval: the row in which it counts, whether it contains the truth, whether a higher coverage
# is allowed, and whether its advice is undecided (None without advice).
Finding = namedtuple("Finding", "row is_held interpolates is_undecided")


def curve(log_size, similarity, arm):
    """The mean on the logit scale: frozen features by similarity, from scratch by size."""
    scratch = -2.3 + 5.2 * sigmoid(3 * (log_size - 3.35))
    frozen = -2 + 4.2 * similarity**1.5 + 0.15 * (log_size - 2)
    tuned = np.maximum(frozen, scratch) - 0.7 + 0.5 * (log_size - 3)
    return [frozen, tuned, scratch][arm]


def expected(log_size, similarity, arm):
    """The mean accuracy over tasks, by Gauss and Hermite's quadrature."""
    x, weights = np.polynomial.hermite_e.hermegauss(40)
    deviation = np.sqrt(SHARED**2 + TASK**2 + RUN**2)
    values = sigmoid(curve(log_size, similarity, arm) + deviation * x)
    return (weights * values).sum() / weights.sum()


def over_grid(value):
    """Values [similarity, size, strategy] of a function of them."""
    return np.array([[[value(np.log10(size), similarity, arm) for arm in range(len(ARM_INDICES))]
                      for size in SIZES] for similarity in SIMILARITIES])


def task(random):
    """The deviation that one replicate adds to all of its runs: [similarity]."""
    return SHARED * random.normal() + TASK * random.normal(size=len(SIMILARITIES))


def simulated_sweep(random):
    """Accuracies [similarity, size, strategy, replicate]."""
    tasks = np.stack([task(random) for _ in range(MANY)], axis=-1)
    means = over_grid(curve)
    own = RUN * random.normal(size=means.shape + (MANY,))
    return measured(sigmoid(means[..., None] + tasks[:, None, None, :] + own), random)


def write_sweep(template, path, values):
    """A sweep over the grid, with fewer replicates above 1,000 examples."""
    labels = {0: "low", 1: "high"}
    write_results(
        template, path, values, ARM_INDICES, trainSizes=SIZES,
        similarities=[{"value": s, "label": labels.get(s, str(s))} for s in SIMILARITIES],
        limits=[{"aboveTrainSize": 1000, "replicates": FEW}])
    with h5py.File(path, "r+") as file:
        file["status"][:, sum(size <= 1000 for size in SIZES):, :, FEW:] = -2


def scoreboard_findings(path, regrets):
    """Findings about the mean regret of each policy that always advises one strategy.

    The mean is over the places that are scored: not those where no strategy is shown to learn, or
    all are at the ceiling.
    """
    judged = answer("validate", path)
    board = {row["advisor"]: row for row in judged["scoreboard"]}
    for index, arm in enumerate(ARM_INDICES):
        name = f"always-{ARMS[arm]}"
        rule = next(rule for rule in judged["rules"] if rule["id"] == name)
        scored = [regrets[SIMILARITIES.index(place["similarity_value"]),
                          SIZES.index(place["train_size"]), index]
                  for place in rule["places"]
                  if place["verdict"] not in ("nothing learns", "at the ceiling")]
        row = board[name]
        assert row["places"] == len(scored) > len(SIZES)
        yield Finding(
            f"regret of always {ARMS[arm]}", holds(row["interval"], np.mean(scored)), False, None)


def advice_findings(path, row, size, similarity, interpolates, truth):
    """Findings about the predicted accuracy of each strategy; `truth` has the same order."""
    advice = answer("recommend", "--size", size, "--similarity", similarity, "--results", path)
    assert advice["source"] == "measurements", advice["source"]
    assert len(advice["predictions"]) == len(truth)
    for prediction, value in zip(advice["predictions"], truth):
        yield Finding(
            row, holds(prediction["accuracy_interval"], value), interpolates,
            not advice["decided"])


def findings(folder, template, regrets, index):
    """Findings about one sweep, which depends only on its index."""
    random = np.random.default_rng([31, index])
    path = folder / f"sweep-{index}.h5"
    write_sweep(template, path, simulated_sweep(random))
    arms = range(len(ARM_INDICES))
    found = list(scoreboard_findings(path, regrets))
    for row, (size, similarity, interpolates) in QUESTIONS.items():
        truth = [expected(np.log10(size), similarity, arm) for arm in arms]
        found += advice_findings(path, row, size, similarity, interpolates, truth)
    # A new task, as likely to be of one similarity as of another.
    place = random.integers(len(SIMILARITIES))
    own = task(random)[place]
    truth = [sigmoid(curve(3, SIMILARITIES[place], arm) + own + RUN * random.normal())
             for arm in arms]
    found += advice_findings(path, "unknown similarity", 1000, "unknown", False, truth)
    path.unlink()
    return found


def cores():
    """The number of cores that this process may use, if the system tells it."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def main():
    sweeps = int(sys.argv[1]) if len(sys.argv) > 1 else SWEEPS
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else cores()
    truth = over_grid(expected)
    regrets = 100 * (truth.max(axis=2, keepdims=True) - truth)
    rows = {}
    # Processes, because a program started by one thread would inherit the lock of a file that
    # another thread is writing.
    with tempfile.TemporaryDirectory() as name, ProcessPoolExecutor(workers) as pool:
        folder = Path(name)
        template = make_template(folder)
        for found in pool.map(partial(findings, folder, template, regrets), range(sweeps)):
            for finding in found:
                rows.setdefault(finding.row, []).append(finding)

    error = 100 * np.sqrt(0.95 * 0.05 / sweeps)
    print(f"Coverage of 95 % intervals over {sweeps} sweeps that share replicates, in % (standard "
          f"error {error:.2f} where it is 95 %)\n* interpolated: may be covered more often")
    print(f"{'':<36}{'covered':>9}{'undecided':>12}")
    failures = []
    for row, found in rows.items():
        share = np.mean([finding.is_held for finding in found])
        interpolates = found[0].interpolates
        is_wrong = not LOWEST <= share <= (1 if interpolates else HIGHEST)
        undecided = "–"
        if found[0].is_undecided is not None:
            undecided = f"{100 * np.mean([finding.is_undecided for finding in found]):.1f}"
        title = row + " *" * interpolates
        print(f"{title:<36}{100 * share:>9.1f}{'!' if is_wrong else ' '}{undecided:>11}")
        if is_wrong:
            failures.append(f"{row}: {100 * share:.1f} %")
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
