"""Texts as tokens: what is written for each kind of tokenizer, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import tlbench

WORDS = {"a": 1, "good": 2, "bad": 3, "film": 4}
TEXTS = ["a good film", "bad", "a bad bad film a"]


def stub(text: str) -> list[int]:
    """A token for each word, by its place in the vocabulary."""
    return [WORDS[word] for word in text.split()]


class Transformers:
    """Has the interface of a tokenizer of transformers; adds 101 and 102."""

    pad_token_id = 9

    def __call__(self, texts: list[str], **options: Any) -> dict[str, list[list[int]]]:
        assert options == {"truncation": True, "max_length": 4, "padding": False}
        return {"input_ids": [[101, *stub(text)[:2], 102] for text in texts]}


def content(path: Path, group: str = "/") -> dict[str, Any]:
    with h5py.File(path) as file:
        return {name: value[...].tolist() for name, value in file[group].items()
                if isinstance(value, h5py.Dataset)}


def test_a_function_gives_the_tokens(tmp_path: Path) -> None:
    path = tlbench.token_dataset(TEXTS, ["pos", "neg", b"neg"], stub, tmp_path / "t.h5", 4)
    assert path == tmp_path / "t.h5"
    assert content(path) == {
        "input_ids": [[1, 2, 4, 0], [3, 0, 0, 0], [1, 3, 3, 4]],
        "attention_mask": [[1, 1, 1, 0], [1, 0, 0, 0], [1, 1, 1, 1]],
        "lengths": [3, 1, 4], "labels": [1, 0, 0]}
    with h5py.File(path) as file:
        assert list(file.attrs["class_names"]) == ["neg", "pos"]
        assert file["input_ids"].dtype == np.int32 and file["attention_mask"].dtype == np.uint8
    assert [entry.name for entry in tmp_path.iterdir()] == ["t.h5"]


def test_rows_are_as_long_as_the_longest_text(tmp_path: Path) -> None:
    path = tlbench.token_dataset(TEXTS, None, stub, tmp_path / "t.h5")
    assert content(path)["input_ids"] == [[1, 2, 4, 0, 0], [3, 0, 0, 0, 0], [1, 3, 3, 4, 1]]
    assert "labels" not in content(path)


def test_tokenizers_of_transformers_cut_and_pad_as_they_do(tmp_path: Path) -> None:
    path = tlbench.token_dataset(TEXTS, [1, 0, 0], Transformers(), tmp_path / "t.h5", max_length=4)
    assert content(path)["input_ids"] == [[101, 1, 2, 102], [101, 3, 102, 9], [101, 1, 3, 102]]
    assert content(path)["lengths"] == [4, 3, 4]


PAIRS = [("a film", "good"), ("bad film", "bad"), ("a", "a")]


class Pairs(Transformers):
    """Gives the second text of a pair the type 1."""

    def __call__(
        self, texts: list[str], second: list[str], **options: Any) -> dict[str, list[list[int]]]:
        assert options == {"truncation": True, "max_length": 8, "padding": False}
        ids = [[[101, *stub(one), 102], [*stub(two), 102]] for one, two in zip(texts, second)]
        return {
            "input_ids": [one + two for one, two in ids],
            "token_type_ids": [[0] * len(one) + [1] * len(two) for one, two in ids]}


def test_pairs_have_types(tmp_path: Path) -> None:
    path = tlbench.token_dataset(PAIRS, [1, 0, 0], Pairs(), tmp_path / "t.h5", max_length=8)
    assert content(path) == {
        "input_ids": [
            [101, 1, 4, 102, 2, 102], [101, 3, 4, 102, 3, 102], [101, 1, 102, 1, 102, 9]],
        "attention_mask": [[1] * 6, [1] * 6, [1] * 5 + [0]],
        "token_type_ids": [[0, 0, 0, 0, 1, 1], [0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 0]],
        "lengths": [6, 6, 5], "labels": [1, 0, 0]}


def test_pairs_of_a_tokenizer_of_tokenizers_have_types(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    from tokenizers import models, pre_tokenizers, processors

    words = {**WORDS, "[CLS]": 5, "[SEP]": 6, "[PAD]": 7}
    tokenizer = tokenizers.Tokenizer(models.WordLevel(words))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 5), ("[SEP]", 6)])
    path = tlbench.token_dataset(
        PAIRS[:2], [1, 0], tokenizer, tmp_path / "t.h5", test=([PAIRS[2]], [1]))
    assert content(path, "train")["token_type_ids"] == [[0, 0, 0, 0, 1, 1]] * 2
    assert content(path, "test")["token_type_ids"] == [[0, 0, 0, 1, 1, 0]]
    assert content(path, "test")["input_ids"] == [[5, 1, 6, 1, 6, 7]]
    # All types of single texts are 0, which is what files without types mean.
    single = tlbench.token_dataset(TEXTS, None, tokenizer, tmp_path / "s.h5")
    assert "token_type_ids" not in content(single)


def test_a_tokenizer_of_tokenizers_is_left_as_it_is(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    from tokenizers import models, pre_tokenizers, processors

    words = {**WORDS, "[UNK]": 0, "[CLS]": 5, "[SEP]": 6, "[PAD]": 7}
    tokenizer = tokenizers.Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 5), ("[SEP]", 6)])
    tokenizer.enable_padding(pad_id=7, pad_token="[PAD]", length=12)
    before = tokenizer.to_str()
    path = tlbench.token_dataset([*TEXTS, ""], [1, 0, 0, 1], tokenizer, tmp_path / "t.h5", 5)
    assert content(path)["input_ids"] == [
        [5, 1, 2, 4, 6], [5, 3, 6, 7, 7], [5, 1, 3, 3, 6], [5, 6, 7, 7, 7]]
    assert content(path)["lengths"] == [5, 3, 5, 2]
    assert tokenizer.to_str() == before


def test_a_tokenizer_of_tokenizers_cuts_where_it_does(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    from tokenizers import models, pre_tokenizers

    tokenizer = tokenizers.Tokenizer(models.WordLevel(WORDS))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_truncation(8, direction="left")
    path = tlbench.token_dataset(TEXTS, None, tokenizer, tmp_path / "t.h5", 2)
    assert content(path)["input_ids"] == [[2, 4], [3, 0], [4, 1]]


def test_a_test_set_has_groups(tmp_path: Path) -> None:
    path = tlbench.token_dataset(
        TEXTS, ["pos", "neg", "neg"], stub, tmp_path / "t.h5", test=(["film"], ["pos"]))
    assert content(path, "train")["labels"] == [1, 0, 0]
    assert content(path, "test") == {
        "input_ids": [[4, 0, 0, 0, 0]], "attention_mask": [[1, 0, 0, 0, 0]], "lengths": [1],
        "labels": [1]}


@pytest.mark.parametrize("texts, labels, tokenizer, options, words", [
    (TEXTS, [0, 1], stub, {}, "3 texts and 2 labels"),
    (TEXTS, [0, 0, 0], stub, {}, "one class"),
    (["a", ""], [0, 1], stub, {}, "text 1 of the part train has no tokens"),
    (["a", None], [0, 1], stub, {}, "text 1 of the part train is None"),
    ([PAIRS[0], "a"], [0, 1], Pairs(), {"max_length": 8}, "text 1 of the part train is 'a'"),
    (["a", PAIRS[0]], [0, 1], stub, {}, "text 1 of the part train is ('a film', 'good')"),
    ("a film", [0, 1], stub, {}, "no list of texts"),
    ((text for text in TEXTS), [0, 1, 0], stub, {}, "no list of texts"),
    (TEXTS, ["x", float("nan"), "y"], stub, {}, "a label is missing"),
    (TEXTS, [0, 1, 0], stub, {"test": (TEXTS, None)}, "the part test has no labels"),
    (TEXTS, [0, 1, 0], lambda text: {"input_ids": [1]}, {}, "gives {'input_ids': [1]} for text 0"),
    (TEXTS, [0, 1, 0], lambda text: iter([1]), {}, "for text 0 of the part train"),
    ([], [], stub, {}, "the shape (0,)"),
    (["a", "b"], [0, 1], lambda text: [1.5], {}, "gives [1.5] for text 0"),
    (["a", "b"], [0, 1], lambda text: [-1], {}, "text 0 of the part train has a token outside"),
    (["a", "b"], [0, 1], lambda text: [1 << 24], {}, "outside 0...16,777,215"),
    (TEXTS, None, stub, {"test": (TEXTS, [0, 1, 0])}, "for testing only"),
    (TEXTS, [0, 1, 0], stub, {"max_length": 0}, "max_length is 0"),
])
def test_what_does_not_fit_is_refused(
    tmp_path: Path, texts: Any, labels: Any, tokenizer: Any, options: dict, words: str) -> None:
    with pytest.raises(tlbench.TlbenchError) as error:
        tlbench.token_dataset(texts, labels, tokenizer, tmp_path / "t.h5", **options)
    assert words in error.value.problem and error.value.remedy
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "t.h5").write_text("mine")
    with pytest.raises(tlbench.TlbenchError, match="it exists"):
        tlbench.token_dataset(TEXTS, [0, 1, 0], stub, tmp_path / "t.h5")
