"""The machine and the versions that a table was measured with."""

import hashlib
import os
import platform
import subprocess
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import contestant

PACKAGES = ("scikit-learn", "numpy", "h5py", "pillow")
NOT_INSTALLED = "not installed"
# What differs from run to run on the same machine.
MEASURED = ("date", "FMA peak")


# What limits every contestant to an instruction set: oneDNN and tlbench's kernels, PyTorch's own
# kernels, and MKL's matrix products in PyTorch.
LIMITS = {
    "avx2": {
        "ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2"}}


def peaks(options):
    """Operations per second of one core by instruction set, as tlbench-worker measures them."""
    with contestant.tlbench(options) as program:
        return program.ask("peak")["peaks"]


def peaks_text(values):
    """The peaks as text, the lowest first."""
    return ", ".join(
        f"{name} {value / 1e9:.1f} GFLOP/s"
        for name, value in sorted(values.items(), key=lambda item: item[1]))


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
    """The first difference of two descriptions apart from the date and the peak; None if there is
    none."""
    for name in {**here, **there}:
        if name not in MEASURED and here.get(name) != there.get(name):
            return f"{name}: {there.get(name)} there, {here.get(name)} here"
    return None


def installed(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return NOT_INSTALLED
