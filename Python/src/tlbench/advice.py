"""The race of strategies over your labels, and its answer."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional, Union

import h5py

from .commands import Data, Place
from .datasets import data_file
from .errors import TlbenchError, missing_package
from .program import Option, arguments_of, run

if TYPE_CHECKING:
    import pandas

# The exit code of `--require-decision`.
_UNDECIDED = 3


@dataclass(frozen=True)
class Advice:
    """What `advise` answers; accuracies, losses and probabilities are fractions.

    Attributes:
        outcome: `decided`; `undecided`, with the strategy that is probably the best; or `guessing`
            if no strategy is better than naming the most frequent class.
        strategy: the advised strategy; None if the outcome is `guessing`.
        accuracy: the accuracy of the strategy with four fifths of the labels, corrected for the
            choice among several.
        accuracy_interval: the ends of its 95 % interval.
        loss_bound: what the strategy loses at most to the best of the race, with 95 % confidence.
        test_accuracy: its accuracy on the sealed test; None without one.
        document: the whole answer, with the members that *Formats* in the documentation of
            tlbench lists.
        text: the answer for people.
    """

    outcome: str
    strategy: Optional[str]
    accuracy: Optional[float]
    accuracy_interval: Optional[tuple[float, float]]
    loss_bound: Optional[float]
    test_accuracy: Optional[float]
    document: dict[str, Any] = field(repr=False)
    text: str = field(repr=False)

    @property
    def decided(self) -> bool:
        """Whether the strategy is decided with the confidence that was asked for."""
        return self.outcome == "decided"

    def standings(self) -> pandas.DataFrame:
        """The strategies of the race, the most accurate first: their accuracy, the probability that
        each is the best or within the margin of it, what choosing it loses, and its cost."""
        rows = self.document["standings"]
        return self._table("standings", sorted(rows, key=lambda row: -row["accuracy"]))

    def dropped(self) -> pandas.DataFrame:
        """The strategies that left the race, after how many folds and why."""
        return self._table("dropped", self.document["dropped"])

    def _table(self, function: str, rows: list[dict[str, Any]]) -> pandas.DataFrame:
        try:
            import pandas
        except ImportError:
            raise missing_package(function, "pandas") from None
        return pandas.DataFrame(rows)

    def __str__(self) -> str:
        return self.text


def advise(
    weights: Optional[Place],
    data: Data,
    *,
    budget: str = "10m",
    strategies: Optional[Iterable[str]] = None,
    test: Optional[Data] = None,
    model: Optional[Place] = None,
    require_decision: bool = False,
    output: Optional[Place] = None,
    overwrite: bool = False,
    quiet: bool = False,
    **options: Option,
) -> Advice:
    """Finds the best strategy for your network and labels in a given time: `tlbench advise`.

    An interruption shows the answer so far. With `output` the same call goes on later with what
    is left of the budget, and `budget="+5m"` gives it five minutes more.

    Args:
        weights: a network that `export_torch`, Keras or tlbench wrote; None for stored features
            [count, features], of which heads are compared.
        data: a labelled set (HDF5), or a pair of images and labels as for `write_dataset`.
        budget: time for the answer, such as `90s`, `10m` or `2h`.
        strategies: names of the strategies that race, the most promising first.
        test: labelled examples that nothing is chosen by, on which the advised strategy, trained
            on all labels, is tested once.
        model: a file for the advised strategy trained on all labels (.keras or .weights.h5).
        require_decision: raise an error if no strategy is decided.
        output: the file of the results; beside it is the journal of the race.
        overwrite: discard existing results and their journal, and replace an existing model.
        quiet: show neither progress nor the answer.
        options: any other option of the command: `prefer="cheap"`, `margin=2`,
            `metric="balanced-accuracy"`, `labels="none"`, `preprocess="torch"`.

    Raises:
        TlbenchError: if the program fails; with its two lines.
    """
    with ExitStack() as stack:
        named: dict[str, Option] = dict(
            weights=weights, data=stack.enter_context(data_file(data)), budget=budget,
            strategies=strategies, model=model, overwrite=overwrite, quiet=quiet,
            require_decision=require_decision)
        if test is not None:
            named["test"] = stack.enter_context(data_file(test))
        if output is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tlbench-"))
            output = Path(folder) / "advice.h5"
        try:
            text = run(
                "advise", *arguments_of({**named, **options, "output": output}), show=not quiet)
        except TlbenchError as error:
            if error.exit_code != _UNDECIDED:
                raise
            if not quiet:
                print(error.output, end="")
            raise TlbenchError(
                "no strategy is decided", "Give more `budget`, or label more examples.",
                _UNDECIDED, error.output) from None
        if not quiet:
            print(text, end="")
        return _advice(output, text)


def _advice(path: Union[str, "os.PathLike[str]"], text: str) -> Advice:
    """The answer in a file of results."""
    with h5py.File(path) as file:
        document = json.loads(file.attrs["answer"])
    interval, sealed = document["accuracy_interval"], document["sealed_test"]
    return Advice(
        outcome=document["outcome"], strategy=document["strategy"], accuracy=document["accuracy"],
        accuracy_interval=interval and (interval["lower"], interval["upper"]),
        loss_bound=document["loss_bound"], test_accuracy=sealed and sealed["accuracy"],
        document=document, text=text)
