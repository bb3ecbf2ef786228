"""Runs the README's two commands in bare Debian systems.

    python3 check_debian.py [SUITE ...] [--quick] [--keep]

For every release (bookworm and trixie: Debian 12 and 13), debootstrap makes a system that has only
the packages of its smallest variant. The Swift toolchain of this machine is mounted in it,
read-only. `make` is installed, as a user would do; then `make sweep` and `make test` must do the
rest in a clone of the last commit. Prints what was installed and the seconds of every step.
With --quick the sweep is the quick one.

Needs root, and takes about half an hour for both releases on two cores. Other systems are not
tested: Ubuntu 24.04 has HDF5 1.10.10, a version of Debian 12's with faults corrected, and oneDNN
3.1, which check_onednn3.py compares.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import debian

ROOT = Path(__file__).resolve().parents[2]
SYSTEMS = ROOT / ".build" / "systems"
SUITES = ["bookworm", "trixie"]
COMMANDS = ["make sweep", "make test"]
QUICK_COMMANDS = ["make sweep SWEEP_FLAGS=--quick", "make test"]
# What a system of its own should know of the network of this one.
INHERITED = [name for name in os.environ if name.lower().endswith("_proxy")]


def toolchain():
    """The folder of the toolchain whose `bin` has swift, if it is one of its own."""
    swift = shutil.which("swift")
    prefix = Path(swift).resolve().parents[1] if swift else None
    return None if prefix in (None, Path("/usr"), Path("/usr/local")) else prefix


def package_copies():
    """Git's settings that replace addresses by folders of this machine, and these folders."""
    listed = subprocess.run(
        ["git", "config", "--get-regexp", r"^url\..*\.insteadof$"], capture_output=True,
        text=True).stdout.splitlines()
    settings = [line.split(" ", 1) for line in listed if line.startswith("url./")]
    return settings, sorted({key[len("url."):-len(".insteadof")] for key, _ in settings})


class System:
    """A bare system in a folder; its mounts end with every command."""

    def __init__(self, suite):
        self.suite = suite
        self.root = SYSTEMS / suite
        self.log = SYSTEMS / f"{suite}.log"
        self.seconds = []
        self.prefix = toolchain()
        self.settings, self.copies = package_copies()

    def timed(self, name, command, **options):
        started = time.monotonic()
        with self.log.open("ab") as log:
            code = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options).returncode
        self.seconds.append((name, time.monotonic() - started))
        if code != 0:
            tail = self.log.read_text(errors="replace")[-3000:]
            raise RuntimeError(f"{name} ended with {code}:\n{tail}")

    def make(self):
        self.timed("debootstrap", [
            "debootstrap", "--variant=minbase", self.suite, self.root, debian.mirror()])
        for setting, value in self.settings:
            subprocess.run(
                ["git", "config", "--file", self.root / "root" / ".gitconfig", "--add", setting,
                 value], check=True)
        subprocess.run(
            ["git", "clone", "-q", "--no-hardlinks", ROOT, self.root / "root" / "tlbench"],
            check=True)

    def command(self, text):
        """The arguments that run a command inside, in the clone."""
        mounts = "".join(
            f"mkdir -p '{self.root}{source}' && mount --bind '{source}' '{self.root}{source}' && "
            f"mount -o remount,bind,ro '{self.root}{source}' && "
            for source in [self.prefix, *self.copies])
        environment = [f"{name}={os.environ[name]}" for name in INHERITED]
        path = f"{self.prefix}/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        inside = ["env", "-i", "HOME=/root", f"PATH={path}", "LANG=C.UTF-8", *environment,
                  "sh", "-c", f"cd /root/tlbench && {text}"]
        script = (
            f"{mounts}mount --rbind /dev '{self.root}/dev' && "
            f"mount -t proc proc '{self.root}/proc' && exec chroot '{self.root}' \"$@\"")
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script, "sh",
                *inside]

    def run(self, name, text):
        self.timed(name, self.command(text))

    def output(self, text):
        return subprocess.run(
            self.command(text), capture_output=True, text=True, check=True).stdout

    def packages(self):
        listed = self.output("dpkg-query -W -f '${Package} ${Version}\\n'")
        return dict(line.split(" ") for line in listed.splitlines())


def check(suite, commands, keep):
    system = System(suite)
    shutil.rmtree(system.root, ignore_errors=True)
    system.log.unlink(missing_ok=True)
    try:
        system.make()
        system.run(
            "install make", "export DEBIAN_FRONTEND=noninteractive; "
            "apt-get update && apt-get install -y --no-install-recommends make")
        before = system.packages()
        for command in commands:
            system.run(command, command)
        new = {name: version for name, version in system.packages().items() if name not in before}
        linked = system.output("ldd .build/release/tlbench | grep -oE 'lib(hdf5|dnnl)[^ ]* '")
        log = system.log.read_text(errors="replace")
        asked = re.findall(r"^setup: installing (.*)$", log, re.MULTILINE)
        tests = re.findall(r"Test run with .*", log)
        if not tests or "passed" not in tests[-1]:
            raise RuntimeError(f"the tests did not pass: {tests}")
        libraries = sorted(name for name in new if re.match(r"lib(hdf5|dnnl).*-dev$", name))
        steps = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in system.seconds)
        print(f"{suite}: {steps}")
        print(f"  installed by make: {'; '.join(asked)} ({len(new)} packages with what they need)")
        print(f"  {', '.join(f'{name} {new[name]}' for name in libraries)}; linked: "
              f"{' '.join(linked.split())}")
        print(f"  {tests[-1]}", flush=True)
        return True
    except (RuntimeError, subprocess.CalledProcessError) as failure:
        print(f"{suite}: {failure}", flush=True)
        return False
    finally:
        if not keep:
            shutil.rmtree(system.root, ignore_errors=True)


def obstacle():
    """Why systems cannot be made here, or nothing."""
    if os.geteuid() != 0:
        return "bare systems are made by root alone"
    if debian.mirror() is None:
        return "bare systems are made of Debian's packages, which this system does not have"
    if toolchain() is None:
        return "the Swift toolchain does not lie in a folder of its own that could be mounted"
    if not shutil.which("debootstrap"):
        subprocess.run([ROOT / ".ci" / "setup", "--debootstrap"])
    return None if shutil.which("debootstrap") else "debootstrap is missing"


def main():
    if reason := obstacle():
        print(f"skipped: {reason}")
        return 0
    SYSTEMS.mkdir(parents=True, exist_ok=True)
    arguments = sys.argv[1:]
    suites = [argument for argument in arguments if not argument.startswith("-")] or SUITES
    commands = QUICK_COMMANDS if "--quick" in arguments else COMMANDS
    outcomes = [check(suite, commands, "--keep" in arguments) for suite in suites]
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
