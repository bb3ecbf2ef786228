"""Breaks the code on purpose, in the ways of mutations.py, and shows that tests notice each.

    python check_mutations.py [--list] [--only NAME]...

Works on a copy of the tree under .build/mutations, which stays there so that the next run builds
less. The copy must pass the tests first. Then each breakage is made, built, tested and undone.
It is caught where a test fails. One that does not compile, crashes the tests or hangs proves
nothing and counts as not caught. Exits with 1 unless all are caught.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import mutations

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "Tests"
COPY = ROOT / ".build" / "mutations"
PARTS = ["Package.swift", "Sources", "Tests", "Benchmarks/Worker", "Datasets"]
# A debug build compiles again only the files that a mutation changes, a release build their whole
# module and all that use it. The C kernels are optimized, or the tests would take minutes.
TEST = ["swift", "test", "-Xcc", "-O2", "-Xcxx", "-O2"]
# A build from nothing takes minutes, a test run seconds.
TIME_LIMIT = 1800

# The other test targets would be built after every mutation, without effect.
ONLY_TESTS = """
package.targets.removeAll {{ $0.isTest && ![{names}].contains($0.name) }}
"""

FAILED_TEST = re.compile(r"Test (\w+)\(.*?\) recorded an issue.* at (\w+)\.swift:\d+")
AUDIT = re.compile(r"frozen tensors changed: [\w/]+")


class Broken(Exception):
    """A mutation proves nothing: it does not apply, does not compile, or does not end."""


def copy_tree():
    """Brings the copy up to date, touching only what differs so that little is built again."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"] + PARTS,
        cwd=ROOT, check=True, capture_output=True, text=True)
    names = {name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()}
    for part in PARTS:
        for file in (COPY / part).rglob("*"):
            if file.is_file() and str(file.relative_to(COPY)) not in names:
                file.unlink()
    for name in names:
        content = (ROOT / name).read_bytes()
        if name == "Package.swift":
            content += ONLY_TESTS.format(names=quoted(test_targets())).encode()
        target = COPY / name
        if not target.exists() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    # The same versions of the dependencies.
    if (ROOT / "Package.resolved").exists():
        shutil.copy(ROOT / "Package.resolved", COPY)


def quoted(names):
    return ", ".join(f'"{name}"' for name in names)


def test_targets():
    """The test targets that have a test that some mutation names."""
    return sorted({
        file_of(suite).relative_to(TESTS).parts[0] for suite in suites(mutations.ALL)})


def suites(chosen):
    return sorted({suite for mutation in chosen for suite in mutation.tests.split("|")})


def file_of(suite):
    """The test file that declares a suite."""
    for file in sorted(TESTS.rglob("*.swift")):
        if re.search(rf"\b(struct|class|enum|actor) {suite}\b", file.read_text()):
            return file
    sys.exit(f"there is no suite of tests called {suite}")


def test(filter):
    """Builds and tests the copy: whether it passed, and what was printed."""
    # Failures are found by the words, which are not coloured then.
    environment = dict(os.environ, NO_COLOR="1")
    try:
        run = subprocess.run(
            TEST + ["--filter", filter], cwd=COPY, text=True, errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
            timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired as error:
        raise Broken(f"the tests did not end within {TIME_LIMIT} s") from error
    if "Build complete!" not in run.stdout:
        errors = [line for line in run.stdout.splitlines() if "error:" in line]
        raise Broken("it does not compile: " + "; ".join(errors[:2] or [run.stdout[-300:]]))
    return run.returncode == 0, run.stdout


def pattern(names):
    """A filter for suites by their whole names, which may be inside others."""
    return rf"[./]({names})/"


def edited(edits):
    """The texts of the files before the edits, and after them."""
    originals = {}
    changed = {}
    for edit in edits:
        text = changed.get(edit.file) or (ROOT / edit.file).read_text()
        originals.setdefault(edit.file, text)
        count = text.count(edit.old)
        if count != 1:
            raise Broken(f"{edit.file} has {count} times instead of once: {edit.old!r}")
        changed[edit.file] = text.replace(edit.old, edit.new)
    return originals, changed


def mutate(edits):
    """Makes the edits in the copy and returns the texts that were there."""
    originals, changed = edited(edits)
    for file, text in changed.items():
        (COPY / file).write_text(text)
    return originals


def outdated(chosen):
    """A line for each mutation that no longer fits the code, which nothing has to be built for."""
    lines = []
    for mutation in chosen:
        try:
            edited(mutation.edits)
        except Broken as error:
            lines.append(f"{mutation.name}: {error}")
    return lines


def catchers(mutation):
    """The tests that fail under a mutation, and what the freeze audit said, if anything."""
    originals = mutate(mutation.edits)
    try:
        passed, output = test(pattern(mutation.tests))
    finally:
        for file, text in originals.items():
            (COPY / file).write_text(text)
    tests = sorted({f"{file}.{name}" for name, file in FAILED_TEST.findall(output)})
    if not passed and not tests:
        reasons = re.findall(r".*(?:[Ff]atal error|crashed|signal code).*", output)
        raise Broken("the tests crashed: " + (reasons[0] if reasons else output.strip()[-300:]))
    audit = AUDIT.search(output)
    return tests, audit.group() if audit else None


def report(mutation):
    """Whether a mutation is caught; prints its line."""
    try:
        tests, audit = catchers(mutation)
    except Broken as error:
        print(f"BROKEN   {mutation.name}: {error}", flush=True)
        return False
    by = ", ".join(tests) + (f" (freeze audit: {audit})" if audit else "")
    word = "caught  " if tests else "SURVIVED"
    print(
        f"{word} {mutation.name}: {mutation.breaks}; "
        + (f"by {by}" if tests else f"nothing in {mutation.tests} fails"), flush=True)
    return bool(tests)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--list", action="store_true", help="print the mutations and stop")
    parser.add_argument("--only", action="append", metavar="NAME", help="make this one alone")
    options = parser.parse_args()
    known = {mutation.name: mutation for mutation in mutations.ALL}
    if options.list:
        for mutation in known.values():
            print(f"{mutation.name}: {mutation.breaks}")
        return 0
    for name in options.only or []:
        if name not in known:
            sys.exit(f"there is no mutation {name!r}; the mutations are {', '.join(known)}")
    chosen = [known[name] for name in options.only or known]
    lines = outdated(chosen)
    if lines:
        sys.exit("\n".join(lines))

    COPY.mkdir(parents=True, exist_ok=True)
    copy_tree()
    try:
        passed, output = test(pattern("|".join(suites(chosen))))
    except Broken as error:
        sys.exit(f"the code as it is fails: {error}")
    if not passed:
        sys.exit(f"the code as it is fails its tests:\n{output[-3000:]}")
    caught = sum([report(mutation) for mutation in chosen])
    print(f"{caught} of {len(chosen)} mutants caught")
    return 0 if caught == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
