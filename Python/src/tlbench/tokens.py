"""Labelled texts as tokens in HDF5."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Optional, Union

import h5py
import numpy as np
import numpy.typing as npt

from .datasets import cannot_write, class_numbers, replacing

# Networks compute with single precision, which has every whole number below this one.
_MOST_IDS = 1 << 24
_BATCH = 1_000
# A text, or two that belong together, such as a question and an answer.
Text = Union[str, tuple[str, str]]
Texts = Sequence[Text]
# The tokens of a text, and their types if there are several.
Codes = tuple[Sequence[int], Optional[Sequence[int]]]


def token_dataset(
    texts: Texts,
    labels: Optional[npt.ArrayLike],
    tokenizer: Any,
    path: str | os.PathLike[str],
    max_length: int = 128,
    *,
    class_names: Optional[Sequence[str]] = None,
    test: Optional[tuple[Texts, npt.ArrayLike]] = None,
    overwrite: bool = False,
) -> Path:
    """Writes texts as tokens with their labels.

    The file has `input_ids` [count, length], `attention_mask` [count, length] (1 for tokens, 0 for
    padding, which is at the end), `lengths` [count] and `labels` [count]; with a test set in the
    groups `train` and `test`. The length is that of the longest text. `token_type_ids`
    [count, length] are added if the tokenizer gives a type other than 0, as it does for pairs.

    Args:
        texts: the texts, or pairs of texts as tuples.
        labels: a label for each text, as for `write_dataset`; None for texts to classify.
        tokenizer: the one of the network: a `tokenizers.Tokenizer`, a tokenizer of transformers,
            or a function that returns the tokens of a text, or of a pair, as whole numbers. The
            first two add their special tokens; no settings of theirs are changed.
        path: the file; it appears only when everything is written.
        max_length: longer texts are cut to so many tokens, as the tokenizer does it.
        class_names: the names of the classes 0, 1, … (default: the texts, or the numbers).
        test: texts and labels to test on.
        overwrite: whether to replace a file that exists.

    Returns: the path of the file.

    Raises:
        TlbenchError: if texts and labels do not fit together, a text has no tokens, or the file
            exists.
    """
    target = Path(path)
    if target.exists() and not overwrite:
        raise cannot_write(target, "it exists", "Choose another name, or give overwrite=True.")
    if max_length < 1:
        raise cannot_write(target, f"max_length is {max_length}", "Give at least 1.")
    if test is not None and labels is None:
        raise cannot_write(target, "it has labels for testing only", "Give labels as well.")
    parts: dict[str, tuple[Texts, Any]] = {"train": (texts, labels)}
    if test is not None:
        parts["test"] = test
    numbers, names = class_numbers(
        target, {part: pair[1] for part, pair in parts.items()}, class_names)
    encode, padding = _encoder(tokenizer, max_length)
    rows = {
        part: list(_rows(target, part, pair[0], encode, max_length))
        for part, pair in parts.items()}
    for part, found in rows.items():
        if part in numbers and len(numbers[part]) != len(found):
            raise cannot_write(
                target, f"it would have {len(found)} texts and {len(numbers[part])} labels",
                "Give one label for each text.")
    length = max(len(row) for found in rows.values() for row, _ in found)
    has_types = any(types.any() for found in rows.values() for _, types in found)
    with replacing(target) as temporary, h5py.File(temporary, "w") as file:
        for part, found in rows.items():
            group = file if test is None else file.create_group(part)
            lengths = np.array([len(row) for row, _ in found], np.int32)
            mask = np.arange(length) < lengths[:, None]
            ids = np.full(mask.shape, padding, np.int32)
            ids[mask] = np.concatenate([row for row, _ in found])
            group["input_ids"], group["attention_mask"] = ids, mask.astype(np.uint8)
            if has_types:
                types = np.zeros(mask.shape, np.int32)
                types[mask] = np.concatenate([row for _, row in found])
                group["token_type_ids"] = types
            group["lengths"] = lengths
            if part in numbers:
                group["labels"] = numbers[part]
        if names:
            file.attrs["class_names"] = np.array(names, dtype=h5py.string_dtype())
    return target


Encode = Callable[[list[Text]], list[Codes]]


def _encoder(tokenizer: Any, max_length: int) -> tuple[Encode, int]:
    """A function that gives the tokens of texts, and the token of the padding."""
    if hasattr(tokenizer, "encode_batch") and hasattr(tokenizer, "to_str"):
        own = type(tokenizer).from_str(tokenizer.to_str())
        padding = (own.padding or {}).get("pad_id")
        if padding is None:
            known = [own.token_to_id(word) for word in ("[PAD]", "<pad>")]
            padding = next((number for number in known if number is not None), 0)
        own.no_padding()
        direction = (own.truncation or {}).get("direction", "right")
        own.enable_truncation(max_length, direction=direction)
        return lambda texts: [
            (found.ids, found.type_ids) for found in own.encode_batch(texts)], int(padding)
    if hasattr(tokenizer, "pad_token_id"):
        padding = tokenizer.pad_token_id

        def encode(texts: list[Text]) -> list[Codes]:
            columns = [texts] if isinstance(texts[0], str) else [list(part) for part in zip(*texts)]
            found = tokenizer(*columns, truncation=True, max_length=max_length, padding=False)
            ids = list(found["input_ids"])
            # Not every tokenizer has types.
            types = found["token_type_ids"] if "token_type_ids" in found else [None] * len(ids)
            return list(zip(ids, types))

        return encode, 0 if padding is None else int(padding)
    return lambda texts: [(_beginning(tokenizer(text), max_length), None) for text in texts], 0


def _beginning(tokens: Any, count: int) -> Any:
    """The first tokens of a sequence; anything else as it is, which is refused later."""
    is_sequence = hasattr(tokens, "__getitem__") and not isinstance(tokens, Mapping)
    return tokens[:count] if is_sequence else tokens


def _rows(
    path: Path, part: str, texts: Texts, encode: Encode, max_length: int
) -> Iterator[tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]]:
    """The tokens of each text, and their types."""
    is_list = hasattr(texts, "__getitem__") and not isinstance(texts, (str, bytes, Mapping))
    if not is_list or not len(texts):
        raise cannot_write(path, f"the part {part} has no list of texts", "Give a list of texts.")
    are_pairs = _is_pair(next(iter(texts)))
    for start in range(0, len(texts), _BATCH):
        some = list(texts[start : start + _BATCH])
        for number, text in enumerate(some, start):
            if not (_is_pair(text) if are_pairs else isinstance(text, str)):
                raise cannot_write(
                    path, f"text {number} of the part {part} is {text!r}",
                    "Give texts, or only pairs of texts; decode bytes, and remove what is missing.")
        for number, (tokens, kinds) in enumerate(encode(some), start):
            row = np.asarray(tokens)
            if row.size == 0:
                raise cannot_write(
                    path, f"text {number} of the part {part} has no tokens",
                    "Remove it, or use a tokenizer that adds special tokens.")
            if row.ndim != 1 or row.dtype.kind not in "iu" or len(row) > max_length:
                raise cannot_write(
                    path, f"the tokenizer gives {tokens!r} for text {number} of the part {part}",
                    f"Give one that returns at most {max_length} whole numbers for a text.")
            if row.min() < 0 or row.max() >= _MOST_IDS:
                raise cannot_write(
                    path, f"text {number} of the part {part} has a token outside "
                    f"0...{_MOST_IDS - 1:,}", "Use the tokenizer of the network.")
            types = np.zeros(len(row), np.int32) if kinds is None else np.asarray(kinds)
            if types.shape != row.shape or types.dtype.kind not in "iu":
                raise cannot_write(
                    path, f"the tokenizer gives the types {kinds!r} for text {number} of the part "
                    f"{part}", "Give one that returns a whole number for each token.")
            yield row.astype(np.int32), types.astype(np.int32)


def _is_pair(text: Any) -> bool:
    return (isinstance(text, tuple) and len(text) == 2
            and all(isinstance(part, str) for part in text))
