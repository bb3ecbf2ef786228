"""Checks that the results of a sweep are bit-identical however it is divided.

Performs one sweep with 1, 2 and 4 jobs, and in 1, 3 and 8 shards that are merged in shuffled order:
all digests must be equal. With the tool's path in TLBENCH:

    TLBENCH=.build/release/tlbench python check_shards.py

Exits with 1 if they are not.
"""

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

WEIGHTS = Path(__file__).resolve().parents[2] / "Datasets" / "simple.weights.h5"
PLAN = ["--architecture", "simple", "--sizes", "50,100", "--similarities", "low,high",
        "--replicates", "2", "--strategies", "linear-probe,feature-extraction,fine-tuning"]
# Variables of a scheduler that runs this check, which must not decide the shards.
SCHEDULERS = ("SLURM_", "JOB_COMPLETION_INDEX", "PARALLEL_")
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(SCHEDULERS)}


def tlbench(folder, *arguments):
    run = subprocess.run([os.environ["TLBENCH"], *map(str, arguments)], cwd=folder, check=True,
                         env=ENVIRONMENT, capture_output=True, text=True, timeout=600)
    return run.stdout


def sweep(folder, output, *more):
    tlbench(folder, "sweep", *PLAN, "--tasks", folder, "--weights", WEIGHTS, "--output", output,
            *more)


def main():
    generator = random.Random(1)
    digests = {}
    with tempfile.TemporaryDirectory() as folder:
        for jobs in (1, 2, 4):
            name = f"{jobs} jobs"
            sweep(folder, f"jobs{jobs}.h5", "--jobs", jobs)
            digests[name] = tlbench(folder, "digest", f"jobs{jobs}.h5").strip()
        for count in (1, 3, 8):
            numbers = list(range(1, count + 1))
            generator.shuffle(numbers)
            for number in numbers:
                sweep(folder, f"s{count}.h5", "--shard", f"{number}/{count}")
            files = [f"s{count}.shard-{number}-of-{count}.h5" for number in numbers]
            generator.shuffle(files)
            tlbench(folder, "merge", *files, "--output", f"merged{count}.h5")
            digests[f"{count} shards"] = tlbench(folder, "digest", f"merged{count}.h5").strip()
    for name, digest in digests.items():
        print(f"{name:<10}{digest}")
    equal = len(set(digests.values())) == 1
    print("digests equal" if equal else "digests differ")
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main())
