"""Reports: a page that a notebook shows in a frame."""

from __future__ import annotations

import gc
import html
import re
from pathlib import Path

import numpy as np
import pytest

import tlbench

pytest.importorskip("xarray")
pytest.importorskip("h5netcdf")

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "Results" / "rates.h5"


def test_a_page_is_shown_in_a_frame(tmp_path: Path, program: Path) -> None:
    page = tlbench.report(REFERENCE, title='The "first" <look> & more')
    assert page.html.startswith("<!DOCTYPE html>") and page.path is None
    shown = page._repr_html_()
    # The page is one attribute: its own quotes and marks do not end it.
    found = re.fullmatch(r'<iframe ([^<>]*) srcdoc="([^"<>]*)"></iframe>', shown)
    assert found is not None and html.unescape(found[2]) == page.html
    assert 'sandbox="allow-scripts allow-downloads"' in found[1] and "height:640px" in found[1]
    assert "&quot;first&quot; &lt;look&gt; &amp;amp;" not in page.html
    assert len(repr(page)) < 100

    saved = tlbench.report(REFERENCE, output=tmp_path / "page.html", height=300)
    assert saved.path == tmp_path / "page.html" and "height:300px" in saved._repr_html_()
    assert saved.path.read_text(encoding="utf-8") == saved.html
    with pytest.raises(tlbench.TlbenchError, match="exist") as error:
        tlbench.report(REFERENCE, output=saved.path)
    assert error.value.exit_code == 73
    tlbench.report(REFERENCE, output=saved.path, figures=tmp_path / "figures", overwrite=True)
    assert list((tmp_path / "figures").glob("*.svg"))


def test_several_results_and_baselines(program: Path) -> None:
    both = tlbench.report([REFERENCE, ROOT / "Results" / "reference.h5"])
    assert "rates.h5" in both.html and "reference.h5" in both.html
    changes = tlbench.report(REFERENCE, baseline=REFERENCE)
    assert "No regression" in changes.html


def test_returned_results_have_a_page(program: Path) -> None:
    y = np.arange(45) % 3
    noise = np.random.default_rng(0).integers(0, 60, (45, 16, 16, 1))
    x = (noise + y[:, None, None, None] * 80).astype(np.uint8)
    results = tlbench.compare(
        ROOT / "Datasets" / "simple.weights.h5", (x, y), sizes=["full"],
        strategies=["linear-probe", "feature-extraction"], replicates=2, quiet=True)
    page = tlbench.report(results)
    assert "linear-probe" in page.html
    source = Path(results.encoding["source"])
    means = results.mean("replicate")
    del results
    gc.collect()
    assert not source.parent.exists(), "results without a name leave files behind"
    with pytest.raises(tlbench.TlbenchError, match="cannot report on these results") as error:
        tlbench.report(means)
    assert error.value.remedy
