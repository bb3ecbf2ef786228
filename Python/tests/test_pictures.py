"""Folders of pictures: what becomes of unusual and broken ones."""

from __future__ import annotations

import os
from pathlib import Path

import h5py
import numpy as np
import pytest

import tlbench

PIL = pytest.importorskip("PIL")
from PIL import Image  # noqa: E402

RED, BLUE = (255, 0, 0), (0, 0, 255)


def save(path: Path, picture: Image.Image | None = None, **options: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    (picture or Image.new("RGB", (8, 8), RED)).save(path, **options)
    return path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    root = tmp_path / "photos"
    save(root / "b" / "1.png")
    save(root / "a" / "2.png")
    save(root / "a" / "1.png", Image.new("RGB", (8, 8), BLUE))
    return root


def test_classes_and_pictures_are_in_order(photos: Path, tmp_path: Path) -> None:
    save(photos / "a" / "inner" / "0.PNG")
    save(photos / "a" / ".hidden.png")
    (photos / ".git").mkdir()
    (photos / "a" / "notes.txt").write_text("x")
    pictures = tlbench.image_folder(photos, (4, 6))
    assert pictures.class_names == ["a", "b"]
    assert [path.relative_to(photos).as_posix() for path in pictures.paths] == [
        "a/1.png", "a/2.png", "a/inner/0.PNG", "b/1.png"]
    assert pictures.x.shape == (4, 4, 6, 3) and pictures.y.tolist() == [0, 0, 0, 1]
    assert (pictures.x[0] == BLUE).all() and (pictures.x[1:] == RED).all()
    assert pictures.notes == ["files of other kinds that were left out: 1"]
    with h5py.File(pictures.write(tmp_path / "d.h5")) as file:
        assert list(file.attrs["class_names"]) == ["a", "b"]
        assert np.array_equal(file["x"][...], pictures.x)


def test_the_order_of_classes_can_be_given(photos: Path) -> None:
    assert tlbench.image_folder(photos, 4, class_names=["b", "a"]).y.tolist() == [0, 1, 1]
    with pytest.raises(tlbench.TlbenchError, match="'c' is among class_names, but not a folder"):
        tlbench.image_folder(photos, 4, class_names=["a", "b", "c"])
    with pytest.raises(tlbench.TlbenchError, match="'b' is a folder, but not among"):
        tlbench.image_folder(photos, 4, class_names=["a", "c"])


def test_pictures_without_classes(photos: Path) -> None:
    pictures = tlbench.image_folder(photos / "a", 4, labeled=False)
    assert pictures.y is None and pictures.class_names == [] and len(pictures.x) == 2


def test_exif_turns_pictures(photos: Path) -> None:
    picture = Image.new("RGB", (8, 4), RED)
    picture.paste(BLUE, (0, 0, 4, 4))  # the left half is blue
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise: the upper half is blue
    save(photos / "a" / "3.png", picture, exif=exif)
    pictures = tlbench.image_folder(photos, (8, 4), fit="stretch")
    assert (pictures.x[2, :3] == BLUE).all() and (pictures.x[2, 5:] == RED).all()
    assert pictures.notes == ["pictures that were turned as their EXIF orientation says: 1"]


@pytest.mark.parametrize("picture, expected, note", [
    (Image.new("L", (8, 8), 7), (7, 7, 7), "are grey"),
    (Image.new("RGBA", (8, 8), (255, 0, 0, 0)), (255, 255, 255), "are transparent"),
    (Image.new("LA", (8, 8), (0, 255)), (0, 0, 0), "are transparent"),
    (Image.fromarray(np.full((8, 8), 257 * 9, np.uint16)), (9, 9, 9), "had 16 bits"),
    (Image.new("P", (8, 8), 0), (0, 0, 0), None),
])
def test_other_modes_become_rgb(
    photos: Path, picture: Image.Image, expected: tuple, note: str | None) -> None:
    save(photos / "a" / "3.png", picture)
    pictures = tlbench.image_folder(photos, 4)
    assert (pictures.x[2] == expected).all()
    assert any(note in text for text in pictures.notes) if note else pictures.notes == []


def test_cmyk_and_animations(photos: Path) -> None:
    save(photos / "a" / "3.jpg", Image.new("CMYK", (8, 8), (0, 255, 255, 0)), quality=100)
    frames = [Image.new("P", (8, 8)), Image.new("P", (8, 8))]
    frames[1].paste(5, (0, 0, 4, 4))
    save(photos / "a" / "4.gif", frames[0], save_all=True, append_images=frames[1:])
    notes = " ".join(tlbench.image_folder(photos, 4).notes)
    assert "were converted from CMYK: 1" in notes and "are animations, of which" in notes


def test_colours_become_grey(photos: Path) -> None:
    pictures = tlbench.image_folder(photos, 4, channels=1)
    assert pictures.x.shape == (3, 4, 4, 1) and (pictures.x[1] == 76).all()
    assert pictures.notes == ["pictures that are coloured and were made grey: 3"]


def test_how_pictures_fit(photos: Path) -> None:
    picture = Image.new("RGB", (12, 4), RED)
    picture.paste(BLUE, (0, 0, 4, 4))
    save(photos / "a" / "3.png", picture)

    def fitted(fit: str) -> np.ndarray:
        return tlbench.image_folder(photos, 4, fit=fit).x[2]

    assert (fitted("crop") == RED).all()
    assert (fitted("pad")[0] == 0).all() and fitted("pad").any()
    assert (fitted("stretch")[:, 0] == BLUE).all() and (fitted("stretch")[:, 3] == RED).all()


def test_broken_pictures_are_listed_and_skipped_on_request(photos: Path, tmp_path: Path) -> None:
    whole = save(tmp_path / "whole.png", Image.effect_noise((64, 64), 50)).read_bytes()
    (photos / "a" / "3.png").write_bytes(whole[: len(whole) // 2])
    (photos / "a" / "4.jpg").write_bytes(b"not a picture")
    (photos / "b" / "5.png").write_bytes(b"")
    save(tmp_path / "outside.png")
    os.symlink(tmp_path / "outside.png", photos / "b" / "6.png")
    os.symlink(tmp_path / "nowhere.png", photos / "b" / "7.png")
    with pytest.raises(tlbench.BrokenPictures) as error:
        tlbench.image_folder(photos, 4)
    names = [path.name for path, _ in error.value.broken]
    assert names == ["3.png", "4.jpg", "5.png", "6.png", "7.png"]
    assert all(reason for _, reason in error.value.broken)
    assert "6.png: a link that leads out of the folder" in str(error.value)
    pictures = tlbench.image_folder(photos, 4, skip_broken=True)
    assert pictures.y.tolist() == [0, 0, 1] and len(pictures.broken) == 5
    (photos / "b" / "1.png").write_bytes(b"")
    with pytest.raises(tlbench.TlbenchError, match="no picture of the class 'b' can be read"):
        tlbench.image_folder(photos, 4, skip_broken=True)


def test_decompression_bombs_are_broken(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 63)
    with pytest.raises(tlbench.BrokenPictures, match="exceeds limit"):
        tlbench.image_folder(photos, 4)


def test_folders_that_make_no_set(photos: Path, tmp_path: Path) -> None:
    def refusal(folder: Path, **options: object) -> str:
        with pytest.raises(tlbench.TlbenchError) as error:
            tlbench.image_folder(folder, 4, **options)
        assert error.value.remedy
        return error.value.problem

    assert "is not a folder" in refusal(tmp_path / "nowhere")
    assert "0 folders of classes" in refusal(photos / "a")
    (photos / "c").mkdir()
    assert "the class 'c' has no pictures" in refusal(photos)
    (tmp_path / "empty").mkdir()
    assert "has no pictures" in refusal(tmp_path / "empty", labeled=False)
    for part in ["train", "test"]:
        save(tmp_path / "parts" / part / "a" / "1.png")
    assert "the parts test, train" in refusal(tmp_path / "parts")
    save(tmp_path / "parts" / "dev" / "1.png")
    assert "'dev' is no part" in refusal(tmp_path / "parts")
    names = ["dev", "test", "train"]
    found = tlbench.image_folder(tmp_path / "parts", 4, class_names=names)
    assert found.class_names == names
    assert "make no sense" in refusal(photos, fit="squeeze")
    os.mkdir(os.fsencode(photos) + b"/\xff")
    assert "not UTF-8" in refusal(photos)


@pytest.mark.parametrize("fit", ["crop", "stretch", "pad"])
def test_the_program_packs_the_same_set(program: Path, tmp_path: Path, fit: str) -> None:
    samples = Path(__file__).resolve().parents[2] / "Tests/PicturesTests/Fixtures/pictures"
    for sample in samples.iterdir():
        # This one is a copy of another: the program keeps it once.
        if sample.name != "no-suffix-of-its-own.png":
            target = tmp_path / "photos" / sample.suffix[1:] / sample.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(sample.read_bytes())
    photos = tmp_path / "photos"
    pictures = tlbench.image_folder(photos, (9, 12), fit=fit)
    tlbench.run(
        "pack", photos, "--size", "9x12", "--fit", fit, "--output", tmp_path / "d.h5", show=False)
    with h5py.File(tmp_path / "d.h5") as file:
        assert list(file.attrs["class_names"]) == pictures.class_names == ["jpg", "png"]
        assert file["y"][...].tolist() == pictures.y.tolist()
        assert file["x"].dtype == np.uint8 and file["y"].dtype == np.int32
        paths = [path.relative_to(photos).as_posix() for path in pictures.paths]
        assert [path.decode() for path in file["path"][...]] == paths
        difference = np.abs(file["x"][...].astype(int) - pictures.x).reshape(len(paths), -1).max(1)
    # Pillow 13 resizes in another order for some sizes, and has a libjpeg of its own.
    assert difference[pictures.y == 1].max() <= 1 and difference.max() <= 3
