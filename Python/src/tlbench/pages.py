"""Reports on results as pages that a notebook shows."""

from __future__ import annotations

import html
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Optional, Union

from .commands import Place
from .errors import TlbenchError
from .program import Option, arguments_of, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray

    Results = Union[Place, xarray.Dataset]


@dataclass(frozen=True)
class Report:
    """A page with figures, tables and findings, which a notebook shows as the value of a cell.

    Attributes:
        html: the page, which loads nothing from the network.
        path: its file; None if it was not saved.
        height: the height at which a notebook shows it, in pixels.
    """

    html: str = field(repr=False)
    path: Optional[Path] = None
    height: int = 640

    def _repr_html_(self) -> str:
        """A frame with the page, which can run its own script and save tables, and nothing else."""
        return (
            '<iframe sandbox="allow-scripts allow-downloads" title="Report of tlbench" '
            f'style="width:100%;height:{self.height}px;border:0" '
            f'srcdoc="{html.escape(self.html)}"></iframe>')


def report(
    results: Union[Results, Sequence[Results]],
    *,
    baseline: Optional[Results] = None,
    output: Optional[Place] = None,
    title: Optional[str] = None,
    height: int = 640,
    overwrite: bool = False,
    **options: Option,
) -> Report:
    """Makes a page of the results of `sweep`, `compare` or `advise`: `tlbench report`.

    Args:
        results: files of results or of races, or what `sweep` and `compare` returned; several give
            one page with a report on each. Selections that were made from them are not followed.
        baseline: earlier results; the page then shows what changed.
        output: a file for the page too, with a name that ends in .html.
        title: the title of the page (default: what was found).
        height: the height at which a notebook shows the page, in pixels.
        overwrite: replace an existing page and existing figures.
        options: any other option of the command: `figures="figures"`.

    Raises:
        TlbenchError: if the program fails, with its two lines; or if the file of the results is
            not known or does not exist any more.
    """
    several = results if isinstance(results, (list, tuple)) else [results]
    named: dict[str, Option] = dict(
        baseline=None if baseline is None else _file(baseline), title=title, overwrite=overwrite,
        output="-" if output is None else output)
    page = run("report", *arguments_of({**named, **options}), *map(_file, several), show=False)
    if output is None:
        return Report(page, height=height)
    return Report(Path(output).read_text(encoding="utf-8"), Path(output), height)


def _file(results: Results) -> Place:
    """The file of results."""
    if isinstance(results, (str, os.PathLike)):
        return results
    source = getattr(results, "encoding", {}).get("source")
    if source is None or not Path(source).exists():
        raise TlbenchError(
            f"cannot report on these results: "
            f"{'they have no file' if source is None else f'their file {source} does not exist'}",
            "Give the path of a file, such as the `output` of sweep or compare.")
    return str(source)
