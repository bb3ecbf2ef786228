"""Runs tests and a sweep under the thread and address sanitizers.

The thread sanitizer runs the tests of sweeps, results, caches and shared steps, the address
sanitizer all tests.

    python check_sanitizers.py [thread|address ...]

Each has a separate build below .build, which takes some minutes the first time. Exits with 1 if a
sanitizer reports something or a test fails.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# These need no held-out labels, which the smallest size does not have.
STRATEGIES = "feature-extraction,fine-tuning,fine-tuning-all,from-scratch"
REPOSITORY = Path(__file__).resolve().parent.parent.parent
TESTS = {
    "thread": r"^SweepTests\.|^ExperimentsTests\.|^ResultsTests\.|PrefixCacheTests|"
              "FeatureCacheTests|StagedProgramTests|SharingTrialTests|SharedStepTests",
    "address": ".",
}
# The thread sanitizer watches a debug build, where only the numeric kernels in C are optimized. The
# address sanitizer, which has to run all tests, watches what is released.
BUILD = {
    "thread": ["-c", "debug", "-Xcc", "-O1", "-Xcxx", "-O1"],
    "address": ["-c", "release", "--disable-testable-imports"],
}
SUPPRESSIONS = Path(__file__).with_name("thread_sanitizer.txt")
OPTIONS = {
    "thread": {
        "TSAN_OPTIONS":
            f"halt_on_error=0:second_deadlock_stack=1:suppressions={SUPPRESSIONS}"},
    # The only leaks are those of libraries that free nothing at the end of the process.
    "address": {"ASAN_OPTIONS": "detect_leaks=0"},
}


def run(sanitizer, command, folder=REPOSITORY):
    """Runs a command; its output, the number of reports, and whether it ended well without any."""
    # Another check tries many damaged journals; a few are enough here.
    environment = {**os.environ, **OPTIONS[sanitizer], "TLBENCH_FLIPS": "50"}
    done = subprocess.run(command, cwd=folder, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    first = re.search("WARNING: ThreadSanitizer|ERROR: AddressSanitizer", done.stdout)
    reports = done.stdout.count("WARNING: ThreadSanitizer") + done.stdout.count(
        "ERROR: AddressSanitizer")
    is_clean = done.returncode == 0 and reports == 0
    if not is_clean:
        print(done.stdout[first.start():][:20_000] if first else done.stdout[-20_000:])
    return done.stdout, reports, is_clean


def check(sanitizer):
    scratch = REPOSITORY / ".build" / f"{sanitizer}-sanitizer"
    output, reports, tests_are_clean = run(
        sanitizer, ["swift", "test", f"--sanitize={sanitizer}", "--scratch-path", scratch,
                    *BUILD[sanitizer], "--filter", TESTS[sanitizer]])
    last = [line for line in output.splitlines() if "Test run with" in line]
    print(f"{sanitizer} sanitizer: {reports} reports, {(last or ['no tests ran'])[-1]}",
          flush=True)
    if not last:
        return False
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "Datasets"
        data.mkdir()
        shutil.copy(REPOSITORY / "Datasets" / "simple.weights.h5", data)
        _, reports, sweep_is_clean = run(
            sanitizer, [scratch / BUILD[sanitizer][1] / "tlbench", "sweep", "--architecture", "simple",
                        "--similarities", "high", "--replicates", "1", "--sizes", "10,20",
                        "--strategies", STRATEGIES, "--jobs", "4", "--export-every", "0.2", "--output", "sweep.h5"], folder)
    print(f"{sanitizer} sanitizer: {reports} reports in a sweep with four workers", flush=True)
    return tests_are_clean and sweep_is_clean


if __name__ == "__main__":
    results = [check(sanitizer) for sanitizer in sys.argv[1:] or OPTIONS]
    sys.exit(0 if all(results) else 1)
