"""Compiles the package against oneDNN 3 and compares it with the system's oneDNN.

    python3 check_onednn3.py [results|tests ...]

The package is built against one version of oneDNN; this check shows that the other one will do.
`results`: driver.cpp runs every operation of the shim once per version, and each result must agree.
`tests`: everything is built against oneDNN 3 below .build, and all tests pass.

A result agrees if the norm of the difference is below 1e-5 of the norm of the system's result.

oneDNN 3 comes from PyPI into a virtual environment under .venv; set ONEDNN3 to a folder with
`include` and `lib` to use another one.
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
# The build for GNU's OpenMP, which is that of the distributions.
PACKAGE = "onednn-devel-cpu-gomp==2023.2.0"
TOLERANCE = 1e-5


def onednn3():
    """The folder of oneDNN 3, installed if it is not there yet."""
    if "ONEDNN3" in os.environ:
        return Path(os.environ["ONEDNN3"])
    folder = ROOT / ".venv" / "onednn3"
    if not (folder / "include" / "dnnl.hpp").exists():
        venv.create(folder, with_pip=True)
        subprocess.run(
            [folder / "bin" / "python", "-m", "pip", "install", "-q", PACKAGE], check=True)
    return folder


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
    # The shim's header marks pointers in Clang's words, which other compilers need not know.
    command = [
        os.environ.get("CXX", "g++"), "-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror",
        "-D_Nonnull=", "-D_Nullable=", f"-I{SHIM / 'include'}"]
    if prefix:
        command += [f"-isystem{prefix / 'include'}", f"-L{prefix / 'lib'}"]
    sources = sorted(SHIM.glob("*.cpp")) + [HERE / "driver.cpp"]
    subprocess.run(command + sources + ["-o", output, "-ldnnl", "-lgomp"], check=True)


def distance(found, expected):
    if len(found) != len(expected):
        return float("inf")
    difference = sum((a - b) ** 2 for a, b in zip(found, expected)) ** 0.5
    norm = sum(b**2 for b in expected) ** 0.5
    return difference / norm if norm > 0 else difference


def compare_results(prefix):
    """Whether the operations of the shim yield the same with both versions."""
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


def run_tests(prefix):
    """Whether all tests pass in a build against oneDNN 3."""
    scratch = ROOT / ".build" / "onednn3"
    include, library = f"-I{prefix / 'include'}", prefix / "lib"
    command = [
        "swift", "test", "-c", "release", "--disable-testable-imports", "--scratch-path", scratch,
        "-Xcc", include, "-Xcxx", include, "-Xlinker", f"-L{library}",
        "-Xlinker", "-rpath", "-Xlinker", str(library)]
    run = subprocess.run(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    last = [line for line in run.stdout.splitlines() if "Test run with" in line]
    tool = subprocess.run(
        ["ldd", scratch / "release" / "tlbench"], capture_output=True, text=True).stdout
    if "libdnnl.so.3" not in tool:
        print(f"the build does not use oneDNN 3:\n{tool}{run.stdout[-5000:]}")
        return False
    if run.returncode != 0:
        print(run.stdout[-20_000:])
    print(f"tests on oneDNN 3: {(last or ['none ran'])[-1]}", flush=True)
    return run.returncode == 0 and bool(last)


CHECKS = {"results": compare_results, "tests": run_tests}


def main():
    if "ONEDNN3" not in os.environ and (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        print(f"skipped: {PACKAGE} is for Linux on x86-64 only; set ONEDNN3 to a copy of your own")
        return 0
    prefix = onednn3()
    outcomes = [CHECKS[name](prefix) for name in sys.argv[1:] or CHECKS]
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
