"""What a table was measured on and with."""

import hashlib
import os
import platform
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import contestant

PACKAGES = ("torch", "scikit-learn", "numpy", "h5py")


def description(options):
    """Date, machine and versions, by name."""
    with contestant.tlbench(options) as program:
        ours = program.ask("versions")["versions"]
    return {
        "date": date.today().isoformat(),
        "processor": f"{ours['processor']}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.machine()}",
        "tlbench": f"{ours['tlbench']} ({ours['libraries']}; {ours['instruction set']})",
        "build": hashlib.sha256(Path(options.tlbench).read_bytes()).hexdigest()[:12],
        "python": platform.python_version(),
        **{package: installed(package) for package in PACKAGES}}


def difference(here, there):
    """What tells two descriptions apart, but for the date; None where nothing does."""
    for name in {**here, **there}:
        if name != "date" and here.get(name) != there.get(name):
            return f"{name}: {there.get(name)} there, {here.get(name)} here"
    return None


def installed(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
