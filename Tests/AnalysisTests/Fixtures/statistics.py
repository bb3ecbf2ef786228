"""Makes statistics.json: reference values for the tests of Analysis/Statistics. Needs NumPy,
SciPy, rliable and statsmodels.

    python3 statistics.py > statistics.json
"""

import json

import numpy
import scipy
from rliable import metrics
from scipy import stats
from statsmodels.stats.multitest import multipletests

SAMPLES = [
    [0.856, 0.841],
    [0.856, 0.841, 0.872],
    [0.99, 0.994, 0.9905, 0.9885, 0.9925],
    [3.0, -1.5, 2.25, 0.125, 8.0, -4.75, 1.0, 1.5, 0.5, 2.0, -0.25, 6.5],
]

RANDOM = numpy.random.default_rng(11)
# [task, run]: accuracies of two treatments.
SCORES = numpy.round(numpy.clip(RANDOM.normal([[0.3], [0.7], [0.97]], 0.05, (3, 6)), 0, 1), 3)
RIVALS = numpy.round(numpy.clip(RANDOM.normal([[0.35], [0.68], [0.97]], 0.05, (3, 6)), 0, 1), 3)
P_VALUES = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.2, 0.9, 0.001, 0.001, 0.02], [0.6, 0.7]]
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
    "sampleQuantiles": [
        {"values": v, "probability": p, "value": numpy.quantile(v, p)}
        for v in SAMPLES for p in [0, 0.05, 0.5, 0.95, 1]],
    "greater": [
        {"values": v, "threshold": t,
         "value": stats.ttest_1samp(v, t, alternative="greater").pvalue}
        for v in SAMPLES for t in [-1, 0.85, 0.99]],
    "holm": [
        {"values": p, "adjusted": list(multipletests(p, method="holm")[1])} for p in P_VALUES],
    "scores": {
        "scores": SCORES.tolist(), "rivals": RIVALS.tolist(),
        "probabilityOfImprovement": metrics.probability_of_improvement(SCORES.T, RIVALS.T)},
}, indent=1, default=float))
