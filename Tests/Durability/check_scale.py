"""Checks the cost of a sweep of 100,000 runs that train nothing against limits.

    TLBENCH=.build/release/tlbench python check_scale.py

`tlbench-worker sweep`, in the same folder as TLBENCH, measures plan, journal, resumption and
export: work of a single thread in processor time, since other programs may use the machine too. The
memory of real sweeps is compared between few and many runs. Exits with 1 if a limit is exceeded.
"""

import os
import subprocess

from sweeps import WORKER, Sweeps, Verdict

RUNS = 100_000


def measured(process):
    """The output of a process, and its peak memory in MiB."""
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{process.args} ended with {process.returncode}")
    return output, usage.ru_maxrss / 1024


def bench(folder, *options):
    """What `tlbench-worker sweep` measures, by name, and its peak memory in MiB."""
    output, memory = measured(subprocess.Popen(
        [WORKER, "sweep", "--runs", str(RUNS), "--output", "big.h5", *options],
        cwd=folder, stdout=subprocess.PIPE))
    figures = {name: float(value) for name, value in map(str.split, output.splitlines())}
    return {**figures, "memory": memory}


def peak_mebibytes(sweeps, folder, *options):
    """The peak memory of a sweep."""
    return measured(sweeps.start(folder, *options))[1]


def main():
    verdict = Verdict()

    def limit(name, value, most, unit):
        print(f"{name:34} {value:9.3f} {unit} (at most {most})", flush=True)
        verdict.expect(value <= most, f"{name}: {value:.3f} {unit}")

    with Sweeps() as sweeps:
        folder = sweeps.new("big")
        # All runs but one, then the last one, which resumes from a journal of all others.
        first = bench(folder, "--no-sync", "--stop-after", str(RUNS - 1))
        second = bench(folder, "--no-sync")
        verdict.expect((first["new"], second["taken"], second["new"]) == (RUNS - 1, RUNS - 1, 1),
                       f"the second sweep restores all runs but one: {first} {second}")
        limit("plan", first["plan"], 2, "s")
        limit("append, with runner and progress", first["run"] / RUNS * 1000, 0.3, "ms/run")
        limit("resume", second["resume"], 2, "s")
        limit("export", max(first["export"], second["export"]), 10, "s")
        limit("memory", max(first["memory"], second["memory"]), 500, "MiB")

        # The memory of real sweeps without cached features, which have their own limit: ten times
        # as many runs, and more tasks than are kept in memory.
        folder = sweeps.new("real")
        options = ("--feature-cache", "0", "--overwrite", "--strategies", "feature-extraction")
        # Whole batches, so that all runs compile the same programs.
        sizes = [",".join(str(32 * size) for size in range(41 - count, 41)) for count in (4, 40)]

        def compare(name, few, many):
            few, many = (peak_mebibytes(sweeps, folder, *options, *more) for more in (few, many))
            print(f"memory of a real sweep, {name}: {few:.0f} MiB, {many:.0f} MiB", flush=True)
            verdict.expect(many <= 1.2 * few, f"{name}: memory grows")

        compare("4 and 40 runs", ("--sizes", sizes[0]), ("--sizes", sizes[1]))
        compare("70 and 140 tasks", ("--replicates", "70"), ("--replicates", "140"))
    verdict.exit()


if __name__ == "__main__":
    main()
