"""Prints how far forecasts of accuracy at larger sizes miss, for LabelForecast+Residuals.swift.

    python3 curves.py ../../../Results/reference.h5 [curves.csv]

Every curve of Results/reference.h5 (one task, one strategy) is forecast from three sizes to the
next one, as LabelForecast does: the mean of a power law of the error and of a line in the logit
that is damped by 0.8. The misses are divided by the logarithm of the ratio of the sizes, and their
95 % quantile is printed for strategies that are frozen, tuned or trained from scratch, for last
accuracies below and above 60 %. A table of further curves in CSV needs the columns method, task,
train_size and accuracy_percent. Needs NumPy and h5py.
"""

import csv
import sys

import h5py
import numpy

FAMILIES = {
    "frozen": ["feature-extraction", "linear-probe"],
    "tuned": ["fine-tuning", "fine-tuning-all", "fine-tuning-at-once"],
    "scratch": ["from-scratch"],
}


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


def report(name, misses, gains):
    if len(misses):
        print(f"{name}: {len(misses)} forecasts, 95 % of misses per unit of log size "
              f"{numpy.quantile(numpy.abs(misses), 0.95):.4f}, mean miss {numpy.mean(misses):.4f}, "
              f"gains above 30 points per doubling {numpy.mean(numpy.array(gains) > 0.3):.3f}")


def main():
    with h5py.File(sys.argv[1]) as file:
        accuracy, sizes = file["accuracy"][:], file["train_size"][:].astype(float)
        names = [name.decode() for name in file["strategy"][:]]
    for family, members in FAMILIES.items():
        for title, low, high in [("below 60 %", 0, 0.6), ("above", 0.6, 1.1)]:
            misses, gains = [], []
            for member in members:
                curves = numpy.moveaxis(accuracy[:, :, names.index(member)], 1, 2).reshape(
                    -1, len(sizes))
                for curve in curves:
                    for first in range(len(sizes) - 3):
                        part = curve[first:first + 4]
                        if numpy.isnan(part).any() or not low <= part[2] < high:
                            continue
                        ratio = numpy.log(sizes[first + 3] / sizes[first + 2])
                        target = sizes[first + 3]
                        predicted = forecast(sizes[first:first + 3], part[:3], target)
                        misses.append((part[3] - predicted) / ratio)
                        gains.append((part[3] - part[2]) / ratio * numpy.log(2))
            report(f"{family} {title}", misses, gains)
    if len(sys.argv) > 2:
        curves = {}
        with open(sys.argv[2]) as table:
            for row in csv.DictReader(table):
                curves.setdefault((row["method"], row["task"]), []).append(
                    (float(row["train_size"]), float(row["accuracy_percent"]) / 100))
        misses = []
        for curve in curves.values():
            size, value = zip(*sorted(curve))
            ratio = numpy.log(size[3] / size[2])
            misses.append((value[3] - forecast(size[:3], value[:3], size[3])) / ratio)
        report("further curves", misses, [0])


main()
