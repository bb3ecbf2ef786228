"""Holds a sweep of 100,000 cells, which train nothing, to what it may take beside training.

    TLBENCH=.build/release/tlbench python check_scale.py

Plan, journal, resumption, export and memory are measured by a hidden command, in processor time
where one thread does the work, since others may use the machine too; the memory of a real sweep, by
sweeps with few and with many cells. Exits with 1 where a limit is exceeded.
"""

import os
import subprocess

from sweeps import WORKER, Sweeps, Verdict

CELLS = 100_000


def measured(process):
    """What a process prints, and the most memory that it had, in MiB."""
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{process.args} ended with {process.returncode}")
    return output, usage.ru_maxrss / 1024


def bench(folder, *options):
    output, memory = measured(subprocess.Popen(
        [WORKER, "sweep", "--runs", str(CELLS), "--output", "big.h5", *options],
        cwd=folder, stdout=subprocess.PIPE))
    figures = {name: float(value) for name, value in map(str.split, output.splitlines())}
    return {**figures, "memory": memory}


def peak_mebibytes(sweeps, folder, *options):
    """The most memory that a sweep had."""
    return measured(sweeps.start(folder, *options))[1]


def main():
    verdict = Verdict()

    def limit(name, value, most, unit):
        print(f"{name:34} {value:9.3f} {unit} (at most {most})", flush=True)
        verdict.expect(value <= most, f"{name}: {value:.3f} {unit}")

    with Sweeps() as sweeps:
        folder = sweeps.new("big")
        # Half of the cells, then the other half: a resumption with 50,000 and one with 100,000.
        first = bench(folder, "--no-sync", "--stop-after", str(CELLS - 1))
        second = bench(folder, "--no-sync")
        verdict.expect((first["new"], second["taken"], second["new"]) == (CELLS - 1, CELLS - 1, 1),
                       f"the second run takes all cells but one: {first} {second}")
        limit("plan", first["plan"], 2, "s")
        limit("append, with runner and progress", first["run"] / CELLS * 1000, 0.3, "ms/cell")
        limit("resume", second["resume"], 2, "s")
        limit("export", max(first["export"], second["export"]), 10, "s")
        limit("memory", max(first["memory"], second["memory"]), 500, "MiB")

        # The memory of real sweeps, beside features, which have a limit of their own: ten times the
        # cells, and more tasks than are kept in memory.
        folder = sweeps.new("real")
        options = ("--feature-cache", "0", "--overwrite", "--strategies", "feature-extraction")
        # Whole batches, so that all cells compile the same programs.
        sizes = [",".join(str(32 * size) for size in range(41 - count, 41)) for count in (4, 40)]

        def compare(name, few, many):
            few, many = (peak_mebibytes(sweeps, folder, *options, *more) for more in (few, many))
            print(f"memory of a real sweep, {name}: {few:.0f} MiB, {many:.0f} MiB", flush=True)
            verdict.expect(many <= 1.2 * few, f"{name}: memory grows")

        compare("4 and 40 cells", ("--sizes", sizes[0]), ("--sizes", sizes[1]))
        compare("70 and 140 tasks", ("--replicates", "70"), ("--replicates", "140"))
    verdict.exit()


if __name__ == "__main__":
    main()
