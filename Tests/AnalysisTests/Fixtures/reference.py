"""Makes reference.json: statistics of Results/reference.h5 by NumPy and SciPy. Needs h5py as well.

    python3 reference.py

Mean regrets of the rule table and of constant strategies with their clustered intervals, t
intervals of measured places, and probabilities for a task of unknown similarity.
"""

import json
import pathlib

import h5py
import numpy as np
from scipy import stats

from clusters import interval as clustered

ROOT = pathlib.Path(__file__).resolve().parents[3]
FILE = h5py.File(ROOT / "Results/reference.h5")
# [similarity, size, strategy, replicate]
ACCURACY = np.where(FILE["status"][:] == 0, FILE["accuracy"][:], np.nan)
SIMILARITIES = [name.decode() for name in FILE["similarity"][:]]
VALUES = FILE["similarity_value"][:]
SIZES = [int(n) for n in FILE["train_size"][:]]
ARMS = [name.decode() for name in FILE["strategy"][:]]
PLACES = [(s, n) for s in range(len(SIMILARITIES)) for n in range(len(SIZES))
          if not np.isnan(ACCURACY[s, n]).all()]


CHANCE = 1 / FILE.attrs["class_count"]


def lower_ends(s, n):
    """The lower end of every measured strategy's interval."""
    rows = [values[~np.isnan(values)] for values in ACCURACY[s, n]]
    return [(stats.t.interval(0.95, len(row) - 1, row.mean(), stats.sem(row))[0], row.mean())
            for row in rows if len(row) > 0]


def tells(s, n, margin=0.01):
    """Whether strategies can differ: one is better than guessing, and one is not at 100 %.

    Better than guessing is an interval that begins above chance and the margin, or a mean far above
    chance. At the ceiling all intervals begin within the margin of 100 %.
    """
    ends = lower_ends(s, n)
    learns = any(low > CHANCE + margin or mean > CHANCE + 5 * margin for low, mean in ends)
    return learns and any(low < 1 - margin for low, _ in ends)


TELLING = [place for place in PLACES if tells(*place)]


def rule_table(s, n):
    """The table of the documentation, written out again."""
    size, value = SIZES[n], VALUES[s]
    level = "low" if value <= 1 / 3 else "medium" if value <= 5 / 6 else "high"
    if size < 1000:
        return "feature-extraction" if level == "high" else "fine-tuning"
    if size <= 10_000:
        return "fine-tuning"
    return "from-scratch" if level == "low" and size > 100_000 else "fine-tuning-all"


def regrets(advise):
    """Regret behind the best strategy per telling place and replicate; 0 if itself the best."""
    cells = []
    for s, n in TELLING:
        own = ACCURACY[s, n, ARMS.index(advise(s, n))]
        others = 100 * (ACCURACY[s, n] - own)
        others[ARMS.index(advise(s, n))] = -np.inf
        means = [np.nanmean(row) if np.isfinite(row).any() else -np.inf for row in others]
        row = others[int(np.argmax(means))]
        known = row[np.isfinite(row)]
        cells.append((known if max(means) > 0 else 0 * known).tolist())
    return clustered(cells)


def place(similarity, size, arm):
    values = ACCURACY[SIMILARITIES.index(similarity), SIZES.index(size), ARMS.index(arm)]
    values = values[~np.isnan(values)]
    low, high = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
    return {"similarity": similarity, "size": size, "arm": arm, "accuracy": values.mean(),
            "interval": [max(0, low), min(1, high)], "replicates": len(values)}


def unknown(size, margin=0.01):
    """The fraction of measured tasks on which each strategy is within the margin of the best."""
    n = SIZES.index(size)
    shares = []
    for s in range(len(SIMILARITIES)):
        tasks = ACCURACY[s, n][:, ~np.isnan(ACCURACY[s, n]).any(axis=0)]
        shares.append((tasks >= tasks.max(axis=0) - margin).mean(axis=1))
    return {"size": size, "arms": ARMS, "sufficient": np.mean(shares, axis=0).tolist()}


def policy(name, advise):
    found = regrets(advise)
    return {"policy": name, "mean": found["mean"], "interval": found["interval"]}


pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({
    "policies": [policy("rule-table", rule_table)] + [
        policy(f"always-{arm}", lambda s, n, arm=arm: arm)
        for arm in ("fine-tuning-all", "fine-tuning-at-once", "from-scratch")],
    "places": [place("0.5", 3000, "from-scratch"), place("high", 300, "linear-probe"),
               place("low", 10000, "fine-tuning")],
    "unknown": [unknown(10000), unknown(1000)],
}, indent=1) + "\n")
