"""Checks the coverage of intervals and the error rate of verdicts of `tlbench validate`.

Simulates sweeps with known true accuracies, 1,000 places each, and lets the tool judge them: 95 %
intervals must contain the truth at 93 to 97 % of the places, and at most 5 % of the places may have
a wrong verdict `refuted`, or a wrong `supported`. Prints the results beside those of bootstrap
intervals on the same differences.

Needs NumPy, SciPy and h5py, and the tool's path in TLBENCH.

    TLBENCH=.build/release/tlbench python check_coverage.py

Exits with 1 if a result is out of range. check_advice_coverage.py checks intervals over whole
sweeps and those of advice.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy import stats

from simulated_results import ARMS, answer, make_template, measured, sigmoid, write_results

TRIALS = 1000
# Places of one file: the time to fit an advisor grows with the cube of their number.
SIMILARITIES, SIZES = 5, 4
PLACES = SIMILARITIES * SIZES
REPLICATES = [3, 5, 10]
# Three replicates are shown, five and ten are what the reference results have.
REQUIRED = [5, 10]


def middle(task, own, draws, arm):
    """Far from 0 and 1; the tasks differ by much more than the strategies within a task."""
    return sigmoid(0.6 + 0.1 * arm + 0.3 * task + 0.1 * own)


def ceiling(task, own, draws, arm):
    """Bounded: near 99 %, where the spread shrinks and counts of errors are few."""
    return sigmoid(4 + 0.15 * arm + 0.5 * task + 0.25 * own)


def skewed(task, own, draws, arm):
    """Every strategy loses a gamma distributed amount, the later ones more."""
    return np.clip(0.8 + 0.05 * task - 0.015 * stats.gamma.ppf(draws, 2) * (1 + arm) / 2, 0, 1)


def equal(task, own, draws, arm):
    """All strategies are equal, so that the best is best only by luck."""
    return sigmoid(1 + 0.3 * task + 0.15 * own)


def tail(task, own, draws, arm):
    """The rivals now and then lose ten points and more: too skewed for any of the methods."""
    loss = 1 + 0.3 * own if arm == 0 else stats.expon.ppf(draws, scale=4)
    return np.clip(0.8 + 0.05 * task - loss / 100, 0, 1)


SCENARIOS = [middle, ceiling, skewed, equal, tail]
# Shown, but not required: the documentation names it as a limit of the method.
SHOWN = [tail]


def accuracies(scenario, trials, replicates, random, noise=True):
    """[trial, strategy, replicate]; tasks are shared by the strategies of a replicate."""
    task = random.normal(size=(trials, replicates))
    shares = np.stack([
        scenario(
            task, random.normal(size=task.shape), random.uniform(1e-12, 1, size=task.shape), arm)
        for arm in range(len(ARMS))], axis=1)
    return measured(shares, random) if noise else shares


def write_places(template, path, values):
    """Writes accuracies [trial, strategy, replicate] with one place for each trial."""
    places = [{"value": i / (SIMILARITIES - 1), "label": f"s{i}"} for i in range(SIMILARITIES)]
    write_results(
        template, path, values.reshape(SIMILARITIES, SIZES, *values.shape[1:]),
        range(values.shape[1]), similarities=places, trainSizes=list(range(100, 100 + SIZES)))


def judged(template, values, margin):
    """The tool's verdicts per place on the rule that always advises the first strategy."""
    places = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.h5"
        for part in np.split(values, TRIALS // PLACES):
            write_places(template, path, part)
            rules = answer("validate", path, "--margin", repr(float(margin)))["rules"]
            places += next(rule for rule in rules if rule["id"] == f"always-{ARMS[0]}")["places"]
    assert len(places) == TRIALS
    return places


def coverage(lower, upper, truth):
    return np.mean((np.asarray(lower) <= truth + 1e-9) & (truth - 1e-9 <= np.asarray(upper)))


def bootstrap_coverages(differences, truth, random):
    """The coverage of the percentile and the BCa interval, on the same differences."""
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

    print("Coverage of 95 % intervals, and wrong verdicts, in % of 1,000 places")
    print(f"{'scenario':<10}{'n':>3}" + "".join(
        f"{title:>14}" for title in (
            "two", "percentile", "BCa", "of four", "false refuted", "false support")))
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
                places = judged(template, values[:, :2], 1)
                pairs = coverage(
                    [place["interval"]["lower"] for place in places],
                    [place["interval"]["upper"] for place in places], truth)
                differences = 100 * (values[:, 1] - values[:, 0])
                bootstraps = bootstrap_coverages(differences, truth, random)

                # The margin is the true regret, where false verdicts are most likely.
                regret = 100 * (exact[1:].max() - exact[0])
                margin = max(0, regret)
                at = judged(template, values, margin)
                of_four = coverage(
                    [place["interval"]["lower"] for place in at],
                    [place["interval"]["upper"] for place in at], regret)
                refuted = np.mean([place["verdict"] == "refuted" for place in at])
                supported = 0.0
                if regret > 1e-3:
                    below = judged(template, values, margin - 1e-3)
                    supported = np.mean([place["verdict"] == "supported" for place in below])
                row(
                    scenario, n,
                    [("two", pairs, 0.93, 0.97),
                     ("percentile", bootstraps[0], None, None), ("BCa", bootstraps[1], None, None),
                     ("of four", of_four, 0.93, 1), ("false refuted", refuted, 0, 0.05),
                     ("false support", supported, 0, 0.05)],
                    required=n in REQUIRED and scenario not in SHOWN)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
