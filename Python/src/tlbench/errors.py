"""The errors of the module: what is wrong, and a remedy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class TlbenchError(Exception):
    """What went wrong, and a remedy: the two lines that the program prints.

    Attributes:
        problem: what was attempted, on what, and why it failed.
        remedy: what to do about it; may be empty.
        exit_code: the exit code of the program; None if the error is not the program's.
        output: what the program had printed on standard output until then.
    """

    def __init__(
        self, problem: str, remedy: str = "", exit_code: int | None = None, output: str = ""
    ) -> None:
        super().__init__(f"{problem}\n  {remedy}" if remedy else problem)
        self.problem = problem
        self.remedy = remedy
        self.exit_code = exit_code
        self.output = output


class BrokenPictures(TlbenchError):
    """Pictures that cannot be read.

    Attributes:
        broken: the path of each such file with the reason, in the order of the paths.
    """

    def __init__(self, folder: Path, broken: Sequence[tuple[Path, str]]) -> None:
        first = "; ".join(f"{path}: {reason}" for path, reason in broken[:10])
        more = f"; and {len(broken) - 10} more" if len(broken) > 10 else ""
        super().__init__(
            f"cannot read {len(broken)} of the pictures in {folder}: {first}{more}",
            "Repair or remove them, or give skip_broken=True to leave them out.")
        self.broken = list(broken)


class NotExported(TlbenchError):
    """Parts of a network that have no counterpart in tlbench.

    Attributes:
        parts: the path of each module with the reason, in the order of the network.
    """

    def __init__(self, parts: Sequence[tuple[str, str]]) -> None:
        listed = "; ".join(f"{path}: {reason}" for path, reason in parts[:8])
        more = f"; and {len(parts) - 8} more" if len(parts) > 8 else ""
        super().__init__(
            f"cannot export the network: {listed}{more}",
            "Replace these modules by ones that tlbench has (see export_torch), or export the "
            "part of the network before them.")
        self.parts = list(parts)


def missing_package(function: str, *packages: str) -> TlbenchError:
    """The error about packages that a function needs and that are not all installed."""
    return TlbenchError(
        f"{function} needs {' and '.join(packages)}, which Python cannot import",
        f"Install what is missing with: pip install {' '.join(packages)}")
