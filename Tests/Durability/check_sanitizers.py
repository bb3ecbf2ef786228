"""Runs the tests of sweeps, of the results and of caches under the thread and address sanitizers.

    python check_sanitizers.py [thread|address ...]

Each has a build of its own below .build, which takes some minutes the first time. Exits with 1 where
a sanitizer reports something or a test fails.
"""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
TESTS = "SweepTests|ResultsTests|PrefixCacheTests|FeatureCacheTests|ResumptionTests"
OPTIONS = {
    "thread": {"TSAN_OPTIONS": "halt_on_error=0:second_deadlock_stack=1"},
    # Leaks are those of libraries that keep what they have until the end of the process.
    "address": {"ASAN_OPTIONS": "detect_leaks=0"},
}


def check(sanitizer):
    run = subprocess.run(
        ["swift", "test", f"--sanitize={sanitizer}", "--scratch-path",
         REPOSITORY / ".build" / f"{sanitizer}-sanitizer", "--filter", TESTS],
        cwd=REPOSITORY, env={**os.environ, **OPTIONS[sanitizer]}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    reports = run.stdout.count("WARNING: ThreadSanitizer") + run.stdout.count(
        "ERROR: AddressSanitizer")
    clean = run.returncode == 0 and reports == 0
    if not clean:
        print(run.stdout[-20_000:])
    last = [line for line in run.stdout.splitlines() if "Test run with" in line]
    print(f"{sanitizer} sanitizer: {reports} reports, {(last or ['no tests ran'])[-1]}",
          flush=True)
    return clean and bool(last)


if __name__ == "__main__":
    results = [check(sanitizer) for sanitizer in sys.argv[1:] or OPTIONS]
    sys.exit(0 if all(results) else 1)
