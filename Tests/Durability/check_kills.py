"""Kills a small sweep at 100 random moments and at every operation on its files, and resumes it.

    TLBENCH=.build/release/tlbench python check_kills.py [RANDOM_KILLS]

Whatever the moment, the resumed sweep ends with the digest of an undisturbed one, no run that was
reported as completed is repeated, and only the results are left. The same holds if an operation
fails with ENOSPC or EIO instead, and the sweep must not crash then. Needs cc and a system with
LD_PRELOAD. Exits with 1 if something does not hold.
"""

import errno
import random
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from sweeps import Sweeps, Verdict, compiled

RANDOM_KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 100
# The file of results is written several times during the sweep.
OPTIONS = ("--export-every", "0.15")


class Tally:
    def __init__(self):
        self.lock = threading.Lock()
        self.kills = self.faults = self.lost = self.repeated = self.matches = self.trials = 0

    def add(self, **counts):
        with self.lock:
            for name, number in counts.items():
                setattr(self, name, getattr(self, name) + number)

    def counts(self):
        return {name: number for name, number in vars(self).items() if name != "lock"}

    def __str__(self):
        return (f"kills {self.kills}, failing operations {self.faults}, lost {self.lost}, "
                f"repeated {self.repeated}, digest match {self.matches}/{self.trials}")


def complete(sweeps, verdict, tally, folder, before, digest, name):
    """Resumes a sweep to its end, and compares it with what was reported before."""
    run = sweeps.run(folder, *OPTIONS)
    verdict.expect(run.code == 0, f"{name}: resumes to the end: {run.code} {run.errors}")
    repeated = before & run.reported
    # A complete sweep has no journal, and would not be resumed.
    lost = max(0, len(before) - run.taken)
    found = sweeps.digest(folder / "sweep.h5")
    tally.add(repeated=len(repeated), lost=lost, trials=1, matches=found == digest)
    verdict.expect(found == digest, f"{name}: digest {found}")
    verdict.expect(not repeated, f"{name}: repeated {repeated}")
    verdict.expect(not lost, f"{name}: {lost} reported runs are not in the journal")
    left = sorted(path.name for path in folder.iterdir())
    verdict.expect(left == ["sweep.h5"], f"{name}: leaves {left}")


def is_complete(sweeps, folder, digest):
    """Whether the sweep had written and removed all that it had to."""
    return (not (folder / "sweep.h5.journal").exists()
            and (folder / "sweep.h5").exists()
            and sweeps.digest(folder / "sweep.h5") == digest)


def settle(sweeps, verdict, tally, folder, before, digest, name):
    if is_complete(sweeps, folder, digest):
        tally.add(trials=1, matches=1)
        return
    complete(sweeps, verdict, tally, folder, before, digest, name)


def random_kill(sweeps, verdict, tally, seconds, digest, number):
    name = f"random {number}"
    folder = sweeps.new(name)
    before = set()
    # Some are killed again when they have resumed.
    for _ in range(random.choice([1, 1, 2, 3])):
        process = sweeps.start(folder, *OPTIONS)
        time.sleep(random.uniform(0, seconds))
        process.kill()
        run = sweeps.end(process, folder)
        tally.add(kills=run.code == -9, repeated=len(before & run.reported))
        verdict.expect(not before & run.reported, f"{name}: repeated {before & run.reported}")
        before |= run.reported
        if run.code != -9:
            verdict.expect(run.code == 0, f"{name}: {run.code} {run.errors}")
            break
        # If it was killed when it was complete, it is not resumed.
        if is_complete(sweeps, folder, digest):
            break
    settle(sweeps, verdict, tally, folder, before, digest, name)


def fault(sweeps, verdict, tally, library, digest, kind, number):
    """A sweep with a fault at one operation; False if it has fewer operations than that."""
    folder = sweeps.new(f"{kind} {number}".replace(":", " "))
    wish, _, error = kind.partition(":")
    log = sweeps.folder / f"{folder.name}.log"
    run = sweeps.run(
        folder, *OPTIONS,
        environment={"LD_PRELOAD": str(library), "FAULT_ROOT": str(folder),
                     "FAULT": f"{wish}:{number}" + (f":{error}" if error else ""),
                     "FAULT_LOG": str(log)})
    operations = [line for line in log.read_text(errors="replace").splitlines()
                  if is_operation(line)]
    name = f"{kind} {number}"
    if len(operations) < number:
        return False
    name += f" ({operations[number - 1]})"
    if wish == "fail":
        tally.add(faults=1)
        verdict.expect(run.code in (0, 73, 74), f"{name}: ends with {run.code}: {run.errors}")
    else:
        tally.add(kills=1)
        verdict.expect(run.code == -9, f"{name}: ends with {run.code}: {run.errors}")
    settle(sweeps, verdict, tally, folder, run.reported, digest, name)
    return True


def is_operation(line):
    """Whether a line of the log is not one of standard error."""
    return line.isalpha() and line.islower()


def check_order(sweeps, verdict, library, digest):
    """A run is on the disk before it is reported."""
    folder = sweeps.new("order")
    log = sweeps.folder / "order.log"
    run = sweeps.run(
        folder, "--export-every", "0",
        environment={"LD_PRELOAD": str(library), "FAULT_ROOT": str(folder), "FAULT_LOG": str(log)})
    lines = log.read_text().splitlines()
    reports = [index for index, line in enumerate(lines) if "/8] " in line]
    verdict.expect(len(reports) == 8 and run.code == 0, "eight runs are reported")
    for index in reports:
        verdict.expect(lines[index - 2:index] == ["write", "fdatasync"],
                       f"each report follows a write and an fdatasync: {lines[:index + 1]}")
    end = [line for line in lines[reports[-1] + 1:] if is_operation(line)]
    verdict.expect(end == ["create", "write", "fsync", "rename", "fsync", "unlink",
                           "unlink", "fsync"],
                   f"the results are on the disk before the journal is removed: {end}")
    verdict.expect(sweeps.digest(folder / "sweep.h5") == digest, "the digest with the library")


def main():
    verdict, tally = Verdict(), Tally()
    with Sweeps() as sweeps, ThreadPoolExecutor(2) as pool:
        library = compiled(sweeps.folder)
        folder = sweeps.new("undisturbed")
        # Once to make the task, which is not to be counted.
        sweeps.run(folder, *OPTIONS)
        start = time.monotonic()
        run = sweeps.run(folder, *OPTIONS, "--overwrite")
        seconds = time.monotonic() - start
        digest = sweeps.digest(folder / "sweep.h5")
        verdict.expect(len(run.reported) == 8 and len(digest) == 64, f"a sweep: {run.errors}")
        for jobs in ("2", "4"):
            run = sweeps.run(folder, *OPTIONS, "--overwrite", "--jobs", jobs)
            verdict.expect(sweeps.digest(folder / "sweep.h5") == digest, f"digest of {jobs} jobs")
        check_order(sweeps, verdict, library, digest)
        list(pool.map(lambda number: random_kill(
            sweeps, verdict, tally, 1.1 * seconds, digest, number), range(RANDOM_KILLS)))
        print(f"random moments: {tally}", flush=True)
        for kind in ("before", "half", "after", f"fail:{errno.ENOSPC}", f"fail:{errno.EIO}"):
            part = Tally()
            # In pairs, until a sweep has fewer operations than the number.
            for number in count(1, 2):
                numbers = (number, number + 1)
                if not all(list(pool.map(lambda k: fault(
                        sweeps, verdict, part, library, digest, kind, k), numbers))):
                    break
            tally.add(**part.counts())
            print(f"{kind}, every operation: {part}", flush=True)
    print(f"in all: {tally}", flush=True)
    verdict.exit()


if __name__ == "__main__":
    main()
