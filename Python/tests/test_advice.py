"""Advice from a race, as the program gives it, and as a script in its place ends it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

import tlbench

WEIGHTS = Path(__file__).resolve().parents[2] / "Datasets" / "simple.weights.h5"
FORMATS = WEIGHTS.parents[1] / "Sources/Analysis/Analysis.docc/Formats.md"
OPTIONS = {"strategies": ["linear-probe", "feature-extraction"], "labels": "none", "budget": "2m"}


def examples(count: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Images of three classes that differ in brightness."""
    y = np.arange(count) % 3
    noise = np.random.default_rng(0).integers(0, 60, (count, 16, 16, 1))
    return (noise + y[:, None, None, None] * 80).astype(np.uint8), y


def members(value: object) -> set[str]:
    """The names of all members of a document."""
    if isinstance(value, dict):
        return set(value).union(*map(members, value.values()))
    return set().union(*map(members, value)) if isinstance(value, list) else set()


def test_advise_answers(
    tmp_path: Path, program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x, y = examples()
    model = tmp_path / "best.keras"
    advice = tlbench.advise(
        WEIGHTS, (x, y), test=examples(30), model=model, output=tmp_path / "advice.h5", **OPTIONS)
    assert advice.outcome in ("decided", "undecided")
    assert advice.decided == (advice.outcome == "decided")
    assert advice.strategy in OPTIONS["strategies"]
    assert advice.accuracy is not None and 0.8 < advice.accuracy <= 1
    assert advice.accuracy_interval is not None
    assert advice.accuracy_interval[0] <= advice.accuracy <= advice.accuracy_interval[1]
    assert advice.test_accuracy is not None and advice.test_accuracy > 0.8
    assert advice.document["labels"] == 60 and advice.document["classes"] == 3
    shown = capsys.readouterr()
    assert shown.out == advice.text == str(advice)
    assert re.search(rf"^Use +{advice.strategy}$", shown.out, re.MULTILINE)
    assert "linear-probe, fold 1" in shown.err
    assert tlbench.predict(model, x, quiet=True)["prediction"].nunique() == 3
    described = set(re.findall(r"`(\w+)`", FORMATS.read_text()))
    assert members(advice.document) <= described
    # The same call goes on with the race from its journal, and has nothing left to train.
    again = tlbench.advise(WEIGHTS, (x, y), output=tmp_path / "advice.h5", **OPTIONS)
    assert (again.strategy, again.accuracy) == (advice.strategy, advice.accuracy)
    assert "Going on with" in capsys.readouterr().err


def test_standings_are_a_table(program: Path) -> None:
    pandas = pytest.importorskip("pandas")
    advice = tlbench.advise(WEIGHTS, examples(), quiet=True, **OPTIONS)
    table = advice.standings()
    assert isinstance(table, pandas.DataFrame)
    assert advice.strategy in table["strategy"].tolist()
    assert table["best_probability"].sum() == pytest.approx(1, abs=1e-6)
    assert advice.test_accuracy is None


def test_labels_at_random_are_guessing(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x, _ = examples()
    y = np.random.default_rng(1).integers(0, 2, len(x))
    advice = tlbench.advise(WEIGHTS, (x, y), quiet=True, **OPTIONS)
    assert advice.outcome == "guessing" and advice.strategy is None and not advice.decided
    assert capsys.readouterr() == ("", "")


@pytest.fixture
def answering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that prints an answer, and ends with the code in the file that is returned."""
    path, code = tmp_path / "program", tmp_path / "code"
    path.write_text(f'#!/bin/sh\necho "the answer"\nexit $(cat "{code}")\n')
    path.chmod(0o755)
    monkeypatch.setenv("TLBENCH", str(path))
    return code


def test_no_decision_is_an_error_on_request(
    answering: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answering.write_text("3")
    with pytest.raises(tlbench.TlbenchError, match="no strategy is decided") as error:
        tlbench.advise("w", "d", require_decision=True)
    assert error.value.exit_code == 3 and error.value.output == "the answer\n"
    assert capsys.readouterr().out == "the answer\n"


def test_an_interrupted_race_shows_its_answer(
    answering: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answering.write_text("130")
    with pytest.raises(KeyboardInterrupt):
        tlbench.advise("w", "d")
    assert capsys.readouterr().out == "the answer\n"


def test_the_answer_is_read_from_the_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = {
        "outcome": "undecided", "strategy": "linear-probe", "accuracy": 0.9,
        "accuracy_interval": {"lower": 0.8, "upper": 0.95}, "loss_bound": None,
        "sealed_test": {"accuracy": 0.85, "interval": None, "examples": 20},
        "standings": [
            {"strategy": "fine-tuning", "accuracy": 0.7},
            {"strategy": "linear-probe", "accuracy": 0.9},
            {"strategy": "majority-class", "accuracy": 0.5}],
        "dropped": [{"strategy": "from-scratch", "folds": 2, "reason": "time"}]}
    path = tmp_path / "program"
    path.write_text(
        f"#!{sys.executable}\nimport h5py, sys\n"
        "path = next(a for a in sys.argv if a.startswith('--output=')).partition('=')[2]\n"
        f"h5py.File(path, 'w').attrs['answer'] = {json.dumps(document)!r}\n"
        "print(sys.argv[1:])\n")
    path.chmod(0o755)
    monkeypatch.setenv("TLBENCH", str(path))
    advice = tlbench.advise(
        "w.h5", "d.h5", budget="+5m", test="t.h5", output=tmp_path / "a.h5", prefer="cheap",
        quiet=True)
    assert advice.text == str([
        "advise", "--weights=w.h5", "--data=d.h5", "--budget=+5m", "--quiet", "--test=t.h5",
        "--prefer=cheap", f"--output={tmp_path / 'a.h5'}"]) + "\n"
    assert (advice.outcome, advice.strategy, advice.accuracy, advice.accuracy_interval) == (
        "undecided", "linear-probe", 0.9, (0.8, 0.95))
    assert advice.loss_bound is None and advice.test_accuracy == 0.85
    assert not advice.decided and advice.document == document
    assert advice.dropped()["reason"].tolist() == ["time"]
    assert advice.standings()["strategy"].tolist() == [
        "linear-probe", "fine-tuning", "majority-class"]
