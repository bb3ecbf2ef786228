"""The machine and the versions that a table was measured with."""

import hashlib
import os
import platform
import subprocess
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import contestant

PACKAGES = ("torch", "scikit-learn", "numpy", "h5py")


def description(options):
    """Date, machine and versions, by name."""
    tool = subprocess.run(
        [options.tlbench, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    with contestant.tlbench(options) as program:
        ours = program.ask("versions")["versions"]
    return {
        "date": date.today().isoformat(),
        "processor": f"{ours['processor']}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.machine()}",
        "tlbench": f"{tool} ({ours['libraries']}; {ours['instruction set']})",
        "build": build(options),
        "python": platform.python_version(),
        **{package: installed(package) for package in PACKAGES}}


def build(options):
    """A digest of the programs that are measured."""
    digest = hashlib.sha256()
    for program in (options.tlbench, contestant.worker(options)):
        digest.update(Path(program).read_bytes())
    return digest.hexdigest()[:12]


def difference(here, there):
    """The first difference of two descriptions apart from the date; None if there is none."""
    for name in {**here, **there}:
        if name != "date" and here.get(name) != there.get(name):
            return f"{name}: {there.get(name)} there, {here.get(name)} here"
    return None


def installed(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
