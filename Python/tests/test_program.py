"""How the program is found, run and interrupted, with a script in its place."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import tlbench
from tlbench.program import arguments_of


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that does what the test writes into it."""
    path = tmp_path / "program"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    monkeypatch.setenv("TLBENCH", str(path))
    return path


def test_options_are_spelled_as_on_the_command_line() -> None:
    options = {
        "test_share": 0.2, "sizes": [10, "full"], "overwrite": True, "quiet": False,
        "budget": None, "output": Path("a b.h5"), "resize": 224, "format": "json"}
    assert arguments_of(options) == [
        "--test-share=0.2", "--sizes=10,full", "--overwrite", "--output=a b.h5", "--resize=224",
        "--format=json"]


def test_the_program_is_found(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tlbench.find_program() == script
    monkeypatch.setenv("TLBENCH", str(tmp_path / "nothing"))
    with pytest.raises(tlbench.TlbenchError, match=r"\$TLBENCH names it"):
        tlbench.find_program()
    monkeypatch.delenv("TLBENCH")
    monkeypatch.setattr("tlbench.program.sysconfig.get_path", lambda _: str(tmp_path / "scripts"))
    monkeypatch.setattr("tlbench.program.sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(tlbench.TlbenchError, match="neither in .* nor on PATH"):
        tlbench.find_program()
    for folder in ["bin", "scripts"]:  # the scripts of this Python come before PATH
        (tmp_path / folder).mkdir()
        other = tmp_path / folder / "tlbench"
        other.write_bytes(script.read_bytes())
        other.chmod(0o755)
        assert tlbench.find_program() == other


def test_progress_is_passed_through_and_output_returned(
    script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script.write_text('#!/bin/sh\necho "got $1"; echo "[1/2] running" >&2\n')
    assert tlbench.run("inspect") == "got inspect\n"
    assert capsys.readouterr().err == "[1/2] running\n"
    tlbench.run("inspect", show=False)
    assert capsys.readouterr().err == ""


def test_errors_have_their_two_lines(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script.write_text(
        '#!/bin/sh\necho "progress" >&2\necho "tlbench: cannot read x: it is damaged" >&2\n'
        'echo "  Copy it again." >&2\nexit 65\n')
    with pytest.raises(tlbench.TlbenchError) as error:
        tlbench.run("predict")
    assert error.value.problem == "cannot read x: it is damaged"
    assert error.value.remedy == "Copy it again."
    assert error.value.exit_code == 65
    assert str(error.value) == "cannot read x: it is damaged\n  Copy it again."
    assert capsys.readouterr().err == "progress\n"


def test_a_crash_is_an_error_too(script: Path) -> None:
    script.write_text("#!/bin/sh\nkill -9 $$\n")
    with pytest.raises(tlbench.TlbenchError, match="was ended by signal 9 without a message"):
        tlbench.run("sweep")


def test_an_interruption_stops_the_program_in_order(script: Path, tmp_path: Path) -> None:
    # Each signal that the program gets is a line; a group would get the terminal's as well.
    script.write_text(
        f"#!{sys.executable}\nimport signal, sys, time\n"
        f"def stop(*_):\n    open({str(tmp_path / 'signals')!r}, 'a').write('INT\\n')\n"
        "    time.sleep(0.3)\n    sys.exit(130)\n"
        "signal.signal(signal.SIGINT, stop)\nprint('ready', file=sys.stderr, flush=True)\n"
        "time.sleep(30)\n")
    source = str(Path(tlbench.__file__).parents[1])
    caller = subprocess.Popen(
        [sys.executable, "-c", "import tlbench; tlbench.run('sweep')"], stderr=subprocess.PIPE,
        text=True, env={**os.environ, "PYTHONPATH": source}, start_new_session=True)
    assert caller.stderr is not None and caller.stderr.readline() == "ready\n"
    os.killpg(caller.pid, signal.SIGINT)
    assert "KeyboardInterrupt" in caller.stderr.read()
    assert caller.wait(timeout=20) != 0
    assert (tmp_path / "signals").read_text() == "INT\n"


def test_the_answer_so_far_is_shown(script: Path) -> None:
    script.write_text(
        f"#!{sys.executable}\nimport signal, sys, time\n"
        "def stop(*_):\n    print('the answer so far')\n"
        "    print('tlbench: it was interrupted\\n  To go on: the same', file=sys.stderr)\n"
        "    sys.exit(130)\n"
        "signal.signal(signal.SIGINT, stop)\nprint('ready', file=sys.stderr, flush=True)\n"
        "time.sleep(30)\n")
    source = str(Path(tlbench.__file__).parents[1])
    caller = subprocess.Popen(
        [sys.executable, "-c", "import tlbench; tlbench.run('advise')"], stderr=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": source})
    assert caller.stderr is not None and caller.stderr.readline() == "ready\n"
    caller.send_signal(signal.SIGINT)
    output, errors = caller.communicate(timeout=20)
    assert output == "the answer so far\n"
    assert "tlbench: it was interrupted\n  To go on: the same\n" in errors
    assert "KeyboardInterrupt" in errors and caller.returncode != 0


def test_an_error_keeps_what_was_printed(script: Path) -> None:
    script.write_text("#!/bin/sh\necho 'two changes'\nexit 1\n")
    with pytest.raises(tlbench.TlbenchError, match="exit code 1 without a message") as error:
        tlbench.run("check", "a file.h5")
    assert error.value.output == "two changes\n"
    assert error.value.remedy.endswith(f"{script} check 'a file.h5'")


def test_missing_packages_are_named(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package, call in [
        ("xarray", lambda: tlbench.sweep()), ("h5netcdf", lambda: tlbench.compare("w", "d")),
        ("pandas", lambda: tlbench.predict("m", "d")),
        ("PIL", lambda: tlbench.image_folder("f", 8)),
        ("torch", lambda: tlbench.export_torch(None, "n.h5", (3, 8, 8)))]:
        with monkeypatch.context() as context:
            context.setitem(sys.modules, package, None)
            context.setitem(sys.modules, f"{package}.Image", None)
            with pytest.raises(tlbench.TlbenchError, match="which Python cannot import") as error:
                call()
            name = {"PIL": "pillow"}.get(package, package)
            assert "pip install " in error.value.remedy and name in error.value.remedy
