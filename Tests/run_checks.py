"""Runs all checks of `make check-full`, two at a time.

    TLBENCH=.build/release/tlbench python run_checks.py [--jobs 2] [--without-browser] [NAME...]

NAMEs such as check_shards select checks (default: all). What a check prints goes to a file of its
name in .build/checks, and here too where it fails. With --without-browser reports are not looked at
in Chromium. Ends with a table of results and seconds, and
with 1 if a check failed.
"""

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / ".build" / "checks"
# These take longest and begin first, so that none of them is left over at the end.
LONG = [
    "check_debian", "check_sanitizers", "check_mutations", "check_onednn3", "check_advise",
    "check_coverage", "check_python", "check_hostile_files", "check_application_ends",
    "check_advice_coverage", "check_kills", "check_applications"]
# These compare seconds of processor time, which depend on what the other core does.
ALONE = ["check_recipe", "check_scale"]


def run(check, options):
    """Runs a check: its name, whether it passed, and its seconds."""
    without = check.stem == "check_report" and options.without_browser
    log = LOGS / f"{check.stem}.txt"
    start = time.monotonic()
    with open(log, "w") as output:
        code = subprocess.run(
            [sys.executable, "-B", check] + ["--without-browser"] * without, cwd=ROOT,
            stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL).returncode
    seconds = time.monotonic() - start
    outcome = "passed" if code == 0 else f"FAILED ({code})"
    print(f"{check.stem}: {outcome}, {seconds:.0f} s", flush=True)
    if code != 0:
        print(log.read_text(errors="replace")[-20_000:], flush=True)
    return check.stem, code == 0, seconds


def chosen(names):
    """The checks of these names, or all, in the order in which they begin."""
    checks = {check.stem: check for check in sorted((ROOT / "Tests").rglob("check_*.py"))}
    unknown = [name for name in names if name not in checks]
    if unknown:
        sys.exit(f"no check is called {unknown[0]}; there are {', '.join(checks)}")
    order = LONG + [name for name in checks if name not in LONG]
    return [checks[name] for name in order if not names or name in names]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--without-browser", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    checks = chosen(options.names)
    LOGS.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(options.jobs) as pool:
        shared = [check for check in checks if check.stem not in ALONE]
        results = list(pool.map(lambda check: run(check, options), shared))
    results += [run(check, options) for check in checks if check.stem in ALONE]
    print()
    for name, passed, seconds in sorted(results):
        print(f"{name:<24} {'passed' if passed else 'FAILED':<8} {seconds:6.0f} s")
    failed = [name for name, passed, _ in results if not passed]
    print(f"{len(results) - len(failed)} of {len(results)} checks passed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
