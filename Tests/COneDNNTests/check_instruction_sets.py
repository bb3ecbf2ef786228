"""Runs the tests of kernels, layers and training with the code for other processors.

    python3 check_instruction_sets.py [SET...]

Kernels and oneDNN choose their instructions when a program runs; ONEDNN_MAX_CPU_ISA lowers the
choice. `AVX2` and `SSE41` show on a processor with AVX-512 what users of others get. Exits with 1
where a test fails.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = r"^(Tensors|NeuralNetwork|ModelFiles|Transfer)Tests\."


def check(limit):
    """Whether the tests pass with a set of instructions."""
    run = subprocess.run(
        ["make", "-s", "test", f"TEST_FLAGS=--filter '{TESTS}'"], cwd=ROOT, text=True,
        env={**os.environ, "ONEDNN_MAX_CPU_ISA": limit}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    last = [line for line in run.stdout.splitlines() if "Test run with" in line]
    if run.returncode != 0:
        print(run.stdout[-20_000:])
    print(f"{limit}: {(last or ['no tests ran'])[-1]}", flush=True)
    return run.returncode == 0 and bool(last)


if __name__ == "__main__":
    results = [check(limit) for limit in sys.argv[1:] or ["AVX2", "SSE41"]]
    sys.exit(0 if all(results) else 1)
