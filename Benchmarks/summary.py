"""Small statistics of rounds."""

import math
from statistics import mean, median, quantiles, stdev

# 97.5 % points of Student's t by degrees of freedom; linear in between on 1/df.
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
    """The mean and its 95 % interval by Student's t; none for fewer than two values."""
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
