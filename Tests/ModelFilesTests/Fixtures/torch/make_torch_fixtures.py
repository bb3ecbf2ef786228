"""Makes the files of this folder: what `torch.save` writes of the networks and encoders whose
tensors are in ../torch_vgg.h5, ../torch_vgg_bn.h5, ../torch_resnet.h5 and ../text.

    python make_torch_fixtures.py      # torch 2.13, h5py

float16.h5 and its like have the same numbers as float32. deflated.pth and long.pth are vgg_bn.pth
packed again, as `zip -9` does it and with numbers of 64 bits in the archive's directory.
"""

import json
import sys
import zipfile
from pathlib import Path

import h5py
import numpy as np
import torch
from torch import nn

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent.parent))
from torch_networks import VGG, ResNet

WIDTHS = (3, "M", 4, 4, "M")
TYPES = {"F32": np.float32, "I64": np.int64}


def save(value, name, **options):
    torch.save(value, FOLDER / name, **options)


def loaded(model, name):
    """A network with the tensors of a fixture in HDF5, whose groups are parts of names."""
    state = {}
    with h5py.File(FOLDER.parent / name) as file:
        def add(path, item):
            if isinstance(item, h5py.Dataset):
                state[path.replace("/", ".")] = torch.from_numpy(np.asarray(item[...]))
        file.visititems(add)
    model.load_state_dict(state)
    return model.eval()


def safetensors(path):
    """The tensors of a file of safetensors."""
    data = path.read_bytes()
    first = 8 + int.from_bytes(data[:8], "little")
    state = {}
    for name, entry in json.loads(data[8:first]).items():
        if name == "__metadata__":
            continue
        start, end = entry["data_offsets"]
        values = np.frombuffer(data[first + start:first + end], TYPES[entry["dtype"]])
        state[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return state


def views(state):
    """The same values, but not each in a storage of its own, and in other orders of memory."""
    names = [name for name, value in state.items() if value.dtype == torch.float32]
    # The gaps are values that no tensor has.
    flat = torch.cat([torch.cat([torch.full((3,), torch.nan), state[name].flatten()])
                      for name in names])
    start, result = 0, dict(state)
    for name in names:
        count = state[name].numel()
        result[name] = flat[start + 3:start + 3 + count].view(state[name].shape)
        start += 3 + count
    for name, value in state.items():
        if value.ndim == 4:
            result[name] = value.to(memory_format=torch.channels_last)
        elif name == "classifier.3.weight":
            result[name] = value.t().contiguous().t()
        elif name == "classifier.6.weight":
            wide = torch.full((2 * value.shape[0], 3 * value.shape[1] + 1), torch.nan)
            result[name] = wide[1::2, 1::3].copy_(value)
        elif name == "features.1.running_mean":
            result[name] = torch.stack([value, -value])[0]
    assert all(torch.equal(result[name], value) for name, value in state.items())
    return result


def checkpoint(model):
    """What a training program saves after a step."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 30)
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    optimizer.step()
    model.load_state_dict(before)
    return {
        "epoch": 12, "arch": "vgg", "best_acc1": torch.tensor(61.5), "lr": 1e-3, "seed": 2**70,
        "done": False, "history": [0.1, None, {"loss": -7}], "dtype": torch.float32,
        "empty": torch.zeros(0, 4), "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(), 3: "three",
    }


def repacked(source, target, method):
    with zipfile.ZipFile(FOLDER / source) as old, zipfile.ZipFile(
            FOLDER / target, "w", method, compresslevel=9) as new:
        for name in sorted(old.namelist()):
            new.writestr(zipfile.ZipInfo(name), old.read(name), method)


def images():
    vgg = loaded(VGG(WIDTHS, True), "torch_vgg_bn.h5")
    save(vgg.state_dict(), "vgg_bn.pth")
    save(loaded(ResNet(2, (2, 1, 1, 1)), "torch_resnet.h5").state_dict(), "resnet.pth")
    for protocol in (3, 4, 5):
        save(vgg.state_dict(), f"protocol{protocol}.pth", pickle_protocol=protocol)
    plain = loaded(VGG(WIDTHS, False), "torch_vgg.h5")
    for kind in ("float64", "float16", "bfloat16"):
        state = {name: value.to(getattr(torch, kind))
                 for name, value in plain.state_dict().items()}
        save(state, f"{kind}.pth")
        with h5py.File(FOLDER / f"{kind}.h5", "w") as file:
            for name, value in state.items():
                file[name] = value.to(torch.float32).numpy()
    save(dict(vgg.named_parameters()) | dict(vgg.named_buffers()), "parameters.pth")
    save(views(vgg.state_dict()), "views.pth")

    others = checkpoint(vgg)
    save(others | {"state_dict": nn.DataParallel(vgg).state_dict()}, "parallel.pth")
    save(others | {"model": torch.compile(vgg).state_dict()}, "compiled.pth")
    save(others | {"model_state_dict": {f"model.{name}": value
                                        for name, value in vgg.state_dict().items()}},
         "trainer.pth", pickle_protocol=4)
    save({"teacher": vgg.state_dict(), "student": vgg.state_dict()}, "several.pth")

    save(vgg, "module.pth")
    torch.jit.save(torch.jit.trace(nn.Linear(2, 1), torch.zeros(1, 2)), FOLDER / "script.pt")
    save(others | {"state_dict": vgg.state_dict()}, "old.pth",
         _use_new_zipfile_serialization=False)
    save([1, 2], "list.pth")
    save({"epoch": 1}, "nothing.pth")

    repacked("vgg_bn.pth", "deflated.pth", zipfile.ZIP_DEFLATED)
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 0
    repacked("vgg_bn.pth", "long.pth", zipfile.ZIP_STORED)
    zipfile.ZIP64_LIMIT = limit


def texts():
    bert = safetensors(FOLDER.parent / "text/bert/model.safetensors")
    save(bert, "bert.bin")
    # With a head of the source task that shares the table of words.
    gpt2 = {f"transformer.{name}": value for name, value in
            safetensors(FOLDER.parent / "text/gpt2/model.safetensors").items()}
    save(gpt2 | {"lm_head.weight": gpt2["transformer.wte.weight"]}, "gpt2.bin")


images()
texts()
