"""Makes clusters.json: intervals of means over places that share replicates. Needs NumPy and SciPy.

    python3 clusters.py

The mean over places of their means is a sum of contributions of replicates. Replicates that occur
at the same places contribute independent numbers of one distribution: the variance of the sum is
their number times their sample variance, summed over the kinds of replicates, with Satterthwaite's
degrees of freedom.
"""

import json
import pathlib

import numpy as np
from scipy import stats

RANDOM = np.random.default_rng(23)


def interval(cells, ratio=None):
    """The interval by a matrix of contributions, unlike the tested code."""
    width = max(len(cell) for cell in cells)
    table = np.full((len(cells), width), np.nan)
    for row, cell in zip(table, cells):
        row[: len(cell)] = [np.nan if value is None else value for value in cell]
    present = ~np.isnan(table)
    contributions = np.where(present, table, 0) / present.sum(1, keepdims=True) / len(cells)
    parts = []
    for kind in np.unique(present.T, axis=0):
        members = contributions[:, (present.T == kind).all(1)].sum(0)
        parts.append((len(members) * members.var(ddof=1), len(members) - 1))
    variance = sum(part for part, _ in parts)
    degrees = variance**2 / sum(part**2 / df for part, df in parts)
    factor = 1 if ratio is None else np.sqrt(1 + width * ratio)
    mean = np.nanmean(table, axis=1).mean()
    half = stats.t.ppf(0.975, degrees) * np.sqrt(variance) * factor
    return {
        "cells": cells, "splitRatio": ratio, "mean": mean, "interval": [mean - half, mean + half]}


def cells(counts):
    shared = RANDOM.normal(size=max(counts))
    return [(shared[:count] + RANDOM.normal(scale=0.4, size=count)).tolist() for count in counts]


if __name__ == "__main__":
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps([
        interval(cells([5, 5, 5])), interval(cells([10, 10, 5, 5])), interval(cells([10, 5, 7])),
        interval(cells([4, 4]), 0.25)], indent=1) + "\n")
