"""What a table was measured on and with."""

import os
import platform
from datetime import date
from importlib.metadata import PackageNotFoundError, version

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
        "python": platform.python_version(),
        **{package: installed(package) for package in PACKAGES}}


def installed(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
