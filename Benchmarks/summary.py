"""Small statistics of rounds."""

import math
from statistics import mean, median, quantiles, stdev

# 97.5 % points of Student's t by degrees of freedom; linear in 1/df between them.
STUDENT = {
    1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262,
    10: 2.228, 12: 2.179, 15: 2.131, 20: 2.086, 30: 2.042, 60: 2.000, 120: 1.980,
    math.inf: 1.960}


def student(freedom):
    """The half width of a 95 % interval in standard errors."""
    above = min(df for df in STUDENT if df >= freedom)
    below = max(df for df in STUDENT if df <= freedom)
    if above == below:
        return STUDENT[above]
    share = (1 / below - 1 / freedom) / (1 / below - 1 / above)
    return STUDENT[below] + share * (STUDENT[above] - STUDENT[below])


def mean_interval(values):
    """The mean and its 95 % interval by Student's t; infinite for fewer than two values."""
    center = mean(values)
    if len(values) < 2:
        return center, -math.inf, math.inf
    half = student(len(values) - 1) * stdev(values) / math.sqrt(len(values))
    return center, center - half, center + half


def spread(values):
    """Median and quartiles."""
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, _, high = quantiles(values, n=4, method="inclusive")
    return median(values), low, high


def line(xs, ys):
    """Intercept and slope by least squares, and R²."""
    x_mean, y_mean = mean(xs), mean(ys)
    slope = (
        sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True))
        / sum((x - x_mean) ** 2 for x in xs))
    intercept = y_mean - slope * x_mean
    rest = sum((y - intercept - slope * x) ** 2 for x, y in zip(xs, ys))
    total = sum((y - y_mean) ** 2 for y in ys)
    return intercept, slope, 1 - rest / total if total > 0 else 1.0


def power(xs, ys):
    """The exponent of y in x by least squares on logarithms, with R² and the smallest and the
    largest exponent from one x to the next."""
    xs, ys = [math.log(x) for x in xs], [math.log(y) for y in ys]
    steps = [(b - a) / (q - p) for p, q, a, b in zip(xs, xs[1:], ys, ys[1:])]
    _, exponent, determination = line(xs, ys)
    return {
        "exponent": exponent, "r2": determination, "lowest": min(steps), "highest": max(steps)}
