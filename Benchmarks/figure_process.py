"""Whole runs of the command: a sweep of the four taught strategies, and advice."""

import os
import subprocess
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from contestant import ContestantFailed
from figure_cells import ARMS
from report import Row

ROOT = Path(__file__).resolve().parent.parent
STARTS = 20
# In the order of their columns; without the option a sweep has further ones.
STRATEGIES = ",".join(reversed(ARMS))


def run(command):
    """Elapsed seconds and the largest resident memory in MiB of a command that succeeds.

    The memory is that of the largest process that it started, and at least that of this script,
    which a new process starts with.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise ContestantFailed(f"{' '.join(command)}: exit code {process.returncode}")
    return seconds, usage.ru_maxrss / (1 << 10 if os.uname().sysname == "Linux" else 1 << 20)


class WholeSweep:
    # It takes minutes, and differs little from run to run.
    name, rounds_by_default = "wall", 1

    def __init__(self, options):
        self.options = options

    def measure(self, rounds, progress):
        data = {"rounds": []}
        for number in rounds:
            progress(f"wall: round {number + 1}")
            with TemporaryDirectory() as folder:
                seconds, memory = run([
                    self.options.tlbench, "sweep", "--strategies", STRATEGIES,
                    "--output", f"{folder}/sweep.h5"])
            data["rounds"].append({"seconds": seconds, "memory": memory})
        return data

    @staticmethod
    def rows(data):
        for figure, name, unit, below in (
                ("seconds", "wall time", "s", 75), ("memory", "peak memory", "MiB", 400)):
            yield Row(
                f"sweep of four strategies, {name}", "", [r[figure] for r in data["rounds"]],
                unit=unit, below=below, detail=f"{os.cpu_count()} cores")


class Recommend:
    name, rounds_by_default = "recommend", None

    def __init__(self, options):
        self.options = options

    def measure(self, rounds, progress):
        progress("recommend")
        command = [self.options.tlbench, "recommend", "--size", "500", "--similarity", "high"]
        run(command)
        return {"rounds": [
            {"seconds": median(run(command)[0] for _ in range(STARTS))} for _ in rounds]}

    @staticmethod
    def rows(data):
        yield Row(
            "recommend, start to exit", "", [1000 * r["seconds"] for r in data["rounds"]],
            unit="ms", below=40, detail=f"median of {STARTS} starts a round")
