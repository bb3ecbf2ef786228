"""Makes curves.json and prints LabelForecast+Misses.swift's tables: how far forecasts of accuracy at
larger sizes miss, and how often accuracies jump.

    python3 curves.py ../../../Results/reference.h5 [curves.csv]

Every curve of Results/reference.h5 (one task, one strategy) is forecast from three sizes to the
next one (near: three times the largest size or a little more) and to the one after it (far: ten
times), as LabelForecast does: the mean of a power law of the error and of a line in the logit that
is damped by 0.8. A miss is the measured accuracy minus the forecast. Misses are grouped by what a
strategy trains, by the reach, and by the accuracy at the largest of the three sizes. Of each group,
the table has the misses that 2.5 % of further ones would fall below and above: of n misses in
ascending order, number floor((n + 1) / 40) from either end. Fewer than 39 misses do not tell both
ends: then the largest miss, up or down, is used for both. Ends of far forecasts are at least those
of near ones.

A jump is a gain of more than 30 points per doubling of the labels, from the largest of three sizes
to the next one, of a curve that is below 60 % at the first of the two.

A table of further curves in CSV needs the columns method, task, train_size and accuracy_percent;
their last size is forecast from the three before it, with the intervals of tuned strategies. Needs
NumPy and h5py.
"""

import csv
import json
import sys
from pathlib import Path

import h5py
import numpy

FAMILIES = {
    "frozen": ["feature-extraction", "linear-probe"],
    "tuned": ["fine-tuning", "fine-tuning-all", "fine-tuning-at-once"],
    "scratch": ["from-scratch"],
}
BANDS = [0, 0.6, 0.9]
REACHES = ["near", "far"]


def slope(places, values, weights):
    centre = numpy.average(places, weights=weights)
    rise = numpy.sum(weights * (places - centre) * (values - numpy.average(values, weights=weights)))
    return rise / numpy.sum(weights * (places - centre) ** 2)


def forecast(sizes, accuracies, target):
    errors = numpy.clip(1 - numpy.asarray(accuracies, float), 0.001, 0.999)
    places = numpy.log(numpy.asarray(sizes, float))
    step = numpy.log(target) - places[-1]
    power = min(0, slope(places, numpy.log(errors), errors / (1 - errors)))
    logits = numpy.log((1 - errors) / errors)
    logit = max(0, slope(places, logits, errors * (1 - errors)))
    by_power = 1 - errors[-1] * numpy.exp(power * step)
    by_logit = 1 / (1 + numpy.exp(-(logits[-1] + 0.8 * logit * step)))
    return (by_power + by_logit) / 2


def band(accuracy):
    return max(index for index, start in enumerate(BANDS) if accuracy >= start)


def ends(misses):
    rank = (len(misses) + 1) // 40
    if rank == 0:
        largest = numpy.max(numpy.abs(misses))
        return largest, largest
    ordered = sorted(misses)
    return max(0, -ordered[rank - 1]), max(0, ordered[-rank])


def main():
    with h5py.File(sys.argv[1]) as file:
        accuracy, sizes = file["accuracy"][:], file["train_size"][:].astype(float)
        names = [name.decode() for name in file["strategy"][:]]
    table, jumps = [], []
    for family, members in FAMILIES.items():
        groups, gains = {}, []
        for member in members:
            curves = numpy.moveaxis(accuracy[:, :, names.index(member)], 1, 2).reshape(
                -1, len(sizes))
            for curve in curves:
                for first in range(len(sizes) - 3):
                    for reach in range(min(2, len(sizes) - 3 - first)):
                        known, target = slice(first, first + 3), first + 3 + reach
                        if numpy.isnan(curve[known]).any() or numpy.isnan(curve[target]):
                            continue
                        last = curve[first + 2]
                        miss = curve[target] - forecast(sizes[known], curve[known], sizes[target])
                        groups.setdefault((band(last), reach), []).append(miss)
                        if reach == 0 and last < BANDS[1]:
                            ratio = numpy.log(sizes[target] / sizes[first + 2])
                            gains.append((curve[target] - last) / ratio * numpy.log(2))
        for index in range(len(BANDS)):
            near = ends(groups[index, 0])
            for reach in range(2):
                misses = groups[index, reach]
                below, above = numpy.maximum(ends(misses), near) if reach else near
                table.append({
                    "family": family, "from": BANDS[index], "reach": REACHES[reach],
                    "count": len(misses), "below": round(float(below), 3),
                    "above": round(float(above), 3)})
                print(table[-1])
        count = sum(gain > 0.3 for gain in gains)
        jumps.append({"family": family, "below": BANDS[1], "count": len(gains), "jumps": int(count),
                      "share": round(float(count / len(gains)), 3)})
        print(jumps[-1])
    (Path(__file__).parent / "curves.json").write_text(
        json.dumps({"misses": table, "jumps": jumps}, indent=1) + "\n")
    if len(sys.argv) > 2:
        curves = {}
        with open(sys.argv[2]) as rows:
            for row in csv.DictReader(rows):
                curves.setdefault((row["method"], row["task"]), []).append(
                    (float(row["train_size"]), float(row["accuracy_percent"]) / 100))
        inside, misses = [], []
        for curve in curves.values():
            size, value = zip(*sorted(curve))
            miss = value[3] - forecast(size[:3], value[:3], size[3])
            entry = next(entry for entry in table if entry["family"] == "tuned"
                         and entry["from"] == BANDS[band(value[2])] and entry["reach"] == "near")
            inside.append(-entry["below"] <= miss <= entry["above"])
            misses.append(abs(miss))
        print(f"further curves: {len(misses)}, mean absolute miss {numpy.mean(misses):.4f}, "
              f"within the ends {numpy.mean(inside):.3f}")


main()
