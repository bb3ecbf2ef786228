"""Makes race.json: reference values for the tests of Analysis/Race. Needs NumPy and SciPy.

    python3 race.py > race.json

The posterior is computed by conditioning one large normal distribution on all folds at the same
time, and, where every strategy has every fold, by the formula for pooled folds as well.
"""

import json

import numpy
import scipy
from scipy import stats

RANDOM = numpy.random.default_rng(5)
SIZES = [20, 21, 19, 20, 20]
COUNT = sum(SIZES)
RATES = [0.55, 0.8, 0.83, 0.6]
SPREAD = {100: 0.025}


def results():
    hard = RANDOM.uniform(size=COUNT)
    return [(0.6 * hard + 0.4 * RANDOM.uniform(size=COUNT) < rate).astype(int) for rate in RATES]


def parts(has):
    """The examples of every fold that some strategy has."""
    ends = numpy.cumsum([0] + SIZES)
    return {fold: slice(ends[fold], ends[fold + 1]) for fold in range(len(SIZES))
            if any(fold in folds for folds in has)}


def run_variance(scores, has, folds):
    prior = SPREAD[COUNT]
    total, weight = 6 * prior ** 2, 6.0
    for row, own in zip(scores, has):
        if len(own) < 2:
            continue
        mean = numpy.concatenate([row[folds[fold]] for fold in own]).mean()
        for fold in own:
            values = row[folds[fold]]
            total += max(0, (values.mean() - mean) ** 2 - mean * (1 - mean) / len(values))
        weight += len(own) - 1
    return total / weight


def posterior(scores, has):
    scores = [numpy.asarray(row, float) for row in scores]
    folds = parts(has)
    tau = run_variance(scores, has, folds)
    seen = sum(SIZES[fold] for fold in folds)
    arms = len(scores)
    prior = 0.25 + 0.0625 * numpy.eye(arms)
    picks, errors, values = [], [], []
    for fold, rows in folds.items():
        present = [arm for arm in range(arms) if fold in has[arm]]
        common = [other for other in folds if all(other in has[arm] for arm in present)]
        pooled = numpy.array(
            [numpy.concatenate([scores[arm][folds[other]] for other in common])
             for arm in present])
        size = SIZES[fold]
        errors.append(numpy.atleast_2d(numpy.cov(pooled)) / size
                      + (0.25 / (seen * size) + tau) * numpy.eye(len(present)))
        picks.append(numpy.eye(arms)[present])
        values.append([scores[arm][rows].mean() for arm in present])
    picks, values = numpy.vstack(picks), numpy.concatenate(values)
    noise = scipy.linalg.block_diag(*errors)
    gain = prior @ picks.T @ numpy.linalg.inv(picks @ prior @ picks.T + noise)
    mean, covariance = gain @ values, prior - gain @ picks @ prior
    return tau, mean, covariance


def races():
    made = []
    for has in [[range(5)] * 4, [range(5), range(5), range(1), range(3)], [range(2)] * 4]:
        scores = results()
        tau, mean, covariance = posterior(scores, has)
        made.append({
            "sizes": SIZES, "has": [list(folds) for folds in has],
            "correct": [row.tolist() for row in scores], "runVariance": tau,
            "mean": mean.tolist(), "covariance": covariance.tolist()})
    return made


def savings():
    made = []
    for lead, variance, folds in [(0.01, 0.0004, 1), (0.0, 0.0001, 2), (0.05, 0.0004, 3)]:
        deviation = numpy.sqrt(variance / (folds + 1))
        z = lead / deviation
        made.append({
            "lead": lead, "variance": variance, "folds": folds,
            "saving": deviation * (stats.norm.pdf(z) - z * stats.norm.sf(z))})
    return made


def binomials():
    made = []
    for hits, trials in [(0, 10), (10, 10), (3, 10), (181, 200), (4967, 5000), (1, 1)]:
        interval = stats.binomtest(hits, trials).proportion_ci(0.95, "exact")
        made.append({"hits": hits, "trials": trials, "interval": [interval.low, interval.high]})
    return made


def slope(places, values, weights):
    # polyfit weights the residuals, not their squares.
    return numpy.polyfit(places, values, 1, w=numpy.sqrt(weights))[0]


def forecasts():
    made = []
    for sizes, accuracies, target in [
            ([160, 320, 640], [0.7, 0.78, 0.84], 1280), ([100, 200, 400], [0.5, 0.5, 0.49], 800),
            ([80, 640], [0.4, 0.9], 2560), ([100, 200, 400], [0.98, 0.99, 1.0], 800)]:
        errors = numpy.clip(1 - numpy.array(accuracies), 0.001, 0.999)
        places = numpy.log(sizes)
        step = numpy.log(target) - places[-1]
        power = min(0, slope(places, numpy.log(errors), errors / (1 - errors)))
        logits = scipy.special.logit(1 - errors)
        logit = max(0, slope(places, logits, errors * (1 - errors)))
        value = (1 - errors[-1] * numpy.exp(power * step)
                 + scipy.special.expit(logits[-1] + 0.8 * logit * step)) / 2
        made.append(
            {"sizes": sizes, "accuracies": accuracies, "target": target, "forecast": value})
    return made


def corrections():
    """Corrected accuracies of races of many equal strategies, by other random numbers."""
    made = []
    for arms, count in [(12, 100), (1, 100)]:
        scores = (RANDOM.uniform(size=(arms, count)) < 0.7).astype(float)
        values = []
        for _ in range(20_000):
            drawn = numpy.bincount(RANDOM.integers(0, count, count), minlength=count)
            best = int(numpy.argmax(scores @ drawn))
            values.append(scores[best][drawn == 0].mean())
        made.append({
            "correct": scores.astype(int).tolist(), "accuracy": float(numpy.mean(values)),
            "deviation": float(numpy.std(values)), "uncorrected": float(scores.mean(1).max())})
    return made


print(json.dumps({
    "madeWith": f"SciPy {scipy.__version__}, NumPy {numpy.__version__}",
    "races": races(), "savings": savings(), "binomials": binomials(), "forecasts": forecasts(),
    "corrections": corrections()}))
