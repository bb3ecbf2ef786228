"""Finds the program tlbench, and runs it with its progress shown."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Union

from .errors import TlbenchError

Option = Union[None, bool, int, float, str, "os.PathLike[str]", Iterable[object]]


def find_program() -> Path:
    """The program that this module runs: the path in $TLBENCH, or else `tlbench` in the folder of
    the scripts of this Python, which `pip install` fills, or else on PATH.

    Raises:
        TlbenchError: if it is nowhere, or $TLBENCH is not a program.
    """
    given = os.environ.get("TLBENCH")
    if given:
        path = shutil.which(given)
        if path is None:
            raise TlbenchError(
                f"cannot run {given}: $TLBENCH names it, but it is not an executable file",
                "Set TLBENCH to the path of the program tlbench, or unset it.")
        return Path(path)
    scripts = [Path(sysconfig.get_path("scripts")), Path(sys.executable).parent]
    for folder in [*map(str, scripts), None]:
        path = shutil.which("tlbench", path=folder)
        if path is not None:
            return Path(path)
    raise TlbenchError(
        f"cannot find the program tlbench: it is neither in {scripts[0]} nor on PATH",
        "Install the wheel, which contains it, or set TLBENCH to the path of the built program.")


def arguments_of(options: Mapping[str, Option]) -> list[str]:
    """The options of the command line: `test_share=0.2` becomes `--test-share=0.2`.

    Lists are joined with commas; True gives an option without a value; None and False give none.
    """
    arguments = []
    for name, value in options.items():
        flag = "--" + name.strip("_").replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            arguments.append(flag)
        elif isinstance(value, (str, os.PathLike)):
            arguments.append(f"{flag}={os.fspath(value)}")
        elif isinstance(value, Iterable):
            arguments.append(f"{flag}={','.join(map(str, value))}")
        else:
            arguments.append(f"{flag}={value}")
    return arguments


def run(*arguments: str | os.PathLike[str], show: bool = True) -> str:
    """Runs the program, and returns what it prints on standard output.

    Its progress and its notes are passed through to `sys.stderr` line by line if `show` is true.
    An interruption (Ctrl-C, or *interrupt* in a notebook) stops the program in order: what it
    finished is kept, and the same call resumes it if its output has a name.

    Raises:
        TlbenchError: if the program fails; with its two lines and its exit code.
    """
    command = [str(find_program()), *(os.fspath(argument) for argument in arguments)]
    # In a session of its own: Ctrl-C in a terminal would reach it twice, and a second signal
    # makes it quit without saving.
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", errors="replace", start_new_session=True)
    try:
        output, message = _communicate(process, show)
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait()
        raise
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if process.returncode == 0:
        return output
    if process.returncode == 130:
        raise KeyboardInterrupt
    raise _error(message, process.returncode, command)


def _communicate(process: subprocess.Popen[str], show: bool) -> tuple[str, list[str]]:
    """Standard output, and the lines of the error; shows the other lines of standard error."""
    from threading import Thread

    parts: list[str] = []
    assert process.stdout is not None and process.stderr is not None
    reader = Thread(target=lambda: parts.append(process.stdout.read()))  # type: ignore[union-attr]
    reader.start()
    error: list[str] = []
    for line in process.stderr:
        if error or line.startswith(("tlbench: ", "Error: ")):
            error.append(line.rstrip("\n"))
        elif show:
            sys.stderr.write(line)
            sys.stderr.flush()
    reader.join()
    process.wait()
    return "".join(parts), error


def _error(lines: list[str], code: int, command: list[str]) -> TlbenchError:
    if not lines:
        how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        return TlbenchError(
            f"tlbench {command[1] if len(command) > 1 else ''} {how} without a message",
            "Run the same command in a terminal: " + " ".join(command), code)
    problem = lines[0].removeprefix("tlbench: ").removeprefix("Error: ")
    return TlbenchError(problem, "\n  ".join(line.strip() for line in lines[1:]), code)
