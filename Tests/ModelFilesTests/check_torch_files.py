"""Checks, with PyTorch, what tlbench proposes for files of torch.save that it does not read.

    TLBENCH=.build/release/tlbench python check_torch_files.py      # torch

The line of Python in each error must make a file that tlbench reads as the same network. Exits with
1 if one does not.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import torch

HERE = Path(__file__).resolve().parent
TLBENCH = os.environ.get("TLBENCH", str(HERE.parent.parent / ".build/release/tlbench"))
sys.path.insert(0, str(HERE))
from torch_networks import VGG


def inspect(path):
    return subprocess.run([TLBENCH, "inspect", path, "--input-shape", "8x12x3"], text=True,
                          capture_output=True)


def digest(outcome):
    match = re.search(r"^digest +(\S+)", outcome.stdout, re.M)
    return match and match[1]


def files(folder, model):
    """What tlbench refuses of a network, by name."""
    state = model.state_dict()
    torch.save(state, folder / "old.pth", _use_new_zipfile_serialization=False)
    torch.save(model, folder / "module.pth")
    torch.save({"epoch": 3, "model": model}, folder / "module-in-checkpoint.tar.pth")
    arguments = argparse.Namespace(rate=0.1)
    for key in ("state_dict", "model_state_dict", "model", "net"):
        torch.save({"args": arguments, key: state}, folder / f"arguments-{key}.pth")
    torch.save(state | {"arguments": arguments}, folder / "arguments.pth")
    torch.save({"random": {"cpu": torch.get_rng_state()}, "loss": torch.zeros(1), "net": model,
                "arguments": arguments}, folder / "other-tensors.pth")
    torch.jit.save(torch.jit.trace(model, torch.zeros(1, 3, 8, 12)), folder / "script.pt")
    return [path for path in sorted(folder.iterdir()) if path.name != "state.pth"]


def main():
    torch.manual_seed(1)
    model = VGG((3, "M", 4, 4, "M"), True).eval()
    problems = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        torch.save(model.state_dict(), folder / "state.pth")
        wanted = digest(inspect(folder / "state.pth"))
        if not wanted:
            problems.append("the state dict is not read")
        for path in files(folder, model):
            refused = inspect(path)
            command = re.search(r'python3 (-c "import torch; .*")$', refused.stderr.strip())
            if refused.returncode != 65 or not command:
                problems.append(f"{path.name}: no remedy: {refused.stderr}")
                continue
            subprocess.run(f"{sys.executable} {command[1]}", shell=True, check=True,
                           env=os.environ | {"PYTHONPATH": str(HERE)})
            found = inspect(path.with_name(f"{path.name.split('.')[0]}-state.pth"))
            print(f"{path.name:24} {digest(found) or found.stderr.strip()}", flush=True)
            if digest(found) != wanted:
                problems.append(f"{path.name}: another network than {wanted}")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
