"""Checks what `tlbench advise` promises, on generated tasks: a small bank.

Run with NumPy and h5py, from the repository's root, and the tool's path in TLBENCH:

    TLBENCH=.build/release/tlbench python Tests/tlbenchTests/check_advise.py

1. Regret: on tasks of three similarities, the advised strategy against the best of all that raced,
   each trained on the same labels and tested on the task's 2,000 test images.
2. The bound of the loss holds. The corrected accuracy is printed beside that on the test images.
3. The budget is kept to an epoch of one strategy, on a machine with more work than processors.
4. SIGINT at random moments gives an answer.
5. Shuffled labels: no better than guessing.

Prints a table. Exits with 1 if a promise is broken.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy

TOOL = Path(os.environ["TLBENCH"]).resolve()
ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "Datasets/simple.weights.h5"
STRATEGIES = ["linear-probe", "fine-tuning-one-rate", "from-scratch-3e-3", "fine-tuning-all"]
LABELS = 300
TEST_IMAGES = 2000
problems = []


def expect(holds, text):
    if not holds:
        problems.append(text)
        print(f"  WRONG: {text}")


def advise(data, folder, name, *more, limit=LABELS):
    return [str(TOOL), "advise", "--weights", str(WEIGHTS), "--data", str(data), "--limit",
            str(limit), "--strategies", ",".join(STRATEGIES), "--format", "json", "--output",
            str(folder / f"race-{name}.h5"), *more]


def answer(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def tested(data, strategy, folder):
    """The accuracy of a strategy on the task's own test images, in percent."""
    model = str(folder / "model.keras")
    answer([str(TOOL), "train", "--weights", str(WEIGHTS), "--data", str(data), "--limit",
            str(LABELS), "--strategy", strategy, "--output", model, "--overwrite", "--format",
            "json"])
    # Of all test images: the limit of the training is also one of its test.
    result = answer([str(TOOL), "predict", model, "--data", str(data), "--output",
                     str(folder / "predictions.h5"), "--overwrite", "--format", "json"])
    assert result["examples"] == TEST_IMAGES, result["examples"]
    return round(100 * result["score"]["accuracy"], 2)


def bank(tasks, folder):
    regrets = []
    for task in tasks:
        result = answer(advise(task, folder, task.stem, "--budget", "5m", "--labels", "none"))
        truth = {name: tested(task, name, folder) for name in STRATEGIES}
        advised = result["strategy"]
        # The classes are equally frequent in the test set.
        accuracy = truth[advised] if advised else 100 / result["classes"]
        regret = max(truth.values()) - accuracy
        regrets.append(regret)
        print(f"  {task.stem}: {advised or 'guessing'}, {result['outcome']}, regret {regret:.1f} "
              f"points, bound {100 * result['loss_bound']:.1f}; corrected accuracy "
              f"{100 * result['accuracy']:.1f}, tested {accuracy:.1f}; "
              f"{result['elapsed_seconds']:.0f} s; {truth}")
        # The truth is one training, and 2,000 images: four standard errors of both.
        expect(regret <= 100 * result["loss_bound"] + 6, f"{task.stem}: the bound does not hold")
    expect(numpy.mean(regrets) <= 3, f"mean regret {numpy.mean(regrets):.2f} points")
    print(f"Regret: mean {numpy.mean(regrets):.2f} points, largest {max(regrets):.1f}")


def budgets(task, folder):
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"])
            for _ in range(2 * (os.cpu_count() or 1))]
    try:
        for seconds in [5, 10, 20]:
            start = time.monotonic()
            result = answer(advise(
                task, folder, f"budget-{seconds}", "--budget", f"{seconds}s", "--labels", "none"))
            taken = time.monotonic() - start
            print(f"  budget {seconds} s: {taken:.1f} s, {result['end']}, {result['strategy']}")
            expect(taken <= 1.2 * seconds + 3, f"a budget of {seconds} s took {taken:.1f} s")
    finally:
        for process in busy:
            process.kill()


def interruptions(task, folder):
    random.seed(1)
    for number in range(10):
        wait = random.uniform(1, 8)
        process = subprocess.Popen(
            advise(task, folder, f"interrupted-{number}", "--budget", "10m"),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=120)
        expect(process.returncode in (0, 130), f"interrupted: exit {process.returncode}: {errors}")
        expect(output and "standings" in json.loads(output), f"no answer after {wait:.1f} s")
    print("  10 interruptions")


def shuffled(task, folder):
    said = 0
    for number in range(10):
        copy = folder / f"shuffled-{number}.h5"
        with h5py.File(task) as source, h5py.File(copy, "w") as target:
            order = numpy.random.default_rng(number).permutation(LABELS)
            target["x"] = source["train/x"][:LABELS]
            target["y"] = source["train/y"][:LABELS][order]
        result = answer(advise(
            copy, folder, f"s{number}", "--budget", "60s", "--labels", "none", limit=LABELS))
        said += result["outcome"] == "guessing"
        expect(not result["decided"], f"shuffled labels {number}: {result['strategy']} is decided")
    print(f"  {said} of 10 with shuffled labels are no better than guessing")
    expect(said >= 9, f"guessing in {said} of 10")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        subprocess.run(
            [str(TOOL), "generate", "--tasks", str(folder), "--similarities", "low,0.5,high",
             "--replicates", "1"], check=True, capture_output=True)
        tasks = sorted(folder.glob("target-*.h5"))
        print("The bank")
        bank(tasks, folder)
        high = next(task for task in tasks if "high" in task.stem)
        print("Budgets")
        budgets(high, folder)
        print("SIGINT")
        interruptions(high, folder)
        print("Shuffled labels")
        shuffled(high, folder)
    if problems:
        sys.exit("\n".join(problems))
    print("All promises hold.")


main()
