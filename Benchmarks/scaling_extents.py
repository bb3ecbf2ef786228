"""The cost of a training step, by the side of the images, the width and the depth of the network.

Steps on batches of 32 with networks like `medium`, of which one extent differs: forward,
cross-entropy, backward and Adam. One process measures all networks, in turn.
"""

from statistics import median

import contestant
from summary import power

AXES = {"side": (8, 16, 32, 64), "filters": (8, 16, 32, 64), "convolutions": (1, 2, 4)}
MEDIUM = {"side": 16, "filters": 16, "convolutions": 2}
ROUNDS = 3
# The shortest duration of a measurement.
SECONDS = 0.7


def measure(options, progress):
    points = {(axis, value): {**MEDIUM, axis: value} for axis in AXES for value in AXES[axis]}
    rounds = {point: [] for point in points}
    with contestant.tlbench(options) as program:
        passes = {}
        for point, extents in points.items():
            first = program.ask("extents", **extents)["cpu_seconds"]
            passes[point] = min(max(round(SECONDS / first), 1), 100)
        for number in range(ROUNDS):
            progress(f"extents, round {number + 1} of {ROUNDS}")
            for point, extents in points.items():
                rounds[point].append(
                    program.ask("extents", passes=passes[point], **extents))
    return [row(axis, value, answers) for (axis, value), answers in rounds.items()]


def row(axis, value, answers):
    seconds = median(answer["cpu_seconds"] / answer["images"] for answer in answers)
    return {
        "axis": axis, "value": value, "seconds_per_image": seconds, "bytes": answers[0]["bytes"],
        "flops_per_image": answers[0]["flops"] / 32,
        "rounds": [answer["cpu_seconds"] / answer["images"] for answer in answers]}


def fits(rows):
    result = {}
    for axis in AXES:
        mine = [row for row in rows if row["axis"] == axis]
        values = [row["value"] for row in mine]
        result[axis] = {
            name: power(values, [row[figure] for row in mine])
            for name, figure in (
                ("time", "seconds_per_image"), ("memory", "bytes"),
                ("operations", "flops_per_image"))}
    return result
