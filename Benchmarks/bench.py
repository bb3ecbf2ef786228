"""Compares training and inference speed of tlbench with PyTorch's, in the same run.

    bench.py [--rounds 9] [--tlbench .build/release/tlbench] [--minimum-ratio X]

Every contestant is a process that reads a line, works for about a second and prints one JSON line.
The rounds go round-robin, one contestant at a time, so that a busy or throttled machine slows all
of them alike; the ratio is the median over rounds of the ratio within a round. All run on one
thread. Exit code 1 if a contestant fails, or the training ratio to PyTorch eager is below the
minimum that was asked for.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
BASELINE, OURS = "pytorch eager", "tlbench"
FIGURES = ("train_images_per_second", "inference_images_per_second")


class ContestantFailed(Exception):
    """The message names the contestant and says what happened."""


class Contestant:
    """A process that answers every line with one JSON line."""

    def __init__(self, name, command):
        self.name, self.rounds = name, []
        environment = dict(os.environ, OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        except OSError as error:
            reason = f"cannot start {command[0]}: {error.strerror}"
            raise ContestantFailed(f"{name}: {reason}") from error

    def run_round(self):
        """The figures of one round."""
        try:
            self.process.stdin.write("round\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise ContestantFailed(f"{self.name}: ended early, exit code {self.process.wait()}")
        try:
            answer = json.loads(line)
            return {figure: float(answer[figure]) for figure in FIGURES}
        except (ValueError, KeyError, TypeError) as error:
            raise ContestantFailed(f"{self.name}: not a result line: {line.strip()}") from error

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def contestants(options):
    torch = [sys.executable, str(HERE / "torch_step.py"), "--layout"]
    yield BASELINE, [*torch, "eager"]
    yield "pytorch channels_last", [*torch, "channels_last"]
    if not options.without_tlbench:
        yield OURS, [options.tlbench, "bench-step"]


def measure(options):
    """Rounds by contestant: name -> list of figures."""
    running = []
    try:
        for name, command in contestants(options):
            running.append(Contestant(name, command))
        for number in range(options.rounds + 1):
            for contestant in running:
                result = contestant.run_round()
                if number > 0:
                    contestant.rounds.append(result)
            if sys.stderr.isatty():
                print(f"\rround {number} of {options.rounds}", end="", file=sys.stderr)
        if sys.stderr.isatty():
            print(file=sys.stderr)
    finally:
        for contestant in running:
            contestant.close()
    return {contestant.name: contestant.rounds for contestant in running}


def ratio(rounds, baseline, figure):
    return median(ours[figure] / theirs[figure] for ours, theirs in zip(rounds, baseline))


def print_table(results):
    print(f"{'images per second':24}{'training':>10}{'ratio':>8}{'inference':>12}{'ratio':>8}")
    for name, rounds in results.items():
        cells = []
        for figure in FIGURES:
            cells += [median(r[figure] for r in rounds), ratio(rounds, results[BASELINE], figure)]
        print(f"{name:24}{cells[0]:10,.0f}{cells[1]:8.2f}{cells[2]:12,.0f}{cells[3]:8.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="after one that warms up")
    parser.add_argument("--tlbench", default=str(HERE.parent / ".build/release/tlbench"))
    parser.add_argument("--without-tlbench", action="store_true", help="PyTorch alone")
    parser.add_argument("--minimum-ratio", type=float, help="fail below this training ratio")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    try:
        results = measure(options)
    except ContestantFailed as error:
        print(error, file=sys.stderr)
        return 1
    print(f"medium network, 16x16x1, batch 32, one thread; medians of {options.rounds} rounds;")
    print(f"ratios to {BASELINE}, within each round\n")
    print_table(results)
    if options.minimum_ratio is not None and OURS in results:
        reached = ratio(results[OURS], results[BASELINE], FIGURES[0])
        if reached < options.minimum_ratio:
            message = f"\ntraining ratio {reached:.2f} is below {options.minimum_ratio}"
            print(message, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
