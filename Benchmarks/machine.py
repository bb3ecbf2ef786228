"""The machine and the versions that a table was measured with."""

import hashlib
import os
import platform
import subprocess
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import contestant

PACKAGES = ("scikit-learn", "numpy", "h5py")
NOT_INSTALLED = "not installed"


def description(options):
    """Date, machine and versions, by name."""
    tool = subprocess.run(
        [options.tlbench, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    with contestant.tlbench(options) as program:
        ours = program.ask("versions")["versions"]
    return {
        "date": date.today().isoformat(),
        "processor": f"{ours['processor']}, {os.cpu_count()} cores",
        # Of oneDNN, which its environment variable lowers; of loops that it does not reach.
        "instruction set": ours["instruction set"],
        "system": f"{platform.system()} {platform.machine()}",
        "tlbench": f"{tool} ({ours['libraries']})",
        "build": build(options),
        "python": platform.python_version(),
        "torch": torch(),
        **{package: installed(package) for package in PACKAGES}}


def torch():
    """PyTorch's version and the instruction set of its own kernels; its oneDNN does not tell."""
    if installed("torch") == NOT_INSTALLED:
        return NOT_INSTALLED
    with contestant.torch("user") as program:
        return f"{installed('torch')} ({program.ask('versions')['versions']['instruction set']})"


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
        return NOT_INSTALLED
