"""Measures tlbench beside PyTorch, a plain oneDNN loop, scikit-learn and Pillow, in one run.

Contestants are processes that do the same work on the same files, one after the other in every
round, on one thread each unless a measurement says otherwise. A ratio is computed within a round,
so that anything that slows the whole machine cancels out; the table has the median and the
quartiles over the rounds. Exit code 1 if a contestant fails, and with --minimum if a target is
missed or a comparison is void.

With --isa avx2 everything is limited to AVX2, as on a processor without AVX-512.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import machine
from contestant import HERE, ContestantFailed
from figure_backbone import Backbone
from figure_cells import REPLICATES, SIMILARITIES, FeatureCell, SweepBlocks
from figure_probe import Probe
from figure_large import Large
from figure_pack import Pack
from figure_process import Recommend, WholeSweep
from figure_step import Step
from options import several_of
from report import MISSED, VOID, table

ROOT = HERE.parent
FIGURES = {
    figure.name: figure
    for figure in (
        Step, Backbone, FeatureCell, Probe, SweepBlocks, WholeSweep, Recommend, Pack,
        Large)}
# Those that are measured only if they are named.
OPTIONAL = [Large.name]


def progress(text):
    print(text, file=sys.stderr, flush=True)


def rounds_of(figure, options):
    """The number of rounds of a figure."""
    if options.full and figure is SweepBlocks:
        return len(SIMILARITIES) * REPLICATES
    return options.rounds if options.full else figure.rounds_by_default or options.rounds


def earlier_data(options, about):
    """The rounds in the output file, if more are to be added to them."""
    if not options.add or not options.output.exists():
        return {}
    earlier = json.loads(options.output.read_text())
    difference = machine.difference(about, earlier["about"])
    if difference:
        sys.exit(f"bench.py: cannot add to {options.output}, which was measured differently "
                 f"({difference}); name another file with --output")
    return earlier["data"]


def measure(options, data, peak):
    """Measures the requested figures; new rounds are appended to those of earlier runs."""
    for name in options.only:
        before = data.get(name, {}).get("rounds", [])
        numbers = range(len(before), len(before) + rounds_of(FIGURES[name], options))
        new = FIGURES[name](options).measure(numbers, progress)
        data[name] = {**new, "rounds": before + new["rounds"], "peak": peak}
        yield


def rows_of(data):
    return [row for name in FIGURES if name in data for row in FIGURES[name].rows(data[name])]


def write(options, about, data):
    results = {
        "about": about, "figures": [row.as_json() for row in rows_of(data)], "data": data}
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(results, indent=1) + "\n")


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each figure; default 5")
    parser.add_argument(
        "--only", type=several_of(FIGURES, "figures"),
        default=[name for name in FIGURES if name not in OPTIONAL], metavar="FIGURES",
        help=f"figures to measure, of {','.join(FIGURES)}; by default all but "
        f"{','.join(OPTIONAL)}")
    parser.add_argument(
        "--isa", choices=machine.LIMITS, help="limit every contestant to an instruction set")
    parser.add_argument(
        "--full", action="store_true",
        help="all nine blocks of the sweep, and the whole sweep in every round")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "Results/bench.json", help="the results as JSON")
    parser.add_argument(
        "--add", action="store_true", help="add the rounds to those in the output file")
    parser.add_argument(
        "--minimum", action="store_true", help="exit code 1 if a target is missed or void")
    parser.add_argument("--tlbench", default=str(ROOT / ".build/release/tlbench"))
    parser.add_argument("--onednn", default=str(ROOT / ".build/bench/onednn_step"))
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    return options


def main():
    options = arguments()
    try:
        # Contestants read the variables when they start.
        os.environ.update(machine.LIMITS.get(options.isa, {}))
        about = machine.description(options)
        data = earlier_data(options, about)
        peaks = machine.peaks(options)
        about["FMA peak"] = machine.peaks_text(peaks)
        for _ in measure(options, data, max(peaks.values())):
            # Written after every figure, so that it is not lost if a later contestant fails.
            write(options, about, data)
    except ContestantFailed as error:
        print(f"bench.py: {error}", file=sys.stderr)
        return 1
    rows = rows_of(data)
    for name, value in about.items():
        print(f"{name + ':':18}{value}")
    print("\nMedians of rounds, ratios within each round; ratios say how much faster tlbench is.\n")
    print(table(rows))
    print(f"\nAll rounds: {options.output}")
    return int(options.minimum and any(row.verdict in (MISSED, VOID) for row in rows))


if __name__ == "__main__":
    sys.exit(main())
