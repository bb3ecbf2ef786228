"""No command tears a line on a terminal of 80 columns and 24 lines, or of 40.

Runs commands in pseudo-terminals, follows the cursor through what they write, and expects that no
text reaches beyond the last column: there a terminal would go on in the next line, in the middle of
a word. Also expects a progress bar, the early table of a sweep and of a comparison, and that what
is written into a pipe does not depend on the terminal.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios

import h5py
import numpy as np

TLBENCH = os.environ["TLBENCH"]
REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def in_terminal(arguments, folder, columns=80, lines=24, environment=None):
    """Runs a command in a terminal; returns its exit code and all that it wrote."""
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.chdir(folder)
        variables = {**os.environ, "TERM": "xterm", "TLBENCH_DATA": REPOSITORY}
        variables.pop("COLUMNS", None)
        variables.update(environment or {})
        os.execve(TLBENCH, ["tlbench", *arguments], variables)
    written = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        written += part
    os.close(terminal)
    status = os.waitpid(child, 0)[1]
    return os.waitstatus_to_exitcode(status), written.decode()


def torn(text, columns):
    """The lines that reach beyond the last column."""
    found = []
    for line in text.replace("\r\n", "\n").split("\n"):
        for part in ESCAPE.sub("", line).split("\r"):
            # A word that is longer than the terminal cannot be kept in one line.
            if len(part) > columns and len(part.strip()) > columns and " " in part.strip():
                found.append(part)
    return found


def expect(condition, what):
    if not condition:
        sys.exit(f"check_terminal: {what}")


def write_images(path):
    random = np.random.default_rng(7)
    labels = np.arange(60) % 3
    pixels = random.integers(0, 60, (60, 16, 16, 1)).astype("uint8")
    for index, label in enumerate(labels):
        pixels[index, :, 5 * label : 5 * label + 5] += 150
    with h5py.File(path, "w") as file:
        file["images"] = pixels
        file["labels"] = labels


def main():
    sweep = "sweep --architecture simple --similarities low,high --sizes 20,10000 --replicates 2"
    compare = "compare --weights Datasets/simple.weights.h5 --data mine.h5 --replicates 3"
    train = "train --weights Datasets/simple.weights.h5 --data mine.h5 --output m.keras"
    commands = [
        (sweep.replace("10000", "40"), 0),
        ("sweep --dry-run --list-runs", 0),
        (compare, 0),
        (f"{train} --epochs 40", 0),
        (f"{train} --overwrite --strategy linear-probe", 0),
        ("predict m.keras --data mine.h5", 0),
        ("validate", 0),
        ("validate --verbose", 0),
        ("validate Results/compare.h5 --verbose", 0),
        ("check Results/sweep.h5 --baseline Results/reference.h5", None),
        ("check other.h5 --baseline Results/sweep.h5", None),
        ("recommend --size 500 --similarity low", 0),
        ("recommend --size 20000 --similarity low --results Results/reference.h5 --verbose", 0),
        ("recommend --size 500 --similarity 0.6 --results Results/sweep.h5", 0),
        ("inspect Results/reference.h5", 0),
        ("inspect Datasets/medium.weights.h5", 0),
        ("inspect mine.h5", 0),
        ("inspect Datasets/target-high-r0.h5", 0),
        ("merge Results/sweep.h5 --output merged.h5", 0),
        ("export Datasets/medium.weights.h5 --output medium.keras", 0),
        ("generate --similarities 0.5 --replicates 1", 0),
        ("pretrain --architectures simple --epochs 1 --overwrite", 0),
        ("sweep --help", 0),
        ("compare --help", 0),
        ("--help", 0),
        ("swep", 64),
        ("recommend --size 500 --similarity hgih", 64),
        ("sweep --strategies nonsense", 64),
        ("sweep --sizes 20 --output no/such/folder/anywhere/on/this/machine/sweep.h5", 73),
    ]
    depths = "sweep --depths all --architecture simple --sizes 20 --similarities low,high"
    commands.insert(1, (f"{depths} --replicates 2 --output depths.h5", 0))
    with tempfile.TemporaryDirectory() as folder:
        write_images(f"{folder}/mine.h5")
        other = sweep.replace("10000", "40") + " --strategies from-scratch,linear-probe"
        environment = {**os.environ, "TLBENCH_DATA": REPOSITORY}
        piped = subprocess.run(
            [TLBENCH, *other.split(), "--output", "other.h5", "--task-seed", "1"],
            cwd=folder, env=environment, capture_output=True, text=True, check=True)
        expect(max(map(len, piped.stdout.split("\n"))) > 80, "a pipe has the whole table")
        expect("\x1b" not in piped.stderr, "no control sequences in a pipe")
        for command, expected in commands:
            columns = [80] if expected == 0 and "validate" not in command else [80, 40]
            for width in columns:
                code, text = in_terminal(command.split(), folder, width)
                expect(expected in (None, code), f"{command}: exit code {code}\n{text}")
                lines = torn(text, width)
                # The parser lays out its help itself, for at least 80 columns.
                if "--help" not in command or width >= 80:
                    expect(not lines, f"{command} at {width} columns: " + "\n".join(lines))
            if command == commands[0][0]:
                expect("━" in text and "ETA" in text, "a bar and an estimate")
                expect("After one of 2 replicates" in text, "the early table of a sweep")
                expect("low similarity, 20 labels" in text, "a block for each place")
                expect("Next: tlbench validate Results/sweep.h5" in text, "the next command")
            if command == compare:
                expect("After one of 3 replicates" in text, "the early table of a comparison")
                expect("Next:" in text and "train" in text, "the command that trains the best")
            if command.startswith("train") and "--epochs" in command:
                expect("epoch 40/40" in text, "the progress of a training")
        code, text = in_terminal(["validate"], folder, 200)
        wide = max(len(ESCAPE.sub("", line).rstrip()) for line in text.split("\n"))
        expect(80 < wide <= 200, "a wide terminal has wide tables")
        code, text = in_terminal(["validate"], folder, 200, environment={"COLUMNS": "80"})
        expect(not torn(text, 80), "COLUMNS decides")
    print("check_terminal: ok")


if __name__ == "__main__":
    main()
