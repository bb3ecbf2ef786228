"""Writes plots.json: ticks and label positions of other implementations.

    pip install mizani==0.14.6 scipy==1.17.1
    python make_plot_fixtures.py

Ticks: mizani's port of R's package labeling, which is by one of the authors of the algorithm
(Talbot, Lin and Hanrahan, InfoVis 2010). Labels: the least-squares problem itself, solved by SciPy.
"""

import json
import random
from pathlib import Path

import numpy as np
from mizani.breaks import breaks_extended
from scipy.optimize import minimize


def ticks():
    random.seed(18)
    ranges = [(0, 100), (0, 1), (-5, 5), (3.2, 17.9), (0, 21.2), (-14, 80), (99.1, 99.9), (1, 25),
              (-0.004, 0.0031), (1234, 98765)]
    for _ in range(40):
        low = random.uniform(-1, 1) * 10 ** random.randint(-3, 4)
        ranges.append((low, low + random.uniform(0.1, 1) * 10 ** random.randint(-3, 4)))
    return [
        {"lower": low, "upper": high, "count": count,
         "ticks": [float(value) for value in breaks_extended(n=count)((low, high))]}
        for low, high in ranges for count in (4, 5, 7)]


def labels():
    random.seed(7)
    cases = []
    for count in (2, 3, 5, 8):
        for _ in range(6):
            wanted = [random.uniform(0, 200) for _ in range(count)]
            order = np.argsort(wanted, kind="stable")
            target = np.array(wanted)[order]
            limits = [{"type": "ineq", "fun": lambda y, i=i: y[i + 1] - y[i] - 13}
                      for i in range(count - 1)]
            start = np.linspace(10, 190, count)
            found = minimize(
                lambda y: np.sum((y - target) ** 2), start, constraints=limits,
                bounds=[(10, 190)] * count, method="SLSQP", options={"ftol": 1e-10, "maxiter": 999})
            assert found.success, found.message
            placed = np.empty(count)
            placed[order] = found.x
            cases.append({"wanted": wanted, "placed": placed.tolist()})
    return cases


Path(__file__).with_name("plots.json").write_text(
    json.dumps({"ticks": ticks(), "labels": labels()}, indent=1) + "\n")
