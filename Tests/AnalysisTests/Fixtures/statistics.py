"""Makes statistics.json: reference figures for the tests of Analysis/Statistics. Needs NumPy,
SciPy, rliable and statsmodels.

    python3 statistics.py > statistics.json
"""

import itertools
import json

import numpy
import scipy
from rliable import library, metrics
from scipy import stats
from statsmodels.stats.multitest import multipletests

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


RANDOM = numpy.random.default_rng(11)
# [task, run]: accuracies of two treatments.
SCORES = numpy.round(numpy.clip(RANDOM.normal([[0.3], [0.7], [0.97]], 0.05, (3, 6)), 0, 1), 3)
RIVALS = numpy.round(numpy.clip(RANDOM.normal([[0.35], [0.68], [0.97]], 0.05, (3, 6)), 0, 1), 3)
SIGNED = [
    [1.5, 0.5], [0.5, -0.25, 1.0], [2.0, 2.0, 2.0, 2.0, 2.0], [0.0, 0.0, 0.0],
    list(numpy.round(RANDOM.normal(0.4, 1, 10), 2)),
]
LONG = list(numpy.round(RANDOM.normal(0.35, 1, 20), 2))
P_VALUES = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.2, 0.9, 0.001, 0.001, 0.02], [0.6, 0.7]]
RANKINGS = [
    ([1, 2, 3, 4, 5], [3, 4, 1, 2, 5]),
    ([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]),
    ([0.0, 0.25, 0.5, 0.75, 1.0], [0.1, 0.3, 0.3, 0.8, 0.99]),
    ([1, 1, 1, 2, 3, 3, 8, 9], [5, 5, 1, 9, 2, 2, 7, 7]),
]


def exact_bootstrap(first, second):
    """Percentile and BCa interval over all n^n resamples."""
    differences = numpy.subtract(first, second)
    n = len(differences)
    means = numpy.array([sum(c) / n for c in itertools.product(differences, repeat=n)])
    observed = sum(differences) / n
    bias = stats.norm.ppf(((means < observed).mean() + (means <= observed).mean()) / 2)
    jackknife = (differences.sum() - differences) / (n - 1)
    away = jackknife.mean() - jackknife
    acceleration = (away ** 3).sum() / 6 / (away ** 2).sum() ** 1.5
    shifted = bias + stats.norm.ppf([0.025, 0.975])
    tails = stats.norm.cdf(bias + shifted / (1 - acceleration * shifted))
    return list(numpy.quantile(means, [0.025, 0.975])), list(numpy.quantile(means, tails))


def scipy_bootstrap(first, second, method):
    result = stats.bootstrap(
        (numpy.subtract(first, second),), numpy.mean, n_resamples=200_000, batch=10_000,
        method=method, rng=numpy.random.default_rng(7))
    return [result.confidence_interval.low, result.confidence_interval.high]


def bootstrap(first, second, percentile, bca):
    return {"first": first, "second": second, "percentile": percentile, "bca": bca}


def sign_flips(values, resamples):
    return stats.permutation_test(
        (values, numpy.zeros(len(values))), lambda x, y, axis: numpy.mean(x - y, axis=axis),
        permutation_type="samples", vectorized=True, n_resamples=resamples,
        rng=numpy.random.default_rng(3)).pvalue


def two_one_sided(values, margin):
    return max(
        stats.ttest_1samp(values, -margin, alternative="greater").pvalue,
        stats.ttest_1samp(values, margin, alternative="less").pvalue)


def iqm_interval():
    # rliable draws from NumPy's global generator.
    numpy.random.seed(5)
    _, intervals = library.get_interval_estimates(
        {"x": SCORES.T}, lambda scores: numpy.array([metrics.aggregate_iqm(scores)]), reps=50_000)
    return [interval[0] for interval in intervals["x"]]


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
    "exactBootstraps": [bootstrap(a, b, *exact_bootstrap(a, b)) for a, b in PAIRS],
    "drawnBootstrap": bootstrap(
        *DRAWN, scipy_bootstrap(*DRAWN, "percentile"), scipy_bootstrap(*DRAWN, "BCa")),
    "normalQuantiles": [
        {"probability": p, "value": stats.norm.ppf(p)}
        for p in [1e-12, 0.001, 0.025, 0.3, 0.5, 0.9, 0.975, 0.9999]],
    "sampleQuantiles": [
        {"values": v, "probability": p, "value": numpy.quantile(v, p)}
        for v in SAMPLES for p in [0, 0.05, 0.5, 0.95, 1]],
    "permutations": [
        {"values": v, "value": sign_flips(v, numpy.inf)} for v in SIGNED],
    "drawnPermutation": {"values": LONG, "value": sign_flips(LONG, 2 ** 20)},
    "greater": [
        {"values": v, "threshold": t,
         "value": stats.ttest_1samp(v, t, alternative="greater").pvalue}
        for v in SAMPLES for t in [-1, 0.85, 0.99]],
    "equivalences": [
        {"values": v, "margin": m, "value": two_one_sided(v, m)}
        for v in SAMPLES for m in [0.5, 1, 3]],
    "holm": [
        {"values": p, "adjusted": list(multipletests(p, method="holm")[1])} for p in P_VALUES],
    "rankings": [
        {"first": x, "second": y, "tauB": stats.kendalltau(x, y).statistic,
         "weighted": stats.weightedtau(x, y).statistic} for x, y in RANKINGS],
    "scores": {
        "scores": SCORES.tolist(), "rivals": RIVALS.tolist(),
        "interquartileMean": metrics.aggregate_iqm(SCORES.T), "iqmInterval": iqm_interval(),
        "optimalityGap": metrics.aggregate_optimality_gap(SCORES.T, gamma=0.7),
        "probabilityOfImprovement": metrics.probability_of_improvement(SCORES.T, RIVALS.T)},
}, indent=1, default=float))
