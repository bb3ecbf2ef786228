"""Runs small sweeps for the checks of this folder."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOOL = os.environ.get("TLBENCH") or sys.exit("set TLBENCH to the tool's path")
# The program beside it that does what only checks ask for.
WORKER = str(Path(TOOL).with_name("tlbench-worker"))
HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent

CELL = re.compile(r"\[ *\d+/\d+\].* \| (.*) r(\d+): ")
TAKEN = re.compile(r"Resuming: (\d+) of \d+ runs restored from")


class Run:
    """One run of the tool that has ended."""

    def __init__(self, code, output, errors):
        self.code, self.output, self.errors = code, output, errors
        # The cells that it said were done.
        self.reported = {f"{name} r{replicate}" for name, replicate in CELL.findall(errors)}
        taken = TAKEN.search(errors)
        self.taken = int(taken.group(1)) if taken else 0

    @property
    def crashed(self):
        return self.code < 0 and self.code != -9


class Sweeps:
    """A folder with weights and tasks, and folders in it for sweeps."""

    def __init__(self):
        # Not a link: /proc shows the names of open files with links resolved.
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
                   "--sizes": "10,20", "--jobs": "1", "--tasks": str(self.data), "--output": output}
        # An option that is given twice is refused.
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

    def end(self, process, folder, timeout=300):
        output, _ = process.communicate(timeout=timeout)
        errors = (folder / "errors.txt").read_text(errors="replace")
        (folder / "errors.txt").unlink()
        return Run(process.returncode, output.decode(), errors)

    def run(self, folder, *more, **options):
        return self.end(self.start(folder, *more, **options), folder)

    def digest(self, file):
        done = subprocess.run([TOOL, "digest", str(file)], capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else f"none: {done.stderr}"


def compiled(folder):
    """The library with the faults."""
    library = folder / "faults.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-o", library, HERE / "faults.c",
                    "-ldl"], check=True)
    return library


class Verdict:
    """Claims that held and those that did not."""

    def __init__(self):
        self.failures = []

    def expect(self, holds, claim):
        if not holds:
            self.failures.append(claim)
            print(f"FAILED: {claim}", flush=True)

    def exit(self):
        sys.exit(1 if self.failures else 0)
