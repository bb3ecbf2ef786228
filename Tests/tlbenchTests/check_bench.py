"""Checks the benchmark: its statistics and verdicts by numbers that were computed by hand, and that
its contestants do the same work.

    TLBENCH=.build/release/tlbench python check_bench.py

Needs PyTorch, NumPy and h5py, the program of `make .build/bench/onednn_step`, and tlbench-worker in
the same folder as TLBENCH. Exits with 1 if something is wrong.
"""

import os
import platform
import sys
from argparse import Namespace
from contextlib import ExitStack
from math import isclose, nan
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Benchmarks"))

import contestant  # noqa: E402
import figure_cells  # noqa: E402
import figure_large  # noqa: E402
import figure_process  # noqa: E402
import figure_step  # noqa: E402
import machine  # noqa: E402
from figure_backbone import Backbone  # noqa: E402
from figure_step import Step  # noqa: E402
from report import MISSED, REACHED, VOID, Row, Sides, table  # noqa: E402
from summary import line, mean_interval, power, spread, student  # noqa: E402

OPTIONS = Namespace(
    tlbench=os.environ.get("TLBENCH", str(ROOT / ".build/release/tlbench")),
    onednn=str(ROOT / ".build/bench/onednn_step"))


def answers(differences, size=100):
    """A round in which our accuracies are above theirs by so many points."""
    ours = [{"size": size, "arm": str(i), "accuracy": 0.5 + d / 100}
            for i, d in enumerate(differences)]
    return {"ours": {"cells": ours},
            "theirs": {"cells": [{**cell, "accuracy": 0.5} for cell in ours]}}


def is_void(differences):
    return figure_cells.agreement([answers(differences)], "ours", "theirs")[1]


def check_statistics():
    # 1, 2, 3, 4: mean 2.5, standard error sqrt(5/3)/2, t = 3.182 for three degrees of freedom.
    center, low, high = mean_interval([1, 2, 3, 4])
    assert center == 2.5 and isclose(high - low, 2 * 3.182 * (5 / 3) ** 0.5 / 2)
    assert isclose(student(25), 2.060, abs_tol=0.002), "between the numbers of the table"
    assert isclose(student(59), 2.001, abs_tol=0.002)
    assert spread([5, 1, 4, 2, 3]) == (3, 2, 4) and spread([7]) == (7, 7, 7)
    assert Sides([1, 2], [4, 4]).ratios == [4, 2], "their time over ours"
    # 60 G operations in 0.5 and 2 s, of a peak of 160 G per second.
    shares = Sides([0.5, 0.4, 0.9], [2, 1, 3]).shares(60e9, 160e9)
    assert shares == ", 120 / 30.00 GFLOP/s, 75 / 19 % of the FMA peak", shares
    assert Sides([1], [1]).shares(None, 1) == "" == Sides([1], [1]).shares(1, None)


def check_fits():
    assert line([0, 1, 2], [1, 3, 5]) == (1, 2, 1)
    # By hand: means 1 and 4/3, slope 3/2, residuals 1/6, -1/3, 1/6 of a total of 14/3.
    intercept, slope, determination = line([0, 1, 2], [0, 1, 3])
    assert isclose(intercept, -1 / 6) and isclose(slope, 1.5)
    assert isclose(determination, 1 - (1 / 6) / (14 / 3))
    square = power([1, 2, 8], [3, 12, 192])
    assert all(isclose(square[name], 2) for name in ("exponent", "lowest", "highest"))
    bent = power([1, 2, 4], [1, 2, 8])
    assert isclose(bent["exponent"], 1.5) and isclose(bent["lowest"], 1)
    assert isclose(bent["highest"], 2)


def check_verdicts():
    assert Row("", "", [1, 3, 2], at_least=2).verdict == REACHED, "the median counts"
    assert Row("", "", [1, 3, 1.9], at_least=2).verdict == MISSED
    assert Row("", "", [40], below=40).verdict == MISSED, "below is not at"
    assert Row("", "", [1]).verdict == "", "without a target there is nothing to reach"
    assert Row("", "", [3], at_least=2, is_void=True).verdict == VOID
    assert "did not run: x" in table([Row("", "", [], at_least=2, agreement="did not run: x")])


def check_numbers():
    """What is not a number agrees with nothing."""
    names = [name for architecture, name, _ in figure_step.COMPARISONS if architecture == "medium"]
    architectures = figure_step.PASSES
    data = {
        "rounds": [{each: dict.fromkeys(["tlbench", *names], 1.0) for each in architectures}],
        "losses": {each: dict.fromkeys(["tlbench", *names], 2.0) for each in architectures},
        "failures": {each: {} for each in architectures}}
    data["losses"]["medium"]["compiled"] = nan
    void = [row.against for row in Step.rows(data) if row.verdict == VOID]
    assert void == ["torch.compile"], void
    passes = {
        "rounds": [dict.fromkeys(["tlbench", "user", "channels_last"], 1.0)], "largest": 1.0,
        "batches": dict.fromkeys(["tlbench", "user", "channels_last"], 100),
        "differences": {"user": 0.0, "channels_last": nan}}
    assert [row.verdict == VOID for row in Backbone.rows(passes)] == [False, True]


def check_descriptions():
    here = {"date": "a", "build": "x"}
    assert machine.difference(here, {"date": "b", "build": "x"}) is None, "days are added up"
    assert machine.difference(here, {"date": "a", "build": "y"}) == "build: y there, x here"
    assert machine.difference(here, {"date": "a"}) == "build: None there, x here"


def check_instruction_sets():
    """The limits that users set reach tlbench and PyTorch, and make a description another one."""
    if platform.machine() != "x86_64":
        return
    here = machine.description(OPTIONS)
    with mock.patch.dict(os.environ, machine.LIMITS["avx2"]):
        avx2 = machine.description(OPTIONS)
    assert "avx512_core" not in avx2["instruction set"], avx2
    limits = {"ONEDNN_MAX_CPU_ISA": "SSE41", "ATEN_CPU_CAPABILITY": "default"}
    with mock.patch.dict(os.environ, limits):
        limited = machine.description(OPTIONS)
    assert "sse41" in limited["instruction set"], limited
    assert limited["torch"].endswith("(default)"), limited
    assert (machine.difference(here, limited) or "").startswith("instruction set"), here


def check_peak():
    """The peaks are those of the instruction sets that may be used, and the best set is fastest."""
    assert machine.peaks_text({"b": 2e10, "a": 1e9}) == "a 1.0 GFLOP/s, b 20.0 GFLOP/s"
    peaks = machine.peaks(OPTIONS)
    assert all(value > 1e8 for value in peaks.values()), peaks
    if platform.machine() == "x86_64":
        with mock.patch.dict(os.environ, machine.LIMITS["avx2"]):
            assert "avx512" not in machine.peaks(OPTIONS)
        assert "avx2" not in peaks or peaks["avx2"] > peaks["portable"], peaks


def check_large():
    """The faster layout counts; a first result that differs voids a comparison."""
    key = "vgg16 step"
    rounds = [{
        f"{network} {work}": {"tlbench": 1.0, "user": 3.0, "channels_last": 2.0}
        for network in figure_large.NETWORKS for work in figure_large.WORK}]
    first = {
        name: dict.fromkeys(("tlbench", "user", "channels_last"), 7.0 if "step" in name else 0.0)
        for name in rounds[0]}
    data = {
        "rounds": rounds, "first": first, "flops": dict.fromkeys(rounds[0], 1e11),
        "memory": dict.fromkeys(rounds[0], {
            "tlbench": 2**30, "user": 2**31, "channels_last": 3 * 2**30}), "peak": 2e11}
    rows = list(figure_large.Large.rows(data))
    assert len(rows) == 8 and not any(row.is_void for row in rows)
    assert [row.values for row in rows] == [[2.0], [3.0]] * 4, "memory of the faster layout"
    assert "50 / 25 % of the FMA peak" in rows[0].detail, rows[0].detail
    first[key]["channels_last"] = 7.1
    assert [row.figure for row in figure_large.Large.rows(data) if row.is_void] == [
        "full fine-tuning step, vgg16 at 224×224"]


def check_sweep():
    """The whole sweep names the strategies that the other figures compare."""
    with mock.patch.object(figure_process, "run", return_value=(1, 1)) as run:
        figure_process.WholeSweep(OPTIONS).measure(range(1), lambda text: None)
    command = run.call_args.args[0]
    names = command[command.index("--strategies") + 1]
    assert names == "feature-extraction,fine-tuning,fine-tuning-all,from-scratch", names


def check_agreement():
    assert not is_void([0] * 12), "equal accuracies agree"
    assert not is_void([3, -3] * 6), "noise around zero agrees"
    assert is_void([2.1, 1.9] * 6), "two points everywhere do not"
    assert not is_void([0.31, 0.29] * 6), "a certain difference below half a point is none"
    assert not is_void([2]), "one run tells nothing"


def check_shares():
    """Two processes get every run once, and about the same work."""
    cells = [(size, arm) for size in figure_cells.SIZES for arm in figure_cells.ARMS]
    shares = figure_cells.shares(cells)
    assert sorted(shares[0] + shares[1]) == sorted(cells)
    sums = [sum(map(figure_cells.work, share)) for share in shares]
    assert max(sums) < 1.1 * min(sums), sums


def check_contestants():
    """Every contestant takes the same steps and makes the same features."""
    for figure in (Step, Backbone):
        data = figure(OPTIONS).measure(range(1), lambda text: print(text, file=sys.stderr))
        for row in figure.rows(data):
            assert row.verdict != VOID, f"{row.figure} against {row.against}: {row.agreement}"
            assert row.values or "torch.compile" in row.against, row.agreement


def check_runs():
    """Small runs of the user, the expert and tlbench all reach high accuracies on an easy task."""
    with ExitStack() as stack:
        running = figure_cells.Cells(OPTIONS, stack)
        running.add_experts()
        number, cells = 2, [(1_000, arm) for arm in figure_cells.ARMS[1:]]
        assert figure_cells.block(number) == {"similarity": "high", "replicate": 0}
        sides = {
            "ours": running.run_ours(number, cells), "user": running.run_user(number, cells),
            "expert": running.run_experts(number, cells)}
    for name, answer in sides.items():
        for cell in answer["cells"]:
            assert cell["accuracy"] > 0.97, (name, cell)


def main():
    check_statistics()
    check_fits()
    check_verdicts()
    check_numbers()
    check_descriptions()
    check_instruction_sets()
    check_peak()
    check_large()
    check_sweep()
    check_agreement()
    check_shares()
    check_contestants()
    check_runs()
    print("benchmark: statistics, verdicts and contestants are as they should be")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except contestant.ContestantFailed as failure:
        sys.exit(f"check_bench.py: {failure}")
