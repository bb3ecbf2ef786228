"""Runs the tests of damaged journals with 10,000 random changes instead of some hundred.

    python check_journal.py [CHANGES]

Exits with 1 if a truncated or changed journal yields anything but its whole records.
"""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
CHANGES = sys.argv[1] if len(sys.argv) > 1 else "10000"

if __name__ == "__main__":
    run = subprocess.run(
        ["swift", "test", "-c", "release", "--disable-testable-imports", "--filter",
         "JournalDamageTests"],
        cwd=REPOSITORY, env={**os.environ, "TLBENCH_FLIPS": CHANGES}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    last = [line for line in run.stdout.splitlines() if "Test run with" in line]
    if run.returncode != 0 or not last:
        print(run.stdout[-20_000:])
        sys.exit(1)
    print(f"every length and {CHANGES} changes of a byte: {last[-1]}")
