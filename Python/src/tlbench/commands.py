"""The commands that train and predict, with their results as objects of xarray and pandas."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional, Union

import h5py
import numpy as np
import numpy.typing as npt

from .datasets import data_file
from .errors import missing_package
from .program import Option, arguments_of, run

if TYPE_CHECKING:
    import pandas
    import xarray

Place = Union[str, "os.PathLike[str]"]
# A file, or images and labels.
Data = Union[Place, tuple[npt.ArrayLike, npt.ArrayLike]]


def sweep(
    *,
    sizes: Optional[Iterable[int]] = None,
    similarities: Optional[Iterable[Union[str, float]]] = None,
    strategies: Optional[Iterable[str]] = None,
    replicates: Optional[int] = None,
    output: Optional[Place] = None,
    overwrite: bool = False,
    quiet: bool = False,
    **options: Option,
) -> xarray.Dataset:
    """Trains all strategies over sizes and similarities: `tlbench sweep`.

    Args:
        sizes: numbers of labelled training examples (default: 100, 1000, 10000).
        similarities: `low`, `medium`, `high` or numbers in 0...1.
        strategies: names of strategies.
        replicates: target tasks per similarity.
        output: the file of the results. With it a call that was interrupted is resumed by the
            same call; without it the file exists as long as the returned object does.
        overwrite: discard existing results and their journal.
        quiet: show neither progress nor the table.
        options: any other option of the command, with underscores: `architecture="deep"`,
            `task_size=2000`, `head_first=0.5`, `converged_head=True`.

    Returns: the results with the dimensions similarity, train_size, strategy and replicate.

    Raises:
        TlbenchError: if the program fails; with its two lines.
    """
    named = dict(
        sizes=sizes, similarities=similarities, strategies=strategies, replicates=replicates)
    return _results("sweep", {**named, **options}, output, overwrite, quiet)


def compare(
    weights: Optional[Place],
    data: Data,
    *,
    sizes: Optional[Iterable[Union[int, str]]] = None,
    strategies: Optional[Iterable[str]] = None,
    replicates: Optional[int] = None,
    budget: Optional[str] = None,
    output: Optional[Place] = None,
    overwrite: bool = False,
    quiet: bool = False,
    **options: Option,
) -> xarray.Dataset:
    """Compares the strategies on your own network and labelled set: `tlbench compare`.

    Args:
        weights: a network that `export_torch`, Keras or tlbench wrote; None for stored features
            [count, features], of which heads are compared.
        data: a labelled set (HDF5), or a pair of images and labels as for `write_dataset`.
        sizes: numbers of training examples; `full` is all of them.
        strategies: names of strategies.
        replicates: splits, at least 2 for intervals (default: 5).
        budget: time for the comparison, such as `90s`, `10m` or `2h`; runs that have not ended
            by then are missing in the results, whose attributes then have `budget_seconds`.
        output: the file of the results; see `sweep`.
        overwrite: discard existing results and their journal.
        quiet: show neither progress nor the table.
        options: any other option of the command: `preprocess="torch"`, `resize=224`,
            `folds=5`, `test_share=0.3`, `similarity="high"`.

    Returns: the results with the dimensions similarity, train_size, strategy and replicate.

    Raises:
        TlbenchError: if the program fails; with its two lines.
    """
    named = dict(sizes=sizes, strategies=strategies, replicates=replicates, budget=budget)
    with data_file(data) as file:
        places: dict[str, Option] = dict(weights=weights, data=file)
        return _results("compare", {**places, **named, **options}, output, overwrite, quiet)


def predict(
    model: Place,
    data: Union[Data, npt.ArrayLike],
    *,
    unlabeled: bool = False,
    output: Optional[Place] = None,
    overwrite: bool = False,
    quiet: bool = False,
    **options: Option,
) -> pandas.DataFrame:
    """Classifies images with a trained model: `tlbench predict`.

    Args:
        model: a classifier that `tlbench train`, `export_torch` or Keras wrote.
        data: a set (HDF5), a pair of images and labels, or images alone.
        unlabeled: whether the file has no labels.
        output: a file for the predictions too, with a name that ends in .csv or .h5.
        overwrite: replace existing predictions.
        quiet: do not print how good the predictions are.
        options: any other option of the command: `part="all"`, `preprocess="torch"`.

    Returns: a row for each image: the predicted class, the probability of each class (`p(name)`),
        the true class (`label`) if the set has labels, the part of the set (`part`) if the images
        are from several, and the path of the picture (`path`) if `tlbench pack` made the set.

    Raises:
        TlbenchError: if the program fails; with its two lines.
    """
    try:
        import pandas
    except ImportError:
        raise missing_package("predict", "pandas") from None
    if not isinstance(data, (str, os.PathLike)):
        unlabeled = unlabeled or not isinstance(data, tuple) or data[1] is None
    with data_file(data) as file, tempfile.TemporaryDirectory(prefix="tlbench-") as folder:
        target = Path(folder) / "predictions.h5" if output is None else Path(output)
        named: dict[str, Option] = dict(
            data=file, unlabeled=unlabeled, output=target, overwrite=overwrite)
        text = run("predict", *arguments_of({**named, **options}), os.fspath(model), show=not quiet)
        if not quiet:
            print(text, end="")
        columns = _table_of(target) if target.suffix == ".csv" else _datasets_of(target)
    table = pandas.DataFrame(columns)
    table.index.name = "example"
    return table


def _datasets_of(path: Path) -> dict[str, Any]:
    """The columns of predictions in HDF5."""
    with h5py.File(path) as file:
        names = np.array([str(name) for name in file.attrs["class_names"]], dtype=object)
        columns: dict[str, Any] = {"prediction": names[file["prediction"][...]]}
        for number, name in enumerate(names):
            columns[f"p({name})"] = file["probabilities"][:, number]
        if "label" in file:
            columns["label"] = names[file["label"][...]]
        for title in ("part", "path"):
            if title in file:
                columns[title] = file[title].asstr()[...]
    return columns


def _table_of(path: Path) -> dict[str, Any]:
    """The columns of predictions in CSV, in the order of those in HDF5."""
    with open(path, newline="", encoding="utf-8") as file:
        titles, *rows = csv.reader(file)
    found = dict(zip(titles, zip(*rows)))
    classes = [title for title in titles if title.startswith("p(")]
    columns: dict[str, Any] = {"prediction": np.array(found["prediction"], dtype=object)}
    columns |= {title: np.array(found[title]).astype(np.float32) for title in classes}
    for title in ("label", "part", "path"):
        if title in found:
            columns[title] = np.array(found[title], dtype=object)
    return columns


def _results(
    command: str, options: dict[str, Any], output: Optional[Place], overwrite: bool, quiet: bool
) -> xarray.Dataset:
    try:
        import h5netcdf  # noqa: F401
        import xarray
    except ImportError:
        raise missing_package(command, "xarray", "h5netcdf") from None
    folder = Path(tempfile.mkdtemp(prefix="tlbench-")) if output is None else None
    file = (folder or Path()) / (output or "results.h5")
    try:
        named: dict[str, Option] = dict(output=file, overwrite=overwrite, quiet=quiet)
        table = run(command, *arguments_of({**options, **named}), show=not quiet)
        if not quiet:
            print(table, end="")
        results = xarray.load_dataset(file, engine="h5netcdf")
    except BaseException:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    if folder is not None:
        # `report` reads the file of results that it is given.
        weakref.finalize(results, shutil.rmtree, folder, ignore_errors=True)
    return results
