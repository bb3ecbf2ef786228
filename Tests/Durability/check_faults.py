"""Exposes small sweeps to the faults of real machines, and checks how they end and resume.

    TLBENCH=.build/release/tlbench python check_faults.py

The faults are a full disk, a read-only one, a damaged dataset, too little memory, a clock that goes
backwards, two sweeps at the same time, signals, and terminals. Whatever ended a sweep, it resumes
to the digest of an undisturbed one. Disks are tested if mounting is permitted. Exits with 1 if
something fails.
"""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import time
from contextlib import contextmanager

from sweeps import TIMED_OUT, Sweeps, Verdict, compiled


class Faults:
    def __init__(self, sweeps, verdict):
        self.sweeps, self.verdict = sweeps, verdict
        folder = sweeps.new("undisturbed")
        run = sweeps.run(folder)
        self.digest = sweeps.digest(folder / "sweep.h5")
        verdict.expect(run.code == 0 and len(self.digest) == 64, f"a sweep: {run.errors}")

    def expect(self, holds, claim):
        self.verdict.expect(holds, claim)

    def expect_end(self, folder, name, before=frozenset(), output="sweep.h5", **options):
        run = self.sweeps.run(folder, output=output, **options)
        self.expect(run.code == 0, f"{name}: resumes: {run.code} {run.errors}")
        self.expect(not before & run.reported, f"{name}: repeated {before & run.reported}")
        self.expect(self.sweeps.digest(folder / output) == self.digest, f"{name}: digest")

    # Disks

    @contextmanager
    def disk(self, name, options):
        folder = self.sweeps.new(name)
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True)
        if mounted.returncode != 0:
            print(f"{name}: left out, since mounting is not permitted")
            yield None
            return
        try:
            yield folder
        finally:
            subprocess.run(["umount", folder], check=True)

    def full_disk(self):
        # The journal of eight runs takes some 50 KiB, the results 100.
        for size, reason in (("24k", "keep the journal"), ("96k", "write the results")):
            with self.disk(f"full {size}", f"size={size}") as folder:
                if folder is None:
                    return
                process = subprocess.Popen(
                    self.sweeps.arguments(), cwd=folder, stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE, text=True)
                output, errors = process.communicate()
                self.expect(process.returncode == 74 and f"cannot {reason}" in errors
                            and "No space left" in errors,
                            f"disk of {size}: {process.returncode} {errors}")
                self.expect(output.startswith("Test accuracy"),
                            f"disk of {size}: completed runs are printed")
                subprocess.run(["mount", "-o", "remount,size=4m", folder], check=True)
                self.expect_end(folder, f"disk of {size}")

    def read_only_disk(self):
        with self.disk("read-only", "size=1m") as folder:
            if folder is None:
                return
            subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
            done = subprocess.run(
                self.sweeps.arguments(), cwd=folder, capture_output=True, text=True)
            self.expect(done.returncode == 73 and "Read-only file system" in done.stderr,
                        f"read-only disk: {done.returncode} {done.stderr}")

    # Inputs

    def damaged_dataset(self):
        task = self.sweeps.data / "target-high-r0.h5"
        whole = task.read_bytes()
        for name, content in (("cut", whole[:len(whole) // 2]), ("empty", b""),
                              ("text", b"no dataset"),
                              ("changed", whole[:-500_000] + bytes(1000) + whole[-499_000:])):
            folder = self.sweeps.new(f"dataset {name}")
            task.write_bytes(content)
            run = self.sweeps.run(folder)
            task.write_bytes(whole)
            self.expect(run.code in (65, 66) and "target-high-r0.h5" in run.errors,
                        f"dataset {name}: {run.code} {run.errors}")
            self.expect(not any(folder.iterdir()), f"dataset {name}: leaves files")

    # Memory

    def little_memory(self):
        """Limits from hardly enough to start to plenty: a run that gets no memory fails, or the
        sweep does; what was completed is kept."""
        outcomes = {}
        # The most difficult limits leave room to start, but not for another thread.
        for mebibytes in (100, 125, *range(140, 180, 4), *range(200, 400, 25), 500, 600, 800):
            folder = self.sweeps.new(f"memory {mebibytes}")
            run = self.sweeps.run(
                folder, wrapper=("sh", "-c", f'ulimit -v {mebibytes * 1024}; exec "$0" "$@"'))
            how = {0: "done", 1: "runs failed"}.get(run.code, f"exit {run.code}")
            if run.code < 0:
                how = f"ended by signal {-run.code}"
            outcomes.setdefault(how, []).append(mebibytes)
            self.expect(run.code != TIMED_OUT, f"{mebibytes} MiB: does not end: {run.errors}")
            if run.code == 1:
                self.expect("memory" in run.errors, f"{mebibytes} MiB: says why: {run.errors}")
            if run.code != 0:
                # Failed runs are reported, but repeated.
                done = {name for name in run.reported if f"{name} failed" not in run.errors}
                self.expect_end(folder, f"{mebibytes} MiB", done)
        for how, sizes in outcomes.items():
            print(f"memory limit: {how} with {', '.join(map(str, sizes))} MiB")
        self.expect("done" in outcomes, "a sweep with enough memory ends well")

    # Clock

    def clock_backwards(self):
        folder = self.sweeps.new("clock")
        library = compiled(self.sweeps.folder)
        run = self.sweeps.run(
            folder, "--export-every", "0.2",
            environment={"LD_PRELOAD": str(library), "FAULT_CLOCK": "3600"})
        times = re.findall(r"^(\S+ \S+) \[", run.errors, re.MULTILINE)
        self.expect(run.code == 0, f"clock: {run.code} {run.errors}")
        self.expect(len(times) == 8 and times != sorted(times), f"the clock went back: {times}")
        self.expect(not re.search(r"(elapsed|ETA) -\d", run.errors), f"clock: {run.errors}")
        self.expect(self.sweeps.digest(folder / "sweep.h5") == self.digest, "clock: digest")

    # Two sweeps at the same time

    def two_sweeps(self):
        folder = self.sweeps.new("two")
        first = self.sweeps.start(folder)
        journal = folder / "sweep.h5.journal"
        self.wait_for(journal.exists)
        time.sleep(0.05)
        first.send_signal(signal.SIGSTOP)
        try:
            for options in ((), ("--overwrite",)):
                second = subprocess.run(
                    self.sweeps.arguments(*options), cwd=folder, capture_output=True, text=True)
                self.expect(second.returncode == 73 and f"process {first.pid} is" in second.stderr,
                            f"a second sweep is refused: {second.returncode} {second.stderr}")
        finally:
            first.kill()
        self.sweeps.end(first, folder)
        self.expect_end(folder, "after the death of the holder")

    @staticmethod
    def wait_for(condition):
        end = time.monotonic() + 60
        while not condition():
            if time.monotonic() > end:
                raise SystemExit("a sweep did not get far enough within 60 s")
            time.sleep(0.005)

    # Signals

    def signals(self):
        output = "my sweep's.h5"
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            folder = self.sweeps.new(f"signal {code}")
            process = self.sweeps.start(folder, "--overwrite", output=output)
            errors = folder / "errors.txt"
            self.wait_for(lambda: "[2/8]" in errors.read_text() or process.poll() is not None)
            process.send_signal(number)
            run = self.sweeps.end(process, folder)
            self.expect(run.code == code, f"signal {number}: exit {run.code} {run.errors}")
            self.expect((folder / output).exists(), f"signal {number}: results are written")
            command = run.errors.partition("To resume: ")[2].strip()
            self.expect("--overwrite" not in command and "'my sweep'\\''s.h5'" in command,
                        f"signal {number}: the command to resume: {command}")
            done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
            self.expect(done.returncode == 0 and "restored from" in done.stderr,
                        f"signal {number}: the command resumes: {done.stderr}")
            self.expect(self.sweeps.digest(folder / output) == self.digest,
                        f"signal {number}: digest")

    def second_signal(self):
        folder = self.sweeps.new("two signals")
        # One long run, whose epoch takes a while to end.
        process = self.sweeps.start(folder, "--sizes", "10000", "--strategies", "from-scratch")
        self.wait_for((folder / "sweep.h5.journal").exists)
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        run = self.sweeps.end(process, folder)
        self.expect(run.code == 130, f"two signals: exit {run.code} {run.errors}")

    # Terminals

    def on_terminal(self, folder, columns, **environment):
        main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        variables = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        process = subprocess.Popen(
            self.sweeps.arguments("--overwrite"), cwd=folder, stdout=subprocess.DEVNULL,
            stderr=side, stdin=subprocess.DEVNULL,
            env={**variables, "TERM": "xterm", **environment})
        os.close(side)
        text = b""
        while True:
            try:
                piece = os.read(main, 65536)
            except OSError:
                break
            if not piece:
                break
            text += piece
        os.close(main)
        self.expect(process.wait() == 0, f"terminal of {columns} columns")
        return text.decode()

    def terminals(self):
        folder = self.sweeps.new("terminal")
        for columns in (20, 60, 200):
            text = self.on_terminal(folder, columns)
            self.expect("\x1b[2J" not in text and "\x1b[H" not in text, "never clears all")
            live = [line for line in re.split(r"[\r\n]+|\x1b\[\d*[AJK]", text)
                    if re.match(r"  \d  |\[\d/8\] elapsed", line)]
            self.expect(live and max(map(len, live)) < columns,
                        f"{columns} columns: {max(map(len, live), default=0)} are used")
            self.expect(text.count(" %") >= 8, "each result is shown")
        plain = self.on_terminal(folder, 80, TERM="dumb")
        self.expect("\x1b" not in plain and "[8/8]" in plain, "a dumb terminal gets plain lines")

    def run(self):
        for check in (self.full_disk, self.read_only_disk, self.damaged_dataset,
                      self.little_memory, self.clock_backwards, self.two_sweeps, self.signals,
                      self.second_signal, self.terminals):
            start = time.monotonic()
            count = len(self.verdict.failures)
            check()
            state = "holds" if len(self.verdict.failures) == count else "FAILED"
            print(f"{check.__name__.replace('_', ' '):18} {state} "
                  f"({time.monotonic() - start:.1f} s)", flush=True)


def main():
    verdict = Verdict()
    with Sweeps() as sweeps:
        Faults(sweeps, verdict).run()
    verdict.exit()


if __name__ == "__main__":
    main()
