"""Writes advisor.json: predictions over size and similarity by scikit-learn and NumPy.

Needs numpy and scikit-learn.
"""

import json
import pathlib

import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF
from sklearn.linear_model import Ridge

points = [[np.log10(n), s] for n in (100, 1000, 10000) for s in (0, 2 / 3, 1)]
values = [0.11, 0.24, 0.83, 0.14, 0.56, 0.99, 0.93, 0.88, 0.997]
places = [[2.5, 0.5], [3.3, 0.9], [2, 0], [4.5, 0.2], [2.7, 1.1]]
X, y, Q = np.array(points), np.array(values), np.array(places)

processes = []
for lengths, noise in (((0.6, 0.5), 0.03), ((1.2, 4.0), 0.003), ((0.3, 0.25), 0.03)):
    model = GaussianProcessRegressor(RBF(lengths), alpha=noise, optimizer=None)
    predicted = model.fit(X, y - y.mean()).predict(Q) + y.mean()
    # Leaving out one point at a time, with the mean and the variance of all of them.
    log_probability = 0.0
    for left in range(len(y)):
        rest = np.arange(len(y)) != left
        model.fit(X[rest], (y - y.mean())[rest])
        mean, deviation = model.predict(X[left : left + 1], return_std=True)
        spread = (deviation[0] ** 2 + noise) * y.var()
        residual = y[left] - y.mean() - mean[0]
        log_probability -= (np.log(spread) + residual**2 / spread) / 2
    processes.append({
        "sizeLength": lengths[0], "similarityLength": lengths[1], "noise": noise,
        "predicted": predicted.tolist(), "logProbability": log_probability})

locals_ = []
for widths in ((0.4, 0.3), (1.0, 0.5)):
    predicted = []
    for place in Q:
        offsets = X - place
        weights = np.exp(-((offsets / widths) ** 2).sum(1) / 2) + 1e-9
        # The intercept, which is the value at the place, is not penalised.
        model = Ridge(alpha=1e-3 * weights.sum(), solver="cholesky")
        predicted.append(float(model.fit(offsets, y, sample_weight=weights).intercept_))
    locals_.append({
        "sizeWidth": widths[0], "similarityWidth": widths[1], "predicted": predicted})

pathlib.Path(__file__).with_suffix(".json").write_text(
    json.dumps({"points": points, "values": values, "places": places,
                "processes": processes, "locals": locals_}, indent=1) + "\n")
