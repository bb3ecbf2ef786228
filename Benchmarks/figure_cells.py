"""Whole runs of the four taught strategies: reading the task, training and testing."""

from contextlib import ExitStack

import contestant
import tasks
from report import Row, Sides
from summary import mean_interval

SIMILARITIES, REPLICATES = ("low", "medium", "high"), 3
SIZES = (10_000, 1_000, 100)
ARMS = ("from-scratch", "fine-tuning-all", "fine-tuning", "feature-extraction")
# The work of each as a fraction of a from-scratch run's, to give two processes about the same.
WORK = dict(zip(ARMS, (1, 0.8, 0.5, 0.1)))
# Points of accuracy that count as no difference.
MARGIN = 0.5
WARM_UP = [(100, "feature-extraction"), (100, "from-scratch")]


def block(number):
    """The task of a round: the similarities in turn, then the next replicate."""
    return {
        "similarity": SIMILARITIES[number % len(SIMILARITIES)],
        "replicate": number // len(SIMILARITIES) % REPLICATES}


class Cells:
    """Contestants that perform the runs of a task; requests and answers call runs `cells`."""

    def __init__(self, options, stack):
        self.ours = stack.enter_context(contestant.tlbench(options))
        self.user = stack.enter_context(contestant.torch("user"))
        self.stack, self.experts = stack, []

    def add_experts(self):
        self.experts = [
            self.stack.enter_context(contestant.torch("expert")) for _ in range(2)]

    def run_ours(self, number, cells, jobs=1):
        """Performs runs that are all combinations of some sizes and strategies."""
        sizes, arms = ([*dict.fromkeys(values)] for values in zip(*cells))
        # A missing task is made now, and not within the measured time.
        self.rows(number)
        return self.ours.ask(
            "cells", architecture="medium", sizes=sorted(sizes), arms=arms, jobs=jobs,
            **block(number))

    def rows(self, number):
        """The order in which subsets take the training images of a round's task."""
        return self.ours.ask("order", **block(number))["rows"]

    def theirs(self, number, cells):
        """The request to a contestant in PyTorch, with the rows of the subsets."""
        return {
            "architecture": "medium", "cells": cells, "rows": self.rows(number), "seed": number,
            **block(number)}

    def run_user(self, number, cells):
        return self.user.ask("cells", **self.theirs(number, cells))

    def run_experts(self, number, cells):
        """Performs runs in two processes at the same time."""
        for program, share in zip(self.experts, shares(cells)):
            program.send("cells", **self.theirs(number, share))
        answers = [program.receive() for program in self.experts]
        return {
            "seconds": max(a["seconds"] for a in answers),
            "cpu_seconds": sum(a["cpu_seconds"] for a in answers),
            "cells": [cell for a in answers for cell in a["cells"]]}


def work(cell):
    size, arm = cell
    return WORK[arm] * size * tasks.epochs(size)


def shares(cells):
    """The runs in two parts of about the same work, each with its largest runs first."""
    parts = [[], []]
    for cell in sorted(cells, key=work, reverse=True):
        min(parts, key=lambda part: sum(map(work, part))).append(cell)
    return parts


def agreement(rounds, ours, theirs):
    """How accuracies differ over all runs of all rounds, and whether that voids a comparison.

    They agree if the 95 % interval of the mean paired difference contains zero, or lies within half
    a point of it.
    """
    differences = []
    for answers in rounds:
        other = {(c["size"], c["arm"]): c["accuracy"] for c in answers[theirs]["cells"]}
        differences += [
            100 * (c["accuracy"] - other[c["size"], c["arm"]]) for c in answers[ours]["cells"]]
    center, low, high = mean_interval(differences)
    mean_accuracy = [
        100 * sum(c["accuracy"] for a in rounds for c in a[side]["cells"]) / len(differences)
        for side in (ours, theirs)]
    text = (
        f"accuracy {mean_accuracy[0]:.1f} / {mean_accuracy[1]:.1f} %, difference {center:+.2f} "
        f"[{low:+.2f}, {high:+.2f}] points, {len(differences)} runs")
    return text, not (low <= 0 <= high or -MARGIN < low and high < MARGIN)


class FeatureCell:
    name, rounds_by_default = "cell", None

    def __init__(self, options):
        self.options = options

    def measure(self, rounds, progress):
        cells = [(10_000, "feature-extraction")]
        with ExitStack() as stack:
            running = Cells(self.options, stack)
            progress("cell: warms up")
            running.run_ours(0, cells)
            running.run_user(0, WARM_UP)
            data = {"rounds": []}
            for number in rounds:
                progress(f"cell: round {number + 1}")
                data["rounds"].append({
                    "tlbench": running.run_ours(number, cells),
                    "user": running.run_user(number, cells)})
        return data

    @staticmethod
    def rows(data):
        sides = Sides(*(
            [r[name]["cpu_seconds"] for r in data["rounds"]] for name in ("tlbench", "user")))
        text, is_void = agreement(data["rounds"], "tlbench", "user")
        yield Row(
            "feature-extraction run, n = 10,000", "PyTorch, user", sides.ratios, at_least=15,
            detail=sides.medians("CPU s"), agreement=text, is_void=is_void)


class SweepBlocks:
    name, rounds_by_default = "sweep", None

    def __init__(self, options):
        self.options = options

    def measure(self, rounds, progress):
        """CPU and elapsed seconds and accuracies of the 12 runs of one task, for each round."""
        cells = [(size, arm) for size in SIZES for arm in ARMS]
        with ExitStack() as stack:
            running = Cells(self.options, stack)
            running.add_experts()
            progress("sweep: warms up")
            running.run_ours(0, WARM_UP, jobs=2)
            running.run_user(0, WARM_UP)
            running.run_experts(0, WARM_UP)
            data = {"rounds": []}
            for number in rounds:
                progress(f"sweep: round {number + 1}, {block(number)['similarity']} similarity")
                data["rounds"].append({
                    "one worker": running.run_ours(number, cells),
                    "user": running.run_user(number, cells),
                    "two workers": running.run_ours(number, cells, jobs=2),
                    "expert": running.run_experts(number, cells)})
        return data

    @staticmethod
    def rows(data):
        rounds = data["rounds"]

        def sides(ours, theirs, figure):
            return Sides([r[ours][figure] for r in rounds], [r[theirs][figure] for r in rounds])

        for ours, theirs, label, target in (
                ("one worker", "user", "PyTorch, user", 3.3),
                ("two workers", "expert", "PyTorch, expert, 2 processes", 4.5)):
            seconds = sides(ours, theirs, "cpu_seconds")
            text, is_void = agreement(rounds, ours, theirs)
            yield Row(
                f"sweep of four strategies, CPU time, {ours}", label, seconds.ratios,
                at_least=target, detail=seconds.medians("CPU s per 12 runs"), agreement=text,
                is_void=is_void)
        # The ratio says how many times longer one worker takes.
        seconds = sides("two workers", "one worker", "seconds")
        text, is_void = agreement(rounds, "two workers", "one worker")
        yield Row(
            "sweep of four strategies, two workers", "one worker", seconds.ratios, at_least=1.85,
            detail=seconds.medians("s per 12 runs"), agreement=text, is_void=is_void)
