"""Programs that take part in the benchmark: they answer a line of JSON with a line of JSON."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
# One thread, for every library that could use more.
ENVIRONMENT = {
    name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}


class ContestantFailed(Exception):
    """The error of a contestant; the message names it and says what happened."""


class Contestant:
    """A running program; used in a `with` statement, which ends it."""

    def __init__(self, name, command):
        self.name = name
        self.errors = tempfile.TemporaryFile("w+")
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                text=True, env={**os.environ, **ENVIRONMENT})
        except OSError as error:
            raise ContestantFailed(
                f"{name}: cannot start {command[0]}: {error.strerror}") from error

    def ask(self, work, **fields):
        """The answer to a request, as a dictionary."""
        self.send(work, **fields)
        return self.receive()

    def send(self, work, **fields):
        try:
            self.process.stdin.write(json.dumps({"work": work, **fields}) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # `receive` says what has happened.

    def receive(self):
        line = self.process.stdout.readline()
        if not line:
            raise ContestantFailed(
                f"{self.name}: ended with exit code {self.process.wait()}: {self.last_words()}")
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise ContestantFailed(f"{self.name}: not an answer: {line.strip()}") from error
        if "error" in answer:
            raise ContestantFailed(f"{self.name}: {answer['error']}")
        return answer

    def last_words(self):
        """The last line that it wrote to standard error."""
        self.errors.seek(0)
        lines = [line.strip() for line in self.errors if line.strip()]
        return lines[-1] if lines else "no message"

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.errors.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def by_turns(running, number):
    """Names and contestants in the order of a round: each round begins with another one."""
    items = list(running.items())
    first = number % len(items)
    return items[first:] + items[:first]


def worker(options):
    """The path of tlbench-worker, which is in the same folder as tlbench."""
    return str(Path(options.tlbench).with_name("tlbench-worker"))


def tlbench(options):
    return Contestant(
        "tlbench", [worker(options), "answer", "--tasks", str(HERE.parent / "Datasets")])


def torch(style):
    return Contestant(
        f"PyTorch, {style}", [sys.executable, str(HERE / "torch_worker.py"), style])


def sklearn():
    return Contestant("scikit-learn", [sys.executable, str(HERE / "sklearn_worker.py")])


def pillow():
    return Contestant("Pillow", [sys.executable, str(HERE / "pillow_worker.py")])


def onednn(options, start, channels):
    return Contestant("plain oneDNN", [options.onednn, start, *map(str, channels)])
