"""Checks how tlbench reads damaged and malicious files.

    TLBENCH=.build/release/tlbench python check_hostile_files.py [--files 5000]
        [--tensor-files 10000] [--seed 1]

Files of every format are mutated (bits flipped, words overwritten, ends cut off, pieces spliced in)
and given to a command that reads such files; those in HDF5 then also to `tlbench-worker read`, which
reads everything in many files in one process. In half of the archives of torch.save only the pickle
is mutated, behind a right checksum. Mutated pictures are packed into sets. Forged files refer to
other files, declare content that they do not have or ask Python to run a program. The process must
never end by a signal, use more than 1 GiB or run longer than the limit, and every outcome must be
success or an error with a documented exit code. Exits with 1 if something else happens.
"""

import argparse
import collections
import concurrent.futures
import io
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
TLBENCH = os.environ.get("TLBENCH", str(REPOSITORY / ".build/release/tlbench"))
WORKER = str(Path(TLBENCH).with_name("tlbench-worker"))
LARGEST_MIB = 1024
# A reader has 10 s of processor time and 30 s of patience for a request; the machine may be busy.
LONGEST_SECONDS = 60
EXIT_CODES = (0, 65, 66)
COMMANDS = {"results": ["inspect", "digest", "validate"]}
SUFFIXES = {"keras-archive": ".keras", "torch": ".pth", "safetensors": ".safetensors"}
# Formats that no other process reads.
TENSOR_FORMATS = ("torch", "safetensors")
# What errors are called in the table, by words that they have.
KINDS = {
    "library crashed": "made the HDF5 library crash", "too slow": "took ",
    "memory": "memory", "reader's answers": "makes no sense", "refers elsewhere": "other files",
    "not HDF5": "not an HDF5 file", "damaged": "cut off or damaged",
    "not tensors": "is no part of a tensor", "checksum": "its checksum is wrong",
}

Outcome = collections.namedtuple("Outcome", "code output errors mebibytes seconds")


def run(arguments, longest=LONGEST_SECONDS, program=TLBENCH):
    """Runs a program to its end; after twice the limit it is killed, which counts as a signal."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([program, *map(str, arguments)], stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=errors)
        killer = threading.Timer(2 * longest, process.kill)
        killer.start()
        # The peak memory of the process, or of the largest reader that it waited for.
        _, status, usage = os.wait4(process.pid, 0)
        killer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for stream in (output, errors):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
    unit = 1 if sys.platform == "darwin" else 1024
    return Outcome(process.returncode, *texts, usage.ru_maxrss * unit / 2**20,
                   time.monotonic() - start)


def problem(outcome):
    """What is wrong with an outcome; None if nothing is."""
    if outcome.code < 0:
        return f"ended by signal {-outcome.code}"
    if outcome.code not in EXIT_CODES:
        return f"exit code {outcome.code}: {outcome.errors.strip()[-300:]}"
    if outcome.code != 0 and not outcome.errors.startswith("tlbench: cannot "):
        return f"an error without a name: {outcome.errors.strip()[-300:]!r}"
    if outcome.mebibytes > LARGEST_MIB:
        return f"took {outcome.mebibytes:.0f} MiB"
    if outcome.seconds > LONGEST_SECONDS:
        return f"took {outcome.seconds:.0f} s"
    return None


def kind(code, text):
    if code == 0:
        return "read"
    return next((name for name, words in KINDS.items() if words in text), "refused otherwise")


def mutated(choose, whole, other):
    """A file with a few changes of one sort; `other` is a file of the same format."""
    data = bytearray(whole)
    sort = choose.random()
    # Most of what matters is in the headers, which are near the beginning.
    reach = len(data) if choose.random() < 0.5 else min(len(data), 8192)
    if sort < 0.55:
        for _ in range(choose.choice((1, 1, 2, 4, 16))):
            data[choose.randrange(reach)] ^= 1 << choose.randrange(8)
    elif sort < 0.70:
        for _ in range(choose.choice((1, 2))):
            place = choose.randrange(max(1, reach - 8))
            word = choose.choice((0, 1, 0xFF, 0xFFFF, 2**31, 2**32 - 1, 2**63, 2**64 - 1,
                                  choose.randrange(len(data))))
            width = choose.choice((1, 2, 4, 8))
            data[place:place + width] = (word % 256**width).to_bytes(width, "little")
    elif sort < 0.80:
        del data[choose.randrange(len(data)):]
    else:
        length = choose.choice((8, 64, 512, 4096))
        source, target = choose.randrange(len(other)), choose.randrange(reach)
        data[target:target + length] = other[source:source + length]
    return bytes(data)


def with_mutated_pickle(choose, whole, other):
    """An archive of torch.save whose pickle has changes that its checksum does not show."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(result, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(zipfile.ZipInfo(name),
                         mutated(choose, content, other) if name.endswith("data.pkl") else content)
    return result.getvalue()


def mutants(seeds, folder, formats, count, seed):
    """Writes mutants of some formats in turn; their formats and paths."""
    choose = random.Random(seed)
    contents = {name: [file.read_bytes() for file in sorted((seeds / name).iterdir())]
                for name in formats}
    for index in range(count):
        name = formats[index % len(formats)]
        mutate = mutated
        if name == "torch" and choose.random() < 0.5:
            mutate = with_mutated_pickle
        path = folder / f"{name}-{index}{SUFFIXES.get(name, '.h5')}"
        path.write_bytes(mutate(choose, choose.choice(contents[name]),
                                choose.choice(contents[name])))
        yield name, path


def with_checksums(data):
    """A PNG file with the checksums that its chunks should have, so that they are looked at."""
    parts, place = [data[:8]], 8
    while place + 12 <= len(data):
        length = struct.unpack_from(">I", data, place)[0]
        end = place + 8 + length
        if end + 4 > len(data):
            break
        parts += [data[place:end], struct.pack(">I", zlib.crc32(data[place + 4:end]))]
        place = end + 4
    return b"".join(parts) + data[place:]


class Report:
    def __init__(self):
        self.problems = []
        self.table = collections.defaultdict(collections.Counter)
        self.mebibytes = self.seconds = 0

    def add(self, row, what, outcome, trouble):
        self.mebibytes = max(self.mebibytes, outcome.mebibytes)
        self.seconds = max(self.seconds, outcome.seconds)
        self.table[row][kind(outcome.code, outcome.errors)] += 1
        if trouble:
            self.problems.append(f"{what}: {trouble}")
            print(f"PROBLEM {what}: {trouble}", flush=True)

    def print(self, title):
        columns = sorted({name for row in self.table.values() for name in row})
        print(f"\n{title}\n" + f"{'':14}" + "".join(f"{name:>{len(name) + 2}}" for name in columns))
        for row, counts in self.table.items():
            print(f"{row:14}" + "".join(f"{counts[name]:>{len(name) + 2}}" for name in columns))
        if self.seconds:
            print(f"at most {self.mebibytes:.0f} MiB and {self.seconds:.1f} s")
        sys.stdout.flush()


def check_commands(files, seed):
    report = Report()
    choose = random.Random(seed)
    tasks = [(name, [choose.choice(COMMANDS.get(name, ["inspect"])), path]) for name, path in files]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = pool.map(run, (arguments for _, arguments in tasks))
        for (name, arguments), outcome in zip(tasks, outcomes):
            report.add(name, f"{arguments[0]} {arguments[1]}", outcome, problem(outcome))
    report.print(f"{len(files)} mutated files, each by a command")
    return report.problems


def check_everything(files):
    """Reads all files in one process, which must survive them and leave no file open."""
    outcome = run(["read", *(path for _, path in files)], longest=5 * len(files), program=WORKER)
    *lines, last = outcome.output.rstrip("\n").split("\n")
    report = Report()
    for (name, path), line in zip(files, lines):
        _, seconds, text = line.split("\t", 2)
        report.table[name][kind(0 if text.startswith("read ") else 65, text)] += 1
        if float(seconds) > LONGEST_SECONDS:
            report.problems.append(f"tlbench-worker read {path}: took {seconds} s")
    word, *counts = last.split("\t")
    if outcome.code != 0 or len(lines) != len(files) or word != "descriptors":
        report.problems.append(
            f"tlbench-worker read ended with {outcome.code} after {len(lines)} files: "
            f"{outcome.errors[-300:]}")
    elif counts[0] != counts[1]:
        report.problems.append(
            f"tlbench-worker read had {counts[0]} open files first and {counts[1]} last")
    if outcome.mebibytes > LARGEST_MIB:
        report.problems.append(f"tlbench-worker read took {outcome.mebibytes:.0f} MiB")
    report.print(f"{len(files)} mutated files, everything in them read by one process "
                 f"({outcome.mebibytes:.0f} MiB)")
    return report.problems


def check_pictures(folder, count, seed):
    """Packs mutated pictures beside whole ones; broken ones are left out by name."""
    choose = random.Random(seed)
    samples = sorted((REPOSITORY / "Tests/PicturesTests/Fixtures/pictures").iterdir())
    wholes = [path.read_bytes() for path in samples]
    for name in ("a", "b"):
        (folder / "photos" / name).mkdir(parents=True)
    for index in range(count):
        whole = choose.choice(wholes)
        data = mutated(choose, whole, choose.choice(wholes))
        if data.startswith(b"\x89PNG") and choose.random() < 0.8:
            data = with_checksums(data)
        (folder / "photos/a" / f"{index}.png").write_bytes(data)
    # What follows the end of a picture makes it another file.
    for name in ("a", "b"):
        (folder / f"photos/{name}/whole.png").write_bytes(wholes[0] + name.encode())
    output = folder / "photos.h5"
    outcome = run(["pack", folder / "photos", "--size", "8", "--skip-broken", "--output", output],
                  longest=LONGEST_SECONDS + count)
    crashes = outcome.errors.count("made its decoder crash")
    print(f"\n{count} mutated pictures: {outcome.output.strip() or outcome.errors.strip()[-300:]} "
          f"({outcome.mebibytes:.0f} MiB, {outcome.seconds:.0f} s, {crashes} crashes of decoders)")
    if outcome.code != 0 or not output.exists() or outcome.mebibytes > LARGEST_MIB:
        return [f"tlbench pack {folder / 'photos'}: exit code {outcome.code}, "
                f"{outcome.mebibytes:.0f} MiB"]
    return []


def check_forgeries(folder):
    report = Report()
    made = subprocess.run([sys.executable, HERE / "forgeries.py", folder], check=True, text=True,
                          stdout=subprocess.PIPE)
    for line in made.stdout.splitlines():
        forgery = json.loads(line)
        outcome = run(["inspect", forgery["path"]])
        trouble = problem(outcome)
        if not trouble and forgery["words"]:
            if outcome.code == 0:
                trouble = "it was read"
            elif not any(words in outcome.errors for words in forgery["words"]):
                trouble = f"not refused by name: {outcome.errors.strip()}"
        name = Path(forgery["path"]).stem
        print(f"{name:22} {outcome.code:3} {outcome.mebibytes:5.0f} MiB {outcome.seconds:5.1f} s  "
              + (outcome.errors or outcome.output).split("\n")[0].replace(str(folder) + "/", ""))
        report.add(name, f"inspect {forgery['path']}", outcome, trouble)
    if (folder / "ran").exists():
        report.problems.append("a forged pickle has run a program")
    return report.problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--tensor-files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("seeds", "mutants", "forgeries", "pictures"):
            (folder / part).mkdir()
        problems = check_forgeries(folder / "forgeries")
        problems += check_pictures(folder / "pictures", options.files, options.seed)
        subprocess.run([sys.executable, HERE / "seeds.py", folder / "seeds"], check=True)
        seeds, mutated_files = folder / "seeds", folder / "mutants"
        formats = [path.name for path in sorted(seeds.iterdir())
                   if path.name not in TENSOR_FORMATS]
        files = list(mutants(seeds, mutated_files, formats, options.files, options.seed))
        problems += check_commands(files, options.seed)
        # An archive is not an HDF5 file, it contains one.
        problems += check_everything([file for file in files if file[0] != "keras-archive"])
        # The encoders among the seeds are read with their settings.
        shutil.copy(REPOSITORY / "Tests/ModelFilesTests/Fixtures/text/bert/config.json",
                    mutated_files)
        problems += check_commands(
            list(mutants(seeds, mutated_files, TENSOR_FORMATS, options.tensor_files, options.seed)),
            options.seed)
    print(f"\n{len(problems)} problems")
    for text in problems:
        print(text)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
