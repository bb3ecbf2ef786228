"""Rows of the table, and the table."""

from dataclasses import dataclass, field
from statistics import median

from summary import spread

VOID, REACHED, MISSED, PLAIN = "VOID", "reached", "MISSED", ""


@dataclass
class Row:
    """One figure: a value per round, its target, and whether the comparison is valid."""

    figure: str
    # What it is compared with; empty for a figure without a comparison.
    against: str
    # One per round: a ratio, or a value in `unit`.
    values: list
    unit: str = "×"
    at_least: float | None = None
    below: float | None = None
    # What both sides measured, ours first, such as "12,300 / 5,000 images/s".
    detail: str = ""
    # How the results of both sides agree, or why there is no figure.
    agreement: str = ""
    is_void: bool = False

    @property
    def target(self):
        if self.at_least is not None:
            return f"≥ {self.at_least:g} {self.unit}"
        return "" if self.below is None else f"< {self.below:g} {self.unit}"

    @property
    def verdict(self):
        if self.is_void:
            return VOID
        if not self.values or self.at_least is None and self.below is None:
            return PLAIN
        value = median(self.values)
        if self.at_least is not None:
            return REACHED if value >= self.at_least else MISSED
        return REACHED if value < self.below else MISSED

    @property
    def measured(self):
        if not self.values:
            return "—"
        center, low, high = map(number, spread(self.values))
        return f"{center} [{low}–{high}]"

    def as_json(self):
        center, low, high = spread(self.values) if self.values else (None, None, None)
        return {
            "figure": self.figure, "against": self.against, "unit": self.unit,
            "median": center, "quartiles": [low, high], "rounds": self.values,
            "at_least": self.at_least, "below": self.below, "verdict": self.verdict,
            "detail": self.detail, "agreement": self.agreement}


@dataclass
class Sides:
    """The times of two contestants in each round; a ratio is theirs divided by ours."""

    ours: list = field(default_factory=list)
    theirs: list = field(default_factory=list)

    @property
    def ratios(self):
        return [theirs / ours for ours, theirs in zip(self.ours, self.theirs, strict=True)]

    def rates(self, amount, unit):
        """Medians as amounts per second, for values that are seconds."""
        return f"{amount / median(self.ours):,.0f} / {amount / median(self.theirs):,.0f} {unit}"

    def shares(self, flops, peak):
        """Medians as operations per second and as shares of the processor's peak, after a comma.

        `flops` are the operations of either side, `peak` what the processor does in a second; empty
        without them.
        """
        if not flops or not peak:
            return ""
        speeds = [flops / median(side) for side in (self.ours, self.theirs)]
        text = " / ".join(number(speed / 1e9) for speed in speeds)
        parts = " / ".join(f"{100 * speed / peak:.0f}" for speed in speeds)
        return f", {text} GFLOP/s, {parts} % of the FMA peak"

    def medians(self, unit):
        return f"{number(median(self.ours))} / {number(median(self.theirs))} {unit}"


def number(value):
    """A number with at least three digits."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 0.995 else f"{value:.2f}"


HEADER = ("figure", "against", "measured [quartiles]", "target", "")


def table(rows):
    """The rows in columns under a header, each with the measurements of both sides below it."""
    lines = [HEADER] + [
        (row.figure, row.against, f"{row.measured} {row.unit}", row.target, row.verdict)
        for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
        for line in lines]
    result = [text[0], "─" * max(map(len, text))]
    for line, row in zip(text[1:], rows):
        result.append(line)
        result += [f"    {note}" for note in (row.detail, row.agreement) if note]
    return "\n".join(result)
