"""Makes statistics.json: reference figures for the tests of Statistics, StudentT and
PairedBootstrap. Needs NumPy and SciPy.

    python3 statistics.py > statistics.json
"""

import itertools
import json
import math

import numpy
import scipy
from scipy import stats

SAMPLES = [
    [0.856, 0.841],
    [0.856, 0.841, 0.872],
    [0.99, 0.994, 0.9905, 0.9885, 0.9925],
    [3.0, -1.5, 2.25, 0.125, 8.0, -4.75, 1.0, 1.5, 0.5, 2.0, -0.25, 6.5],
]
PAIRS = [
    ([63.0, 61.5], [39.4, 41.0]),
    ([63.0, 61.5, 66.25], [39.4, 41.0, 37.75]),
    ([98.2, 98.1, 97.65, 98.8], [98.8, 98.0, 98.45, 98.35]),
    ([98.2, 98.1, 97.65, 98.8, 97.9], [98.8, 98.0, 98.45, 98.35, 96.2]),
]
DRAWN = ([63.0, 61.5, 66.25, 60.0, 58.75, 64.5, 62.25, 59.5],
         [60.5, 62.0, 61.0, 59.75, 58.0, 60.25, 63.5, 56.0])


def exact_bootstrap(first, second):
    """Percentile interval over all n^n resamples, without interpolation."""
    differences = numpy.subtract(first, second)
    n = len(differences)
    means = sorted(sum(c) / n for c in itertools.product(differences, repeat=n))
    beyond = math.ceil(0.025 * len(means)) - 1
    return [means[beyond], means[-1 - beyond]]


def scipy_bootstrap(first, second):
    result = stats.bootstrap(
        (numpy.subtract(first, second),), numpy.mean, n_resamples=1_000_000, batch=10_000,
        method="percentile", rng=numpy.random.default_rng(7))
    return [result.confidence_interval.low, result.confidence_interval.high]


print(json.dumps({
    "madeWith": f"SciPy {scipy.__version__}, NumPy {numpy.__version__}",
    "quantiles": [
        {"probability": p, "degreesOfFreedom": df, "value": stats.t.ppf(p, df)}
        for df in [1, 2, 3, 4, 9, 29, 99, 1000, 100000, 2.5]
        for p in [0.975, 0.025, 0.9, 0.6, 0.999]],
    "cumulatives": [
        {"t": t, "degreesOfFreedom": df, "value": stats.t.cdf(t, df)}
        for df in [1, 2, 7, 250] for t in [-30.0, -2.0, -0.001, 0.0, 0.5, 1.96, 12.0]],
    "means": [
        {"values": v, "mean": numpy.mean(v),
         "interval": list(stats.t.interval(0.95, len(v) - 1, numpy.mean(v), stats.sem(v)))}
        for v in SAMPLES],
    "exactBootstraps": [
        {"first": a, "second": b, "interval": exact_bootstrap(a, b)} for a, b in PAIRS],
    "drawnBootstrap": {
        "first": DRAWN[0], "second": DRAWN[1], "interval": scipy_bootstrap(*DRAWN)},
}, indent=1, default=float))
