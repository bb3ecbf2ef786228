"""Measures how the cost of runs and of training steps grows, and fits exponents to it.

Times are processor seconds of one thread, memory is the peak of a process. Exponents are fitted by
least squares on logarithms; R² and the range from one value to the next are printed beside them.
"""

import argparse
import json
import sys
from pathlib import Path

import machine
import scaling_cells
import scaling_extents
from contestant import HERE, ContestantFailed
from options import several_of

ROOT = HERE.parent
PARTS = {
    "cells": scaling_cells.measure, "stored": scaling_cells.measure_stored,
    "extents": scaling_extents.measure}


def progress(text):
    print(text, file=sys.stderr, flush=True)


def mebibytes(count):
    return f"{count / 2**20:,.0f}" if count >= 10 * 2**20 else f"{count / 2**20:.1f}"


def fitted(fit):
    if fit is None:
        return "not fitted"
    return (
        f"{fit['exponent']:.2f} (R² {fit['r2']:.4f}, "
        f"{fit['lowest']:.2f} to {fit['highest']:.2f})")


def table(header, rows):
    """A table in Markdown."""
    lines = [header, ["---:"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def cells_text(cells):
    rows = [
        [f"{cell['size']:,}", cell["epochs"], cell["arm"], f"{cell['cpu_seconds']:.3g}",
         f"{1e6 * cell['cpu_seconds'] / cell['size'] / cell['epochs']:.3g}",
         mebibytes(cell["peak_bytes"])] for cell in cells]
    parts = [table(["n", "epochs", "strategy", "CPU s", "µs per image seen", "peak MiB"], rows)]
    for arm, fit in scaling_cells.fits(cells).items():
        parts.append(
            f"{arm}: CPU seconds to 10,000 {fitted(fit['time below'])}, "
            f"from there {fitted(fit['time above'])}; memory {fitted(fit['memory above'])}")
        if fit["bytes per image"]:
            base, slope, _ = fit["bytes per image"]
            start, seconds, _ = fit["seconds per image"]
            parts.append(
                f"    from 10,000: {start:.2g} s + n × {1e6 * seconds:.0f} µs, "
                f"{mebibytes(base)} MiB + n × {slope:,.0f} bytes")
    return "\n".join(parts)


def stored_text(rows):
    return table(["images", "strategy", "CPU s", "peak MiB"], [
        [f"{row['count']:,}", row["arm"], f"{row['cpu_seconds']:.3g}",
         mebibytes(row["peak_bytes"])] for row in rows])


def extents_text(rows):
    lines = [
        [row["axis"], row["value"], f"{1e3 * row['seconds_per_image']:.3g}",
         f"{row['flops_per_image'] / 1e6:.3g}",
         f"{row['flops_per_image'] / row['seconds_per_image'] / 1e9:.0f}",
         mebibytes(row["bytes"])] for row in rows]
    header = ["extent", "value", "s per 1,000 images", "MFLOP per image", "GFLOP/s", "MiB"]
    return "\n".join([table(header, lines)] + [
        f"{axis}: " + "; ".join(f"{name} {fitted(fit)}" for name, fit in some.items())
        for axis, some in scaling_extents.fits(rows).items()])


TEXTS = {"cells": cells_text, "stored": stored_text, "extents": extents_text}
FITS = {"cells": scaling_cells.fits, "extents": scaling_extents.fits}


def sizes(text):
    try:
        values = [int(size) for size in text.split(",")]
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no list of numbers") from error
    if min(values) < scaling_cells.CLASSES:
        raise argparse.ArgumentTypeError(f"at least {scaling_cells.CLASSES} images are needed")
    return sorted(set(values))


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--only", type=several_of(PARTS, "parts"), default=list(PARTS), metavar="PARTS",
        help=f"parts to measure, of {','.join(PARTS)}; by default all")
    parser.add_argument(
        "--sizes", type=sizes, default=list(scaling_cells.SIZES), metavar="N,…",
        help="numbers of images of the part cells")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "Results/scaling.json", help="the results as JSON")
    parser.add_argument("--tlbench", default=str(ROOT / ".build/release/tlbench"))
    return parser.parse_args()


def main():
    options = arguments()
    data = {}
    try:
        about = machine.description(options)
        for part in options.only:
            data[part] = PARTS[part](options, progress)
            # Written after every part, so that it is not lost if a later one fails.
            fits = {name: FITS[name](data[name]) for name in data if name in FITS}
            options.output.parent.mkdir(parents=True, exist_ok=True)
            options.output.write_text(
                json.dumps({"about": about, "data": data, "fits": fits}, indent=1) + "\n")
    except (ContestantFailed, OSError) as error:
        print(f"scaling.py: {error}", file=sys.stderr)
        return 1
    for name in ("date", "processor", "instruction set", "system", "tlbench"):
        print(f"{name + ':':18}{about[name]}")
    for part, rows in data.items():
        print(f"\n{TEXTS[part](rows)}")
    print(f"\nAll rounds: {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
