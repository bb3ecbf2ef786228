"""Checks reports in a browser: nothing in the console, no request, no horizontal overflow, no
violation of axe-core's rules, a few printed pages, figures that work by keyboard, and tables that
equal `tlbench validate --format json`.

    TLBENCH=.build/release/tlbench python check_report.py [FOLDER for screenshots]

Needs Chromium (Debian's package), websocket-client and axe-core-python; without Chromium only what
needs none is checked. Exits with 1 if something is wrong.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from html.parser import HTMLParser

from browser import Browser

TOOL = os.environ["TLBENCH"]
ROOT = pathlib.Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "Results" / "reference.h5"
HOSTILE = 'a<b> "\u0301 onload=x \'y\' ]]>\u202e&amp;</script><script>alert(1)</script>'


class Page(HTMLParser):
    """The scripts, attributes and tables of a page."""

    def __init__(self, path):
        super().__init__()
        self.scripts, self.handlers, self.tables = 0, [], {}
        self.table = self.row = self.cell = None
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.scripts += tag == "script"
        self.handlers += [name for name in attributes if name.startswith("on")]
        if tag == "div" and attributes.get("aria-label", "").startswith("Table of "):
            self.table = self.tables.setdefault(attributes["aria-label"][9:], [])
        elif tag == "tr" and self.table is not None:
            self.row = []
        elif tag in ("td", "th") and self.row is not None:
            self.cell = ""

    def handle_data(self, text):
        if self.cell is not None:
            self.cell += text

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.row.append(self.cell)
            self.cell = None
        elif tag == "tr" and self.row is not None:
            self.table.append(self.row)
            self.row = None
        elif tag == "table":
            self.table = None


def run(*arguments):
    finished = subprocess.run([TOOL, *map(str, arguments)], capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def pages(folder):
    """Reports of every kind that can be made without training, by name."""
    table = folder / "table.csv"
    with open(table, "w") as file:
        print("n,arm,task,acc,rep", file=file)
        for index, arm in enumerate((HOSTILE, "b,c", "d")):
            name = '"' + arm.replace('"', '""') + '"'
            for size in (100, 1000, 10000):
                for replicate in range(3):
                    accuracy = 0.3 + 0.1 * index + 0.01 * replicate + size / 1e5
                    print(f"{size},{name},{name},{accuracy},{replicate}", file=file)
    run("import", table, "--size-column", "n", "--strategy-column", "arm", "--task-column", "task",
        "--accuracy-column", "acc", "--replicate-column", "rep", "--output", folder / "table.h5")
    made = {}
    for name, arguments in {
        "reference": [REFERENCE], "rates": [ROOT / "Results" / "rates.h5"],
        "check": [REFERENCE, "--baseline", REFERENCE], "hostile": [folder / "table.h5"],
        "several": [REFERENCE, folder / "table.h5", "--title", HOSTILE],
    }.items():
        path = folder / f"{name}.html"
        run("report", *arguments, "--output", path)
        again = run("report", *arguments, "--output", "-")
        assert again == path.read_text(), f"{name}: the same results give other bytes"
        made[name] = path
    return made


def compare_tables(path):
    """The rules' table equals the verdicts that `validate` prints."""
    verdicts = json.loads(run("validate", REFERENCE, "--format", "json"))
    expected = [
        (rule["id"], place["similarity"], place["train_size"], place["verdict"],
         place["regret_points"])
        for rule in verdicts["rules"] if rule["set"] == "rule-table" for place in rule["places"]]
    head, *rows = Page(path).tables["rules"]
    column = {title: index for index, title in enumerate(head)}
    assert len(rows) == len(expected) > 20
    for row, (rule, similarity, size, verdict, regret) in zip(rows, expected):
        found = [row[column[name]] for name in ("rule", "similarity", "labels", "verdict")]
        assert found == [rule, similarity, str(size), verdict], (found, rule, similarity, size)
        number = float(row[column["regret, points"]].replace("−", "-"))
        assert abs(number - regret) <= 0.00501, (row, regret)
    print(f"{len(rows)} rows equal those of validate")


def use_arrow_keys(browser, name):
    """Every figure that can be focused says what its marks say, beside the mark that is at, also
    while the page still scrolls to the figure; returns the last text."""
    browser.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    browser.evaluate(
        "window.figures = [...document.querySelectorAll('svg.fig')].filter("
        "one => one.getClientRects().length)")
    count = browser.evaluate("figures.length")
    assert count, f"{name}: no figure"
    said = ""
    for index in range(count):
        if not browser.evaluate(f"figures[{index}].querySelectorAll('.hot').length"):
            tab = browser.evaluate(f"figures[{index}].tabIndex")
            assert tab < 0, f"{name}: figure {index} can be focused and has nothing to say"
            continue
        browser.evaluate(f"figures[{index}].focus()")
        # Once while the page scrolls, and once to a mark at the other end of the figure.
        for key, code in (("ArrowRight", 39), ("ArrowRight", 39), ("ArrowLeft", 37),
                          ("ArrowLeft", 37)):
            for kind in ("keyDown", "keyUp"):
                browser.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                             windowsVirtualKeyCode=code)
        browser.settle()
        state = browser.evaluate(
            "(() => { const tip = document.getElementById('tip'),"
            " at = document.querySelectorAll('.hot.at'), own = tip.getBoundingClientRect();"
            " const mark = at[0] ? at[0].getBoundingClientRect() : own;"
            " return { text: tip.hidden ? '' : tip.textContent, count: at.length,"
            " expected: at[0] ? at[0].dataset.tip : '',"
            " isInside: own.left >= 0 && own.right <= innerWidth && own.top >= 0"
            " && own.bottom <= innerHeight,"
            " gap: Math.max(mark.top - own.bottom, own.top - mark.bottom) }; })()")
        where = f"{name}, figure {index}"
        assert state["text"], f"{where}: the arrow keys announce nothing"
        assert state["count"] == 1 and state["text"] == state["expected"], (where, state)
        assert state["isInside"] and 0 <= state["gap"] < 12, (where, state)
        said = state["text"]
    assert said, f"{name}: no figure says anything"
    return said


def look(browser, axe, name, path, shots):
    for width in (320, 420, 1280):
        for dark in (False, True):
            browser.open(path, width, dark)
            overflow = browser.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, f"{name} at {width}: wider than the window by {overflow}"
            if shots and width != 320:
                browser.screenshot(shots / f"{name}-{width}{'-dark' if dark else ''}.png")
            browser.evaluate(axe + ";1")
            violations = browser.evaluate(
                "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map("
                "v => v.id + ': ' + v.nodes[0].html.slice(0, 200)))")
            assert not violations, f"{name} at {width}: {violations}"
            assert not browser.problems(), f"{name} at {width}: {browser.problems()}"
    browser.open(path, 1280)
    count = browser.pages()
    assert count <= (12 if name == "several" else 6), f"{name}: {count} printed pages"
    for width in (320, 1280):
        browser.open(path, width)
        said = use_arrow_keys(browser, f"{name} at {width}")
    print(f"{name}: {count} printed pages, says “{said[:90]}”")


def main():
    shots = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        made = pages(pathlib.Path(folder))
        size = made["reference"].stat().st_size
        assert size <= 400_000, f"the reference report has {size} bytes"
        print(f"the reference report has {size} bytes")
        for name, path in made.items():
            page = Page(path)
            assert page.scripts == 1 and not page.handlers, (name, page.scripts, page.handlers)
        compare_tables(made["reference"])
        if not shutil.which("chromium"):
            print("There is no Chromium: pages were not looked at.")
            return
        from axe_core_python import sync_playwright
        axe = pathlib.Path(sync_playwright.__file__).with_name("axe.min.js").read_text()
        browser = Browser()
        try:
            for name, path in made.items():
                look(browser, axe, name, path, shots)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
