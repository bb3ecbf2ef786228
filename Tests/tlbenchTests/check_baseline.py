"""Checks `tlbench check` on results compared with themselves, with one strategy three points worse,
and on repetitions that differ only by chance.

    TLBENCH=.build/release/tlbench python check_baseline.py

Needs h5py, and the tool's path in TLBENCH. Uses the reference results if they exist, and an
imported table otherwise. Exits with 1 if a verdict is wrong.
"""

import os
import pathlib
import random
import subprocess
import sys
import tempfile

import h5py

TOOL = os.environ["TLBENCH"]
REFERENCE = pathlib.Path(__file__).resolve().parents[2] / "Results" / "reference.h5"
ARMS = ["feature-extraction", "fine-tuning", "fine-tuning-all", "from-scratch"]
COLUMNS = ["--size-column", "n", "--strategy-column", "arm", "--task-column", "task",
           "--accuracy-column", "acc", "--replicate-column", "rep", "--overwrite"]
REPETITIONS = 100


def run(*arguments):
    return subprocess.run([TOOL, *map(str, arguments)], capture_output=True, text=True)


def make(folder, name, generator):
    """Imports results whose replicates scatter by two points around the same accuracies."""
    table = folder / "table.csv"
    with open(table, "w") as file:
        print("n,arm,task,acc,rep", file=file)
        for task in range(4):
            for size in (100, 1000, 10000):
                for index, arm in enumerate(ARMS):
                    for replicate in range(5):
                        accuracy = 0.3 + 0.1 * index + generator.gauss(0, 0.02)
                        print(f"{size},{arm},t{task},{accuracy},{replicate}", file=file)
    path = folder / name
    outcome = run("import", table, *COLUMNS, "--output", path)
    assert outcome.returncode == 0, outcome.stderr
    return path


def worsen(source, target, arm):
    """Copies results, with the accuracies of one strategy three points lower."""
    target.write_bytes(source.read_bytes())
    with h5py.File(target, "r+") as file:
        index = [name.decode() for name in file["strategy"][()]].index(arm)
        accuracy = file["accuracy"][()]
        accuracy[:, :, index] = (accuracy[:, :, index] - 0.03).clip(0)
        file["accuracy"][...] = accuracy


def main():
    failures = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        generator = random.Random(1)
        baseline = REFERENCE if REFERENCE.exists() else make(folder, "made.h5", generator)
        outcome = run("check", baseline, "--baseline", baseline)
        if outcome.returncode != 0:
            failures.append(f"against itself: exit {outcome.returncode}\n{outcome.stderr}")

        worse = folder / "worse.h5"
        worsen(baseline, worse, "fine-tuning")
        outcome = run("check", worse, "--baseline", baseline, "--format", "csv")
        named = [line for line in outcome.stdout.splitlines()
                 if line.startswith("worse,") and ",fine-tuning,,accuracy," in line]
        if outcome.returncode != 2 or len(named) < 4:
            failures.append(f"worsened: exit {outcome.returncode}, {len(named)} rows named")
        print(f"worsened by three points: exit {outcome.returncode}, {len(named)} rows named")

        alarms = sum(
            run("check", make(folder, "new.h5", generator),
                "--baseline", make(folder, "old.h5", generator)).returncode != 0
            for _ in range(REPETITIONS))
        # Verdicts on rules may differ as well, but only opposite ones count as a change.
        if alarms > 5:
            failures.append(f"{alarms} of {REPETITIONS} repetitions fail")
        print(f"repetitions that differ by chance alone: {alarms} of {REPETITIONS} fail")
    for failure in failures:
        print(failure, file=sys.stderr)
    sys.exit(bool(failures))


main()
