"""Labelled sets: what is written, and what is refused."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

import tlbench


def images(count: int = 4, dtype: str = "uint8") -> np.ndarray:
    return (np.arange(count * 6 * 5 * 3) % 256).reshape(count, 6, 5, 3).astype(dtype)


@pytest.mark.parametrize("dtype, stored", [
    ("uint8", "uint8"), ("int64", "uint8"), ("float64", "float32"), ("float16", "float32")])
def test_images_are_stored_as_bytes_or_floats(tmp_path: Path, dtype: str, stored: str) -> None:
    x = images(dtype=dtype)
    path = tlbench.write_dataset(tmp_path / "d.h5", x, [0, 1, 1, 0])
    with h5py.File(path) as file:
        assert file["x"].dtype == stored
        assert np.array_equal(file["x"][...], x.astype(stored))
        assert file["y"][...].tolist() == [0, 1, 1, 0]
        assert list(file.attrs["class_names"]) == ["0", "1"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["d.h5"]


def test_texts_are_numbered_in_order(tmp_path: Path) -> None:
    path = tlbench.write_dataset(tmp_path / "d.h5", images(), ["dog", "cat", "dog", "Äffchen"])
    with h5py.File(path) as file:
        assert list(file.attrs["class_names"]) == ["cat", "dog", "Äffchen"]
        assert file["y"][...].tolist() == [1, 0, 1, 2]
    path = tlbench.write_dataset(
        path, images(), ["dog", "cat", "dog", "cat"], class_names=["dog", "cat"], overwrite=True)
    with h5py.File(path) as file:
        assert file["y"][...].tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize("labels", [
    np.array(["zèbre".encode(), b"cat", b"cat", b"dog"]),
    np.array(["zèbre".encode(), b"cat", b"cat", b"dog"], dtype=object),
    ["zèbre".encode(), b"cat", b"cat", b"dog"], np.array(["zèbre", "cat", "cat", "dog"], object)])
def test_bytes_are_the_texts_that_they_encode(tmp_path: Path, labels: object) -> None:
    path = tlbench.write_dataset(tmp_path / "d.h5", images(), labels)
    with h5py.File(path) as file:
        assert list(file.attrs["class_names"]) == ["cat", "dog", "zèbre"]
        assert file["y"][...].tolist() == [2, 0, 0, 1]
    names = np.array([b"dog", b"cat", "zèbre".encode()])
    path = tlbench.write_dataset(path, images(), labels, class_names=names, overwrite=True)
    with h5py.File(path) as file:
        assert list(file.attrs["class_names"]) == ["dog", "cat", "zèbre"]
        assert file["y"][...].tolist() == [2, 1, 1, 0]


def test_labels_in_a_file_are_read(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "labels.h5", "w") as source:
        source["y"] = ["dog", "cat", "dog", "cat"]
        path = tlbench.write_dataset(tmp_path / "d.h5", images(), source["y"])
    with h5py.File(path) as file:
        assert list(file.attrs["class_names"]) == ["cat", "dog"]
        assert file["y"][...].tolist() == [1, 0, 1, 0]


def test_whole_numbers_as_objects_are_numbers(tmp_path: Path) -> None:
    labels = np.array([0, 10, 2, 1], dtype=object)
    path = tlbench.write_dataset(tmp_path / "d.h5", images(), labels)
    with h5py.File(path) as file:
        assert file["y"][...].tolist() == [0, 10, 2, 1]


def test_channels_of_pytorch_become_the_last_axis(tmp_path: Path) -> None:
    x = images()
    path = tlbench.write_dataset(
        tmp_path / "d.h5", x.transpose(0, 3, 1, 2), [0, 1, 0, 1], channels_first=True)
    with h5py.File(path) as file:
        assert np.array_equal(file["x"][...], x)


def test_large_sets_are_copied_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tlbench.datasets._BLOCK_BYTES", 100)
    with h5py.File(tmp_path / "source.h5", "w") as source:
        source["x"] = images()
        path = tlbench.write_dataset(tmp_path / "d.h5", source["x"], [0, 1, 0, 1])
    with h5py.File(path) as file:
        assert np.array_equal(file["x"][...], images())


def test_a_test_set_has_groups(tmp_path: Path) -> None:
    path = tlbench.write_dataset(
        tmp_path / "d.h5", images(), ["a", "b", "a", "b"], test=(images(2), ["b", "c"]))
    with h5py.File(path) as file:
        assert file["train/y"][...].tolist() == [0, 1, 0, 1]
        assert file["test/y"][...].tolist() == [1, 2]
        assert file["test/x"].shape == (2, 6, 5, 3)


@pytest.mark.parametrize("x, y, options, words", [
    (images(), [0, 1], {}, "4 images and 2 labels"),
    (images(), [0, 0, 0, 0], {}, "one class"),
    (images(), [0, 1, 2, -1], {}, "neither a whole number"),
    (images(), [0.5, 1, 2, 1], {}, "neither a whole number"),
    (images(), [0, 1, 2, 1], {"class_names": ["a", "b"]}, "a label 2, but only 2 class names"),
    (images(), ["a", "b", "c", "a"], {"class_names": ["a", "b"]}, "the label 'c'"),
    (images(), [b"a", b"\xff", b"b", b"a"], {}, "b'\\xff' is not UTF-8"),
    (images(), np.array(["a", None, "b", "a"], object), {}, "a label is missing"),
    (images(), np.array(["a", float("nan"), "b", "a"], object), {}, "a label is missing"),
    (images(), ["a", float("nan"), "b", "a"], {}, "a label is missing"),
    (images(), ["a", "b", "b", "a"], {"class_names": ["a", "b", "a"]}, "the same name"),
    (images(dtype="int32") + 200, [0, 1, 0, 1], {}, "whole numbers in 200...455"),
    (images().astype("complex64"), [0, 1, 0, 1], {}, "complex64"),
    (np.full((4, 3), np.nan), [0, 1, 0, 1], {}, "image 0 has values that are not finite"),
    (np.zeros((0, 6, 5, 3)), [], {}, "(0, 6, 5, 3)"),
    (images(), [0, 1, 0, 1], {"test": (images()[:, 1:], [0, 1, 0, 1])}, "(5, 5, 3)"),
    (images(), None, {"test": (images(), [0, 1, 0, 1])}, "for testing only"),
    (images(), [0, 1, 0, 1], {"test": (images(), None)}, "the part test has no labels"),
    (images()[:, 0, 0], [0, 1, 0, 1], {"channels_first": True}, "four axes"),
])
def test_what_does_not_fit_is_refused(
    tmp_path: Path, x: object, y: object, options: dict, words: str) -> None:
    with pytest.raises(tlbench.TlbenchError) as error:
        tlbench.write_dataset(tmp_path / "d.h5", x, y, **options)
    assert words in error.value.problem and error.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_files_are_replaced_only_on_request(tmp_path: Path) -> None:
    path = tmp_path / "d.h5"
    path.write_text("mine")
    with pytest.raises(tlbench.TlbenchError, match="it exists"):
        tlbench.write_dataset(path, images(), [0, 1, 0, 1])
    with pytest.raises(tlbench.TlbenchError, match="not finite"):
        tlbench.write_dataset(path, images() * np.nan, [0, 1, 0, 1], overwrite=True)
    assert path.read_text() == "mine"
    with pytest.raises(tlbench.TlbenchError, match="does not exist"):
        tlbench.write_dataset(tmp_path / "no" / "d.h5", images(), [0, 1, 0, 1])
