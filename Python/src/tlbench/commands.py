"""The commands of the program, with their results as objects of xarray and pandas."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional, Union

import h5py
import numpy as np
import numpy.typing as npt

from .datasets import write_dataset
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
            same call; without it the results are only returned.
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
    weights: Place,
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
        weights: a network that `export_torch`, Keras or tlbench wrote.
        data: a labelled set (HDF5), or a pair of images and labels as for `write_dataset`.
        sizes: numbers of training examples; `full` is all of them.
        strategies: names of strategies.
        replicates: splits, at least 2 for intervals (default: 5).
        budget: time for the comparison, such as `90s`, `10m` or `2h`.
        output: the file of the results; see `sweep`.
        overwrite: discard existing results and their journal.
        quiet: show neither progress nor the table.
        options: any other option of the command: `preprocess="torch"`, `resize=224`,
            `test_share=0.3`, `similarity="high"`.

    Returns: the results with the dimensions similarity, train_size, strategy and replicate.

    Raises:
        TlbenchError: if the program fails; with its two lines.
    """
    named = dict(sizes=sizes, strategies=strategies, replicates=replicates, budget=budget)
    with _data_file(data) as file:
        places: dict[str, Option] = dict(weights=weights, data=file)
        return _results("compare", {**places, **named, **options}, output, overwrite, quiet)


def predict(
    model: Place,
    data: Union[Data, npt.NDArray[Any]],
    *,
    unlabeled: bool = False,
    quiet: bool = False,
    **options: Option,
) -> pandas.DataFrame:
    """Classifies images with a trained model: `tlbench predict`.

    Args:
        model: a classifier that `tlbench train`, `export_torch` or Keras wrote.
        data: a set (HDF5), a pair of images and labels, or images alone.
        unlabeled: whether the file has no labels.
        quiet: do not print how good the predictions are.
        options: any other option of the command: `part="all"`, `preprocess="torch"`.

    Returns: a row for each image: the predicted class, the probability of each class (`p(name)`)
        and, if the set has labels, the true class.

    Raises:
        TlbenchError: if the program fails; with its two lines.
    """
    try:
        import pandas
    except ImportError:
        raise missing_package("pandas", "predict", "tlbench[results]") from None
    is_array = isinstance(data, np.ndarray)
    with _data_file(data) as file, tempfile.TemporaryDirectory(prefix="tlbench-") as folder:
        output = Path(folder) / "predictions.h5"
        named: dict[str, Option] = dict(
            data=file, unlabeled=unlabeled or is_array, output=output)
        text = run("predict", *arguments_of({**named, **options}), os.fspath(model), show=not quiet)
        if not quiet and text:
            print(text, end="")
        with h5py.File(output) as predictions:
            names = [str(name) for name in predictions.attrs["class_names"]]
            columns: dict[str, Any] = {
                "prediction": np.array(names, dtype=object)[predictions["prediction"][...]]}
            for number, name in enumerate(names):
                columns[f"p({name})"] = predictions["probabilities"][:, number]
            if "label" in predictions:
                columns["label"] = np.array(names, dtype=object)[predictions["label"][...]]
    table = pandas.DataFrame(columns)
    table.index.name = "example"
    return table


def _results(
    command: str, options: dict[str, Any], output: Optional[Place], overwrite: bool, quiet: bool
) -> xarray.Dataset:
    try:
        import h5netcdf  # noqa: F401
        import xarray
    except ImportError:
        raise missing_package("xarray with h5netcdf", command, "tlbench[results]") from None
    with tempfile.TemporaryDirectory(prefix="tlbench-") as folder:
        file = Path(folder) / "results.h5" if output is None else Path(output)
        named: dict[str, Option] = dict(output=file, overwrite=overwrite, quiet=quiet)
        table = run(command, *arguments_of({**options, **named}), show=not quiet)
        if not quiet:
            print(table, end="")
        return xarray.load_dataset(file, engine="h5netcdf")


@contextmanager
def _data_file(data: Any) -> Iterator[Place]:
    """The file of a set; arrays are written to one that exists meanwhile."""
    if isinstance(data, (str, os.PathLike)):
        yield data
        return
    x, y = data if isinstance(data, tuple) else (data, None)
    with tempfile.TemporaryDirectory(prefix="tlbench-") as folder:
        yield write_dataset(Path(folder) / "data.h5", x, y)
