"""What the name of the wheel says about the program in it."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

PYTHON = Path(__file__).resolve().parents[1]


@pytest.fixture
def build_wheel(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    pytest.importorskip("tomllib")
    monkeypatch.syspath_prepend(str(PYTHON))
    import build_wheel

    return build_wheel


def test_the_architecture_is_that_of_the_program(build_wheel: ModuleType, tmp_path: Path) -> None:
    own = Path(sys.executable).resolve()
    assert build_wheel.architecture(own) == platform.machine()
    header = bytearray(own.read_bytes()[:20])
    for machine, order, name in [
        (62, "little", "x86_64"), (183, "little", "aarch64"), (183, "big", "aarch64")]:
        header[5] = 1 if order == "little" else 2
        header[18:20] = machine.to_bytes(2, order)
        (tmp_path / "program").write_bytes(header)
        assert build_wheel.architecture(tmp_path / "program") == name
    header[18:20] = (243).to_bytes(2, "big")
    (tmp_path / "program").write_bytes(header)
    with pytest.raises(SystemExit, match="the machine 243"):
        build_wheel.architecture(tmp_path / "program")
    (tmp_path / "program").write_text("#!/bin/sh\n")
    with pytest.raises(SystemExit, match="not a program for Linux"):
        build_wheel.architecture(tmp_path / "program")


@pytest.mark.skipif(not shutil.which("cc"), reason="needs a C compiler")
def test_the_version_of_glibc_is_the_newest_that_is_asked_for(
    build_wheel: ModuleType, tmp_path: Path) -> None:
    # `getrandom` came with 2.25, and `malloc` long before it.
    for name, call in [("old", "malloc(1)"), ("new", "getrandom(0, 0, 0)")]:
        source = tmp_path / f"{name}.c"
        source.write_text(f"long {call.partition('(')[0]}();\nlong f(void) {{ return {call}; }}\n")
        subprocess.run(
            ["cc", "-w", "-fno-builtin", "-shared", "-fPIC", "-o", tmp_path / name, source],
            check=True)
    old, new = (build_wheel.glibc([tmp_path / name]) for name in ("old", "new"))
    assert old < (2, 25) <= new
    assert build_wheel.glibc([tmp_path / "new", tmp_path / "old"]) == new
