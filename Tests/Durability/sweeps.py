"""Runs small sweeps for the checks of this folder."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOOL = os.environ.get("TLBENCH") or sys.exit("set TLBENCH to the tool's path")
# The program in the same folder for what only benchmarks and checks do.
WORKER = str(Path(TOOL).with_name("tlbench-worker"))
HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent

# The taught ones: a sweep has 8 runs with them.
STRATEGIES = "feature-extraction,fine-tuning,fine-tuning-all,from-scratch"

# The exit code of a process that had to be killed, as that of timeout(1).
TIMED_OUT = 124

ENDED = re.compile(r"\[ *\d+/\d+\].* \| (.*) r(\d+): ")
TAKEN = re.compile(r"Resuming: (\d+) of \d+ runs restored from")


class Ended:
    """A process of the tool that has ended."""

    def __init__(self, code, output, errors):
        self.code, self.output, self.errors = code, output, errors
        # The runs that it reported as completed.
        self.reported = {f"{name} r{replicate}" for name, replicate in ENDED.findall(errors)}
        taken = TAKEN.search(errors)
        self.taken = int(taken.group(1)) if taken else 0


class Sweeps:
    """A temporary folder with weights and tasks, and a folder in it for each sweep."""

    def __init__(self):
        # Resolved, since /proc shows the paths of open files with their links resolved.
        self.folder = Path(tempfile.mkdtemp(prefix="tlbench-check-")).resolve()
        self.data = self.folder / "Datasets"
        self.data.mkdir()
        shutil.copy(REPOSITORY / "Datasets" / "simple.weights.h5", self.data)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def new(self, name):
        folder = self.folder / name
        folder.mkdir()
        return folder

    def arguments(self, *more, output="sweep.h5"):
        options = {"--architecture": "simple", "--similarities": "high", "--replicates": "1",
                   "--sizes": "10,20", "--strategies": STRATEGIES, "--jobs": "1",
                   "--tasks": str(self.data), "--output": output,
                   # A line for every run, and not one now and then.
                   "--progress-every": "0"}
        # The tool refuses an option that is given twice.
        kept = [word for name, value in options.items() if name not in more
                for word in (name, value)]
        return [TOOL, "sweep", *kept, *more]

    def start(self, folder, *more, output="sweep.h5", environment=None, wrapper=()):
        errors = open(folder / "errors.txt", "wb")
        try:
            return subprocess.Popen(
                [*wrapper, *self.arguments(*more, output=output)], cwd=folder,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
                env={**os.environ, **(environment or {})})
        finally:
            errors.close()

    def end(self, process, folder, timeout=120):
        """Waits for the end of a process; one that does not end in time is killed."""
        code = None
        try:
            output, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            code = TIMED_OUT
            process.kill()
            output, _ = process.communicate()
        errors = (folder / "errors.txt").read_text(errors="replace")
        (folder / "errors.txt").unlink()
        return Ended(process.returncode if code is None else code, output.decode(), errors)

    def run(self, folder, *more, **options):
        return self.end(self.start(folder, *more, **options), folder)

    def digest(self, file):
        done = subprocess.run([TOOL, "digest", str(file)], capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else f"none: {done.stderr}"


def compiled(folder):
    """The library that causes faults, built in a folder."""
    library = folder / "faults.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-o", library, HERE / "faults.c",
                    "-ldl"], check=True)
    return library


class Verdict:
    """The claims that did not hold."""

    def __init__(self):
        self.failures = []

    def expect(self, holds, claim):
        if not holds:
            self.failures.append(claim)
            print(f"FAILED: {claim}", flush=True)

    def exit(self):
        sys.exit(1 if self.failures else 0)
