"""Finds the program tlbench, and runs it with its progress shown."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Thread
from typing import IO, Union

from .errors import TlbenchError

Option = Union[None, bool, int, float, str, "os.PathLike[str]", Iterable[object]]


def find_program() -> Path:
    """The program that this module runs: the path in $TLBENCH, or else `tlbench` in the folder of
    the scripts of this Python, where `pip install` puts that of the wheel, or else on PATH.

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
    prints until its end is shown, what it finished is kept, and the same call resumes it if its
    output has a name. A second interruption ends it immediately.

    Raises:
        TlbenchError: if the program fails; with its two lines and its exit code.
    """
    command = [str(find_program()), *(os.fspath(argument) for argument in arguments)]
    # In a session of its own: Ctrl-C in a terminal would reach it twice, and a second signal
    # makes it quit without saving.
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", errors="replace", start_new_session=True)
    assert process.stdout is not None and process.stderr is not None
    read = process.stdout.read
    printed: list[str] = []
    reader = Thread(target=lambda: printed.append(read()), daemon=True)
    reader.start()
    error: list[str] = []
    was_interrupted = False
    try:
        try:
            _pass_through(process.stderr, error, show)
            process.wait()
        except KeyboardInterrupt:
            was_interrupted = True
            process.send_signal(signal.SIGINT)
            _pass_through(process.stderr, error, show)
            process.wait()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    reader.join()
    output = "".join(printed)
    if was_interrupted or process.returncode == 130:
        if show:
            sys.stdout.write(output)
            sys.stderr.write("".join(f"{line}\n" for line in error))
        raise KeyboardInterrupt
    if process.returncode == 0:
        return output
    raise _error(error, process.returncode, command, output)


def _pass_through(lines: IO[str], error: list[str], show: bool) -> None:
    """Collects the lines of the error, and shows the others."""
    for line in lines:
        if error or line.startswith(("tlbench: ", "Error: ")):
            error.append(line.rstrip("\n"))
        elif show:
            sys.stderr.write(line)
            sys.stderr.flush()


def _error(lines: list[str], code: int, command: list[str], output: str) -> TlbenchError:
    if not lines:
        how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        return TlbenchError(
            f"tlbench {command[1] if len(command) > 1 else ''} {how} without a message",
            "Run the same command in a terminal: " + shlex.join(command), code, output)
    problem = lines[0].removeprefix("tlbench: ").removeprefix("Error: ")
    return TlbenchError(problem, "\n  ".join(line.strip() for line in lines[1:]), code, output)
