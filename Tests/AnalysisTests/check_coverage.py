"""Checks that intervals and verdicts of `tlbench validate` and `recommend` keep what they promise.

Simulates sweeps whose true accuracies are known, 1,000 cells each, and lets the tool judge them:
95 % intervals have to cover the truth in 93 to 97 % of the cells, and at most 5 % of the verdicts
`refuted`, and of `supported`, may be wrong. Prints the figures, beside those of bootstrap intervals
on the same differences.

Then whole sweeps whose replicates share a part over all similarities, as those of synthetic tasks do:
the intervals of the scoreboard's mean regrets and gains, and of `recommend` where it was measured,
between two sizes, between two similarities, and for a task of unknown similarity, have to cover the
truth in 93 to 97 % of the sweeps. What is told by interpolation may be covered more often.

Needs NumPy, SciPy and h5py, and the tool's path in TLBENCH.

    TLBENCH=.build/release/tlbench python check_coverage.py

Exits with 1 where a figure is out of range.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np
from scipy import stats

TLBENCH = os.environ["TLBENCH"]
TRIALS = 1000
# Cells of one file: choosing a fitted advisor takes a time that grows with the cube of their number.
SIMILARITIES, SIZES = 10, 5
PLACES = SIMILARITIES * SIZES
TEST_IMAGES = 2000
# The arm that is judged, and its rivals.
ARMS = ["feature-extraction", "fine-tuning", "fine-tuning-all", "from-scratch"]
REPLICATES = [3, 5, 10]
# Three replicates are shown, five and ten are what the reference results have.
REQUIRED = [5, 10]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def middle(task, own, draws, arm):
    """Far from 0 and 1; the tasks differ by much more than the arms within a task."""
    return sigmoid(0.6 + 0.1 * arm + 0.3 * task + 0.1 * own)


def ceiling(task, own, draws, arm):
    """Bounded: near 99 %, where the spread shrinks and counts of errors are few."""
    return sigmoid(4 + 0.15 * arm + 0.5 * task + 0.25 * own)


def skewed(task, own, draws, arm):
    """Every arm loses a gamma distributed amount, the later arms more."""
    return np.clip(0.8 + 0.05 * task - 0.015 * stats.gamma.ppf(draws, 2) * (1 + arm) / 2, 0, 1)


def equal(task, own, draws, arm):
    """All arms alike, so that the best is so by luck alone."""
    return sigmoid(1 + 0.3 * task + 0.15 * own)


def tail(task, own, draws, arm):
    """The rivals now and then lose ten points and more: too skewed for any of the methods."""
    loss = 1 + 0.3 * own if arm == 0 else stats.expon.ppf(draws, scale=4)
    return np.clip(0.8 + 0.05 * task - loss / 100, 0, 1)


SCENARIOS = [middle, ceiling, skewed, equal, tail]
# Shown, not required: the documentation names it as the limit.
SHOWN = [tail]


def accuracies(scenario, trials, replicates, random, noise=True):
    """[trial, arm, replicate]; tasks are shared by the arms of a replicate."""
    task = random.normal(size=(trials, replicates))
    shares = np.stack([
        scenario(
            task, random.normal(size=task.shape), random.uniform(1e-12, 1, size=task.shape), arm)
        for arm in range(len(ARMS))], axis=1)
    return random.binomial(TEST_IMAGES, shares) / TEST_IMAGES if noise else shares


def make_template(folder):
    """A results file of the tool itself, so that this script need not know its layout."""
    path = folder / "template.h5"
    weights = Path(__file__).resolve().parents[2] / "Datasets" / "simple.weights.h5"
    subprocess.run(
        [TLBENCH, "sweep", "--sizes", "10", "--similarities", "low", "--replicates", "1",
         "--architecture", "simple", "--data", folder, "--weights", weights, "--output", path],
        check=True, capture_output=True)
    return path


def write_results(template, path, values):
    """The template with other axes and accuracies; what is not judged is that of its first cell."""
    trials, arms, replicates = values.shape
    shape = (SIMILARITIES, SIZES, arms, replicates)
    with h5py.File(template) as old, h5py.File(path, "w", track_order=True) as new:
        for name, value in old.attrs.items():
            if name != "plan":
                new.attrs[name] = value
        plan = json.loads(old.attrs["plan"])
        plan["similarities"] = [
            {"value": i / (SIMILARITIES - 1), "label": f"s{i}"} for i in range(SIMILARITIES)]
        plan["trainSizes"] = list(range(100, 100 + SIZES))
        plan["arms"], plan["replicates"] = plan["arms"][:arms], replicates
        new.attrs["plan"] = json.dumps(plan)
        for name, dataset in old.items():
            if dataset.ndim < 4:
                new[name] = dataset[()]
                continue
            first = dataset[0, 0, 0, 0]
            filled = np.empty(shape + dataset.shape[4:], dtype=dataset.dtype)
            filled[...] = first
            new.create_dataset(name, data=filled, dtype=dataset.dtype)
        new["accuracy"][...] = values.reshape(shape)


def judged(template, values, margin):
    """The cells of the rule that always advises the first arm, as the tool judges them."""
    cells = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.h5"
        for part in np.split(values, TRIALS // PLACES):
            write_results(template, path, part)
            text = subprocess.run(
                [TLBENCH, "validate", path, "--format", "json", "--margin", repr(float(margin))],
                check=True, capture_output=True, text=True).stdout
            rules = json.loads(text)["rules"]
            cells += next(rule for rule in rules if rule["id"] == f"always-{ARMS[0]}")["cells"]
    assert len(cells) == TRIALS
    return cells


def coverage(lower, upper, truth):
    return np.mean((np.asarray(lower) <= truth + 1e-9) & (truth - 1e-9 <= np.asarray(upper)))


def bootstrap_coverages(differences, truth, random):
    """Of the percentile and the BCa interval, on the same differences."""
    trials, n = differences.shape
    percentile, corrected = [], []
    for values in differences:
        means = values[random.integers(n, size=(1000, n))].mean(axis=1)
        observed = values.mean()
        percentile.append(np.quantile(means, [0.025, 0.975]))
        share = ((means < observed).mean() + (means <= observed).mean()) / 2
        left = (values.sum() - values) / (n - 1)
        away = left.mean() - left
        spread = (away ** 2).sum()
        acceleration = (away ** 3).sum() / 6 / spread ** 1.5 if spread > 0 else 0
        bias = stats.norm.ppf(np.clip(share, 1e-6, 1 - 1e-6))
        shifted = bias + stats.norm.ppf([0.025, 0.975])
        tails = stats.norm.cdf(bias + shifted / (1 - acceleration * shifted))
        corrected.append(np.quantile(means, tails))
    return [coverage(*np.transpose(ends), truth) for ends in (percentile, corrected)]


# Whole sweeps: 10 replicates up to 1,000 examples and 5 above.
SWEEPS = 600
GRID_SIMILARITIES = [0, 0.25, 0.5, 0.75, 1]
GRID_SIZES = [100, 300, 1000, 3000, 10000]
GRID_ARMS = [0, 1, 3]
MANY, FEW = 10, 5


def curve(log_size, similarity, arm):
    """The mean on the logit scale: frozen features by similarity, from scratch by size."""
    scratch = -2.3 + 5.2 * sigmoid(3 * (log_size - 3.35))
    frozen = -2 + 4.2 * similarity**1.5 + 0.15 * (log_size - 2)
    tuned = np.maximum(frozen, scratch) - 0.7 + 0.5 * (log_size - 3)
    return [frozen, tuned, scratch][arm]


# Standard deviations on the logit scale: of a replicate over all similarities, of a task, of a run.
SHARED, TASK, RUN = 0.2, 0.15, 0.05


def expected(log_size, similarity, arm):
    """The mean accuracy over tasks, by Gauss and Hermite's quadrature."""
    x, weights = np.polynomial.hermite_e.hermegauss(40)
    deviation = np.sqrt(SHARED**2 + TASK**2 + RUN**2)
    values = sigmoid(curve(log_size, similarity, arm) + deviation * x)
    return (weights * values).sum() / weights.sum()


def task(random, similarity_count):
    """What one replicate adds to all of its runs: [similarity]."""
    return SHARED * random.normal() + TASK * random.normal(size=similarity_count)


def simulated_sweep(random):
    """Accuracies [similarity, size, arm, replicate]."""
    tasks = np.stack([task(random, len(GRID_SIMILARITIES)) for _ in range(MANY)], axis=-1)
    means = np.array([[[curve(np.log10(n), s, arm) for arm in range(3)] for n in GRID_SIZES]
                      for s in GRID_SIMILARITIES])
    own = RUN * random.normal(size=means.shape + (MANY,))
    shares = sigmoid(means[..., None] + tasks[:, None, None, :] + own)
    return random.binomial(TEST_IMAGES, shares) / TEST_IMAGES


def write_sweep(template, path, values):
    """The template as a sweep over the grid, with fewer replicates above 1,000 examples."""
    with h5py.File(template) as old, h5py.File(path, "w", track_order=True) as new:
        for name, value in old.attrs.items():
            if name != "plan":
                new.attrs[name] = value
        plan = json.loads(old.attrs["plan"])
        labels = {0: "low", 1: "high"}
        plan["similarities"] = [
            {"value": s, "label": labels.get(s, str(s))} for s in GRID_SIMILARITIES]
        plan["trainSizes"], plan["replicates"] = GRID_SIZES, MANY
        plan["arms"] = [plan["arms"][arm] for arm in GRID_ARMS]
        plan["limits"] = [{"aboveTrainSize": 1000, "replicates": FEW}]
        new.attrs["plan"] = json.dumps(plan)
        for name, dataset in old.items():
            if dataset.ndim < 4:
                new[name] = dataset[()]
                continue
            filled = np.empty(values.shape + dataset.shape[4:], dtype=dataset.dtype)
            filled[...] = dataset[0, 0, 0, 0]
            new.create_dataset(name, data=filled, dtype=dataset.dtype)
        new["accuracy"][...] = values
        large = sum(n <= 1000 for n in GRID_SIZES)
        new["status"][:, large:, :, FEW:] = -2


def answer(*arguments):
    text = subprocess.run(
        [TLBENCH, *map(str, arguments), "--format", "json"], check=True, capture_output=True,
        text=True).stdout
    return json.loads(text)


# Where `recommend` is asked: the train size, the similarity, and whether it interpolates.
QUESTIONS = {
    "measured": (1000, 0.5, False), "measured, 5": (3000, 0.25, False),
    "between sizes": (550, 0.5, True), "between similarities": (1000, 0.6, True),
    "between both": (1800, 0.85, True),
}


def holds(interval, truth):
    return interval["lower"] - 1e-9 <= truth <= interval["upper"] + 1e-9


def check_sweeps(folder, template):
    """Titles and shares of the sweeps whose intervals hold the truth, and what is allowed."""
    truth = np.array([[[expected(np.log10(n), s, arm) for arm in range(3)] for n in GRID_SIZES]
                      for s in GRID_SIMILARITIES])
    regret = 100 * (truth.max(axis=2, keepdims=True) - truth).mean(axis=(0, 1))
    names = [ARMS[arm] for arm in GRID_ARMS]
    random = np.random.default_rng(31)
    counts = {}

    def count(title, is_held, interpolates=False):
        held, total, _ = counts.get(title, (0, 0, interpolates))
        counts[title] = (held + bool(is_held), total + 1, interpolates)

    path = folder / "sweep.h5"
    for _ in range(SWEEPS):
        write_sweep(template, path, simulated_sweep(random))
        board = {row["policy"]: row for row in answer("validate", path)["scoreboard"]}
        reference = board[f"always-{names[1]}"]
        assert reference["cells"] == len(GRID_SIMILARITIES) * len(GRID_SIZES)
        for arm, name in enumerate(names):
            count(f"regret of always {name}", holds(board[f"always-{name}"]["interval"], regret[arm]))
        for title, (size, similarity, interpolates) in QUESTIONS.items():
            advice = answer("recommend", "--size", size, "--similarity", similarity,
                            "--results", path)
            for arm, prediction in enumerate(advice["predictions"]):
                count(title, holds(
                    prediction["accuracy_interval"],
                    expected(np.log10(size), similarity, arm)), interpolates)
        advice = answer("recommend", "--size", 1000, "--similarity", "unknown", "--results", path)
        place = random.integers(len(GRID_SIMILARITIES))
        own = task(random, len(GRID_SIMILARITIES))[place]
        for arm, prediction in enumerate(advice["predictions"]):
            value = sigmoid(curve(3, GRID_SIMILARITIES[place], arm) + own + RUN * random.normal())
            count("unknown similarity", holds(prediction["accuracy_interval"], value))
    return {title: (held / total, interpolates)
            for title, (held, total, interpolates) in counts.items()}


def main():
    failures = []

    def row(scenario, n, figures, required):
        print(f"{scenario.__name__:<10}{n:>3}", end="")
        for title, value, low, high in figures:
            is_required = required and low is not None
            wrong = is_required and not low <= value <= high
            print(f"{100 * value:>13.1f}{'!' if wrong else ' '}", end="")
            if wrong:
                failures.append(f"{scenario.__name__}, {n} replicates: {title} {100 * value:.1f} %")
        print()

    print("Coverage of 95 % intervals, and wrong verdicts, in % of 1,000 cells")
    print(f"{'scenario':<10}{'n':>3}" + "".join(
        f"{title:>14}" for title in (
            "two arms", "percentile", "BCa", "of four", "false refuted", "false support")))
    with tempfile.TemporaryDirectory() as folder:
        template = make_template(Path(folder))
        for index, scenario in enumerate(SCENARIOS):
            exact = accuracies(
                scenario, 50_000, 10, np.random.default_rng(99), noise=False).mean(axis=(0, 2))
            if scenario is equal:
                exact[:] = exact.mean()
            for n in REPLICATES:
                random = np.random.default_rng([7, index, n])
                values = accuracies(scenario, TRIALS, n, random)

                truth = 100 * (exact[1] - exact[0])
                cells = judged(template, values[:, :2], 1)
                pairs = coverage(
                    [c["interval"]["lower"] for c in cells],
                    [c["interval"]["upper"] for c in cells], truth)
                differences = 100 * (values[:, 1] - values[:, 0])
                bootstraps = bootstrap_coverages(differences, truth, random)

                # The margin is put where a verdict is hardest: right at the true regret.
                regret = 100 * (exact[1:].max() - exact[0])
                margin = max(0, regret)
                at = judged(template, values, margin)
                of_four = coverage(
                    [c["interval"]["lower"] for c in at],
                    [c["interval"]["upper"] for c in at], regret)
                refuted = np.mean([c["verdict"] == "refuted" for c in at])
                supported = 0.0
                if regret > 1e-3:
                    below = judged(template, values, margin - 1e-3)
                    supported = np.mean([c["verdict"] == "supported" for c in below])
                row(
                    scenario, n,
                    [("two arms", pairs, 0.93, 0.97),
                     ("percentile", bootstraps[0], None, None), ("BCa", bootstraps[1], None, None),
                     ("of four", of_four, 0.93, 1), ("false refuted", refuted, 0, 0.05),
                     ("false support", supported, 0, 0.05)],
                    required=n in REQUIRED and scenario not in SHOWN)
    print(f"Coverage of 95 % intervals over {SWEEPS} sweeps that share replicates, in %")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for title, (share, interpolates) in check_sweeps(folder, make_template(folder)).items():
            is_wrong = not 0.93 <= share <= (1 if interpolates else 0.97)
            print(f"{title:<34}{100 * share:>6.1f}{'!' if is_wrong else ''}")
            if is_wrong:
                failures.append(f"{title}: {100 * share:.1f} %")
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
