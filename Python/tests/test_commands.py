"""The commands of the program, run as a user of Python runs them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tlbench

pytest.importorskip("xarray")
pytest.importorskip("h5netcdf")
pytest.importorskip("pandas")

WEIGHTS = Path(__file__).resolve().parents[2] / "Datasets" / "simple.weights.h5"


def examples(count: int = 45) -> tuple[np.ndarray, np.ndarray]:
    """Images of three classes that differ in brightness."""
    y = np.arange(count) % 3
    noise = np.random.default_rng(0).integers(0, 60, (count, 16, 16, 1))
    return (noise + y[:, None, None, None] * 80).astype(np.uint8), y


def test_compare_returns_results(
    tmp_path: Path, program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x, y = examples()
    names = np.array(["dark", "grey", "light"])[y]
    results = tlbench.compare(
        WEIGHTS, (x, names), sizes=["full"], strategies=["linear-probe", "feature-extraction"],
        replicates=2, test_share=0.4, output=tmp_path / "results.h5")
    assert results.accuracy.dims == ("similarity", "train_size", "strategy", "replicate")
    assert results.strategy.values.tolist() == ["linear-probe", "feature-extraction"]
    assert results.train_size.values.tolist() == [27]
    assert float(results.accuracy.sel(strategy="linear-probe").min()) > 0.9
    shown = capsys.readouterr()
    assert "linear-probe" in shown.out and "[4/4]" in shown.err
    with pytest.raises(tlbench.TlbenchError, match="exist") as error:
        tlbench.compare(WEIGHTS, (x, names), output=tmp_path / "results.h5", quiet=True)
    assert error.value.remedy and error.value.exit_code == 73
    assert capsys.readouterr() == ("", "")


def test_sweep_returns_results(tmp_path: Path, program: Path) -> None:
    results = tlbench.sweep(
        sizes=[20], similarities=["high"], strategies=["linear-probe"], replicates=1,
        architecture="simple", weights=WEIGHTS, tasks=tmp_path, task_size=200, quiet=True)
    assert results.accuracy.shape == (1, 1, 1, 1)
    assert results.attrs["architecture"] == "simple"
    assert 0 < float(results.accuracy.squeeze()) <= 1


def test_predict_returns_a_table(
    tmp_path: Path, program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x, y = examples()
    names = np.array(["dark", "grey", "light"])[y]
    data = tlbench.write_dataset(tmp_path / "data.h5", x, names)
    model = tmp_path / "model.keras"
    tlbench.run(
        "train", f"--weights={WEIGHTS}", f"--data={data}", "--strategy=linear-probe",
        f"--output={model}", show=False)
    table = tlbench.predict(model, data)
    assert table.columns.tolist() == ["prediction", "p(dark)", "p(grey)", "p(light)", "label"]
    assert table["label"].tolist() == names.tolist()
    assert (table["prediction"] == table["label"]).mean() > 0.9
    assert np.allclose(table[["p(dark)", "p(grey)", "p(light)"]].sum(axis=1), 1, atol=1e-5)
    assert "accuracy" in capsys.readouterr().out
    alone = tlbench.predict(model, x, quiet=True)
    assert alone["prediction"].tolist() == table["prediction"].tolist()
    assert "label" not in alone
    assert "label" not in tlbench.predict(model, (x, None), quiet=True)

    for file in [tmp_path / "p.csv", tmp_path / "p.h5"]:
        saved = tlbench.predict(model, data, output=file, quiet=True)
        assert file.exists() and saved.equals(table), file
        with pytest.raises(tlbench.TlbenchError, match="exist") as error:
            tlbench.predict(model, data, output=file, quiet=True)
        assert error.value.exit_code == 73
        again = tlbench.predict(model, x[:3], output=file, overwrite=True, quiet=True)
        assert again["prediction"].tolist() == names[:3].tolist()
    with pytest.raises(tlbench.TlbenchError, match="ends neither in .csv nor in .h5"):
        tlbench.predict(model, x, output=tmp_path / "p.txt")


def test_parts_of_a_set_are_a_column(tmp_path: Path, program: Path) -> None:
    x, y = examples()
    data = tlbench.write_dataset(tmp_path / "data.h5", x, y, test=(x[:6], y[:6]))
    model = tmp_path / "model.keras"
    tlbench.run(
        "train", f"--weights={WEIGHTS}", f"--data={data}", "--strategy=linear-probe",
        f"--output={model}", show=False)
    for file in [None, tmp_path / "p.csv"]:
        table = tlbench.predict(model, data, part="all", output=file, quiet=True)
        assert table["part"].value_counts().to_dict() == {"train": 45, "test": 6}


def test_predictions_of_pictures_have_their_paths(tmp_path: Path, program: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    x, y = examples(6)
    for number, (pixels, label) in enumerate(zip(x[..., 0], y)):
        folder = tmp_path / "photos" / str(label)
        folder.mkdir(parents=True, exist_ok=True)
        image.fromarray(pixels).save(folder / f"{number}.png")
    data, model = tmp_path / "photos.h5", tmp_path / "model.keras"
    tlbench.run(
        "pack", str(tmp_path / "photos"), "--size=16", "--channels=1", f"--output={data}",
        show=False)
    tlbench.run(
        "train", f"--weights={WEIGHTS}", f"--data={data}", "--strategy=linear-probe",
        "--test-share=0", f"--output={model}", show=False)
    for file in [None, tmp_path / "p.csv"]:
        table = tlbench.predict(model, data, output=file, quiet=True)
        assert table["path"].tolist() == [
            "0/0.png", "0/3.png", "1/1.png", "1/4.png", "2/2.png", "2/5.png"]


def test_options_that_the_program_does_not_have(program: Path) -> None:
    with pytest.raises(tlbench.TlbenchError, match="unknown option '--sices") as error:
        tlbench.sweep(sices=[10])
    assert error.value.exit_code == 64
