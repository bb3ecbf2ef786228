"""Compiles the package against oneDNN 3 and compares it with the system's oneDNN.

    python3 check_onednn3.py [results|tests ...]

The package is built against one version of oneDNN; this check shows that it works with another.
`results`: driver.cpp runs every operation of the shim once per version, and each result must agree:
oneDNN 3.2, and 3.1, which is Ubuntu 24.04's.
`tests`: `make test ONEDNN=3`, which builds everything against oneDNN 3, and all tests pass.

A result agrees if the norm of the difference is below 1e-5 of the norm of the system's result.

oneDNN 3 comes from PyPI into virtual environments under .venv; set ONEDNN3 to a folder with
`include` and `lib` to compare another one.
"""

import os
import platform
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SHIM = ROOT / "Sources" / "COneDNN"
KERNELS = ROOT / "Sources" / "CKernels"
# The build for GNU's OpenMP, which is that of the distributions.
OLDER_PACKAGE = "onednn-devel-cpu-gomp==2023.1.0"
TOLERANCE = 1e-5


def versions():
    """The folders of oneDNN 3 to compare with, installed if they are not there yet."""
    if "ONEDNN3" in os.environ:
        return [Path(os.environ["ONEDNN3"])]
    subprocess.run(["make", "-s", "setup", "ONEDNN=3"], cwd=ROOT, check=True)
    older = ROOT / ".venv" / "onednn3.1"
    if not (older / "include" / "dnnl.hpp").exists():
        venv.create(older, with_pip=True)
        subprocess.run(
            [older / "bin" / "python", "-m", "pip", "install", "-q", OLDER_PACKAGE], check=True)
    return [ROOT / ".venv" / "onednn3", older]


def results(binary, library=None):
    """The driver's results by name, and the version that it ran on."""
    environment = dict(os.environ)
    if library:
        environment["LD_LIBRARY_PATH"] = str(library)
    run = subprocess.run([binary], capture_output=True, text=True, env=environment)
    if run.returncode != 0:
        sys.exit(f"the driver failed: {run.stderr.strip()}")
    lines = [line.split() for line in run.stdout.splitlines()]
    return {line[0]: [float(value) for value in line[1:]] for line in lines}, run.stderr.strip()


def build(output, prefix=None):
    # Swift's compiler: the kernels use Clang's vectors.
    command = [
        os.environ.get("CXX", "clang++"), "-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror",
        f"-I{SHIM / 'include'}", f"-I{KERNELS}", f"-I{KERNELS / 'include'}"]
    if prefix:
        command += [f"-isystem{prefix / 'include'}", f"-L{prefix / 'lib'}"]
    sources = sorted(SHIM.glob("*.cpp")) + sorted(KERNELS.rglob("*.cpp")) + [HERE / "driver.cpp"]
    subprocess.run(command + sources + ["-o", output, "-ldnnl", "-lgomp"], check=True)


def distance(found, expected):
    if len(found) != len(expected):
        return float("inf")
    difference = sum((a - b) ** 2 for a, b in zip(found, expected)) ** 0.5
    norm = sum(b**2 for b in expected) ** 0.5
    return difference / norm if norm > 0 else difference


def compare_results():
    """Whether the operations of the shim yield the same with all versions."""
    return all([compare_with(prefix) for prefix in versions()])


def compare_with(prefix):
    with tempfile.TemporaryDirectory() as folder:
        system, other = Path(folder) / "system", Path(folder) / "onednn3"
        build(system)
        build(other, prefix)
        expected, system_version = results(system)
        found, other_version = results(other, prefix / "lib")
    if not expected or set(found) != set(expected):
        sys.exit("the two drivers computed different things")
    if not other_version.startswith("oneDNN 3."):
        sys.exit(f"{prefix} holds {other_version}, not oneDNN 3")
    distances = {name: distance(found[name], expected[name]) for name in expected}
    wrong = {name: value for name, value in distances.items() if not value < TOLERANCE}
    for name, value in wrong.items():
        print(f"{name} differs by {value:.1e}")
    print(
        f"{len(distances)} results of {other_version} and {system_version}: "
        f"{len(wrong)} differ, the largest distance is {max(distances.values()):.1e}", flush=True)
    return not wrong


def run_tests():
    """Whether all tests pass in a build against oneDNN 3."""
    run = subprocess.run(
        ["make", "test", "ONEDNN=3"], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    last = [line for line in run.stdout.splitlines() if "Test run with" in line]
    tool = subprocess.run(
        ["ldd", ROOT / ".build" / "onednn3" / "release" / "tlbench"], capture_output=True,
        text=True).stdout
    if "libdnnl.so.3" not in tool:
        print(f"the build does not use oneDNN 3:\n{tool}{run.stdout[-5000:]}")
        return False
    if run.returncode != 0:
        print(run.stdout[-20_000:])
    print(f"tests on oneDNN 3: {(last or ['none ran'])[-1]}", flush=True)
    return run.returncode == 0 and bool(last)


CHECKS = {"results": compare_results, "tests": run_tests}


def main():
    machine = (platform.system(), platform.machine())
    if "ONEDNN3" not in os.environ and machine != ("Linux", "x86_64"):
        print(f"skipped: {OLDER_PACKAGE} is for Linux on x86-64; set ONEDNN3 to another copy")
        return 0
    outcomes = [CHECKS[name]() for name in sys.argv[1:] or CHECKS]
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
