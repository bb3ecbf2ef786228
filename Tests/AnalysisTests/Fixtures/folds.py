"""Makes folds.json: reference values for FoldComparisonTests, from the races of race.json. Needs
NumPy.

    python3 folds.py > folds.json

The variance of one training, and the expected accuracies of strategies with different folds, are
those of race.json; differences of two strategies are taken example by example, not by covariances.
"""

import json
import pathlib

import numpy

RACES = json.loads((pathlib.Path(__file__).parent / "race.json").read_text())["races"]


def half_width(values, trainings, folds, run_variance):
    count = len(values)
    squared = (values.var(ddof=1) / count
               + trainings * (1 / (4 * count ** 2) + run_variance / len(folds)))
    return 1.96 * numpy.sqrt(squared)


def comparison(race):
    ends = numpy.cumsum([0] + race["sizes"])
    correct = [numpy.array(row, float) for row in race["correct"]]
    has = [set(folds) for folds in race["has"]]

    def values(arm, folds):
        return numpy.concatenate([correct[arm][ends[fold]:ends[fold + 1]] for fold in sorted(folds)])

    is_complete = all(folds == has[0] for folds in has)
    best = int(numpy.argmax(
        [values(arm, has[arm]).mean() for arm in range(len(has))] if is_complete
        else race["mean"]))
    rows = []
    for arm, folds in enumerate(has):
        own = values(arm, folds)
        row = {"accuracy": own.mean(),
               "half_width": half_width(own, 1, folds, race["runVariance"])}
        if arm != best:
            common = folds & has[best]
            differences = values(best, common) - values(arm, common)
            row["loss"] = differences.mean()
            row["loss_half_width"] = half_width(differences, 2, common, race["runVariance"])
        rows.append(row)
    return {"best": best, "rows": rows}


print(json.dumps({"madeWith": f"NumPy {numpy.__version__}",
                  "comparisons": [comparison(race) for race in RACES]}, indent=1))
