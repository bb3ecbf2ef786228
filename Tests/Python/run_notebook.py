"""Executes the notebook of the examples in an empty folder, and compares what its cells show.

    TLBENCH=$PWD/.build/release/tlbench PYTHONPATH=$PWD/Python/src \\
        python run_notebook.py FILE [--save]

Every cell that shows something in the notebook must show the same kinds of output again: text,
tables and the page in its frame. With --save, the notebook is replaced by the executed one.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import nbclient
import nbformat

HERE = Path(__file__).resolve().parent
MOST_BYTES = 150_000
# Before the first cell of every kernel.
STARTUP = f"""
import sys
sys.path.insert(0, {str(HERE)!r})
from torchvision_import import import_torchvision
import_torchvision()
"""


def kinds(cell):
    """What a cell shows: the names of its streams, and the types of its value."""
    return {
        output.get("name") or tuple(sorted(output["data"])) if output.output_type != "error"
        else "error" for output in cell.outputs}


def execute(notebook, folder):
    """A copy of the notebook with the outputs of this execution."""
    startup = folder / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-torchvision.py").write_text(STARTUP)
    os.environ["IPYTHONDIR"] = str(folder / "ipython")
    place = folder / "work"
    place.mkdir()
    executed = nbformat.from_dict(notebook)
    for cell in executed.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbclient.NotebookClient(
        executed, timeout=900, kernel_name="python3", record_timing=False, coalesce_streams=True,
        resources={"metadata": {"path": str(place)}}).execute()
    executed.metadata["language_info"] = {"name": "python"}
    return executed


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--save", action="store_true", help="keep the new outputs")
    options = parser.parse_args()
    notebook = nbformat.read(options.notebook, 4)
    with tempfile.TemporaryDirectory() as folder:
        executed = execute(notebook, Path(folder))
    failures = []
    pairs = [pair for pair in zip(notebook.cells, executed.cells) if pair[0].cell_type == "code"]
    for number, (before, after) in enumerate(pairs, 1):
        if not options.save and kinds(before) != kinds(after):
            failures.append(f"cell {number} shows {kinds(after)}, not {kinds(before)}")
    values = "".join(
        output["data"].get("text/html", "") for _, cell in pairs for output in cell.outputs
        if "data" in output)
    if "<iframe" not in values or "&lt;!DOCTYPE html&gt;" not in values:
        failures.append("no cell shows the page in a frame")
    if options.save and not failures:
        nbformat.write(executed, options.notebook)
    if options.notebook.stat().st_size > MOST_BYTES:
        failures.append(f"the notebook has more than {MOST_BYTES:,} bytes")
    for failure in failures:
        print(f"{options.notebook.name}: {failure}", file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
