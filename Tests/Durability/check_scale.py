"""Checks the cost of a sweep of 100,000 runs that train nothing, and that of the commands that read
as many results, against limits.

    TLBENCH=.build/release/tlbench python check_scale.py

`tlbench-worker sweep`, in the same folder as TLBENCH, measures plan, journal, resumption and
export: work of a single thread in processor time, since other programs may use the machine too. The
memory of real sweeps is compared between few and many runs. Pages and texts of results with many
places, strategies or replicates have limits for bytes and memory, and a minute each, which only what
grows faster than the results exceeds. Exits with 1 if a limit is exceeded.
"""

import math
import os
import random
import subprocess
import threading

from sweeps import TOOL, WORKER, Sweeps, Verdict

RUNS = 100_000

# Results of about 100,000 runs: tasks, sizes, strategies and replicates.
SHAPES = {
    "10,000 places": (100, 100, 2, 5), "10,000 tasks": (10_000, 1, 2, 5),
    "50 strategies": (10, 10, 50, 20), "500 strategies": (100, 1, 500, 2),
    "617 replicates": (3, 9, 6, 617), "10,000 replicates": (1, 5, 2, 10_000),
    "1,000 strategies": (1, 1, 1_000, 100),
}


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


def write_table(path, tasks, sizes, strategies, replicates):
    """Writes a long table with made-up accuracies and costs, a row for each run."""
    known = ["linear-probe", "from-scratch", "fine-tuning", "fine-tuning-all"]
    names = known + [f"s{index}" for index in range(strategies)]
    noise = random.Random(1)
    common = [noise.gauss(0, 0.01) for _ in range(replicates)]
    with open(path, "w") as file:
        print("task,similarity,n,arm,rep,acc,cost", file=file)
        for task in range(tasks):
            similarity = task / max(1, tasks - 1)
            for size in range(sizes):
                count = 100 + 1_000 * size
                for arm in range(strategies):
                    mean = (0.3 + 0.5 * similarity if arm % 2 == 0
                            else 0.2 + 0.15 * math.log10(count)) + 0.002 * (arm // 2 % 7)
                    for replicate in range(replicates):
                        accuracy = mean + common[replicate] + noise.gauss(0, 0.005)
                        print(f"t{task},{similarity:.6f},{count},{names[arm]},{replicate},"
                              f"{min(1, max(0, accuracy)):.4f},{(arm + 1) * count / 1000}",
                              file=file)


def tool(folder, *arguments):
    """The output of a command, which has a minute, and its peak memory in MiB."""
    process = subprocess.Popen(
        [TOOL, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    killer = threading.Timer(60, process.kill)
    killer.start()
    try:
        return measured(process)
    finally:
        killer.cancel()


def check_readers(sweeps, limit):
    """The commands that read many results."""
    folder = sweeps.new("tables")
    for index, (name, shape) in enumerate(SHAPES.items()):
        write_table(folder / "table.csv", *shape)
        file = f"{index}.h5"
        tool(folder, "import", "table.csv", "--task-column", "task", "--similarity-column",
             "similarity", "--size-column", "n", "--strategy-column", "arm", "--replicate-column",
             "rep", "--accuracy-column", "acc", "--cost-column", "cost", "--output", file)
        page, memory = tool(folder, "report", file, "--output", "-")
        limit(f"{name}: page", len(page.encode()) / 1e6, 3, "MB")
        limit(f"{name}: memory of report", memory, 300, "MiB")
        for command in ("validate", "show"):
            limit(f"{name}: memory of {command}", tool(folder, command, file)[1], 300, "MiB")


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
        check_readers(sweeps, limit)
    verdict.exit()


if __name__ == "__main__":
    main()
