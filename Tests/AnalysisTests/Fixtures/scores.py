"""Makes scores.json: LogME and shrunk H-score of small sets of features, computed in other ways.

    python3 scores.py

LogME is the density of a class's indicator under a normal distribution with the covariance
I / beta + F F' / alpha, maximized over both precisions with SciPy from many starts; the H-score is
computed with scikit-learn's Ledoit-Wolf estimate and a pseudo-inverse. Needs NumPy, SciPy and
scikit-learn.
"""

import json
from pathlib import Path

import numpy
from scipy.optimize import minimize
from scipy.stats import multivariate_normal
from sklearn.covariance import LedoitWolf


def log_evidence(features, labels):
    count, values = len(labels), []
    gram = features @ features.T
    for label in sorted(set(labels)):
        target = (labels == label).astype(float)

        def loss(place):
            alpha, beta = numpy.exp(numpy.clip(place, -40, 40))
            covariance = numpy.eye(count) / beta + gram / alpha
            return -multivariate_normal.logpdf(target, numpy.zeros(count), covariance)

        ends = [minimize(loss, (a, b), method="Nelder-Mead",
                         options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000}).fun
                for a in (-2, 2, 6) for b in (0, 3)]
        values.append(-min(ends) / count)
    return numpy.mean(values)


def h_score(features, labels):
    estimate = LedoitWolf().fit(features)
    means = numpy.zeros_like(features)
    for label in set(labels):
        means[labels == label] = features[labels == label].mean(axis=0)
    between = numpy.cov(means, rowvar=False, bias=True).reshape(features.shape[1], -1)
    inverse = numpy.linalg.pinv(estimate.covariance_)
    return numpy.trace(inverse @ ((1 - estimate.shrinkage_) * between))


def main():
    random = numpy.random.default_rng(11)
    cases = []
    for count, width, classes, distance in [
            (24, 3, 2, 2.0), (30, 8, 3, 0.5), (12, 20, 3, 1.0), (20, 5, 4, 0.0)]:
        labels = numpy.arange(count) % classes
        centres = distance * random.normal(size=(classes, width))
        features = random.normal(size=(count, width)) + centres[labels] + 0.3
        cases.append((features, labels))
    # One feature twice, and one that is constant.
    features, labels = cases[1]
    cases.append((numpy.column_stack([features, features[:, :1], numpy.full(30, 2.0)]), labels))
    # Unequal classes.
    cases.append((cases[0][0], (numpy.arange(24) % 5 == 0).astype(int)))
    out = []
    for features, labels in cases:
        features = numpy.round(features, 3).astype(numpy.float32).astype(float)
        out.append({
            "features": [round(float(value), 3) for value in features.ravel()],
            "labels": [int(label) for label in labels],
            "logEvidence": float(log_evidence(features, labels)),
            "hScore": float(h_score(features, labels))})
    (Path(__file__).parent / "scores.json").write_text(json.dumps(out) + "\n")


main()
