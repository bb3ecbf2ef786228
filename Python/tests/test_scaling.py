"""What `make scaling` runs."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "Benchmarks"


def test_a_run_has_one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import scaling_cells

    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\necho "$@" > "{tmp_path}/arguments"\necho "epochs 8"\n')
    program.chmod(0o755)
    cell = scaling_cells.run_cell(
        SimpleNamespace(tlbench=str(program)), tmp_path, "task.h5", "fine-tuning", "--epochs", 2)
    assert cell["epochs"] == 8
    arguments = (tmp_path / "arguments").read_text().split()
    assert arguments[arguments.index("--jobs") + 1] == "1"
    assert arguments[:1] == ["train"] and arguments[-2:] == ["--epochs", "2"]
