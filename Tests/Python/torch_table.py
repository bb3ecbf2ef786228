"""Compares networks of torchvision and timm that `tlbench.export_torch` writes with PyTorch.

    TLBENCH=.build/release/tlbench PYTHONPATH=Python/src python torch_table.py [NETWORK...]

Every network has random weights and statistics. `tlbench-worker probe`, in the same folder as the
program, computes the outputs for eight images and one step of gradient descent; PyTorch computes
the same, the step in double precision. Prints a table in Markdown and what is not exported, and
exits with 1 if something differs. Keras opens some of the files too and must yield the same.
"""

import argparse
import copy
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from unittest import mock

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import h5py
import numpy as np
import torch
from torch import nn
from torchvision_import import import_torchvision

WORKER = Path(os.environ["TLBENCH"]).with_name("tlbench-worker")
CLASSES, COUNT, RATE = 10, 8, 0.001
# Shares of the largest value. The error of the step itself is a share of its norm: where a ReLU is
# close to zero, rounding decides whether its gradient passes, in PyTorch's single precision too.
OUTPUT_TOLERANCE, PARAMETER_TOLERANCE, STEP_TOLERANCE = 1e-4, 1e-3, 0.05

# The side of the images; 224 for networks whose classifier has weights for each pixel.
TORCHVISION = {
    "alexnet": 224, "vgg11_bn": 224, "resnet18": 96, "resnext50_32x4d": 96, "densenet121": 96,
    "googlenet": 96, "inception_v3": 128, "squeezenet1_1": 96, "mobilenet_v2": 96,
    "mobilenet_v3_small": 96, "mnasnet0_5": 96, "shufflenet_v2_x0_5": 96, "efficientnet_b0": 96,
    "regnet_y_400mf": 96, "convnext_tiny": 96}
TIMM = {
    "resnet18d": 96, "seresnet18": 96, "mobilenetv3_small_100": 96, "ghostnet_100": 96,
    "repvgg_a0": 96, "tf_efficientnet_b0": 96, "ese_vovnet19b_dw": 96, "res2net50_26w_4s": 96,
    "mixnet_s": 96, "hrnet_w18_small": 96, "convnext_atto": 96, "rexnet_100": 96, "dla34": 96,
    "efficientnet_lite0": 96, "cspresnet50": 96, "darknet53": 96, "regnety_002": 96,
    "resnetv2_50": 96}
# Those that Keras opens too: selected channels, layer scale, zeros around the images.
IN_KERAS = ["shufflenet_v2_x0_5", "squeezenet1_1", "timm.convnext_atto"]
# What is not exported, and a word of the reason.
REFUSED = {
    "vit_b_16": "class tokens", "swin_t": "attn", "timm.poolformer_s12": "group_norm",
    "timm.nf_resnet26": "parameters alone"}

failures = []


def require(holds, what):
    if not holds:
        failures.append(what)
        print(f"FAILED: {what}", file=sys.stderr, flush=True)


def built(name):
    torch.manual_seed(1)
    if name.startswith("timm."):
        import timm

        return timm.create_model(name.removeprefix("timm."), num_classes=CLASSES)
    options = {"aux_logits": False, "init_weights": True} if name in (
        "googlenet", "inception_v3") else {}
    return getattr(torchvision.models, name)(weights=None, num_classes=CLASSES, **options)


def randomise(model, images):
    """Draws scales and offsets at random, switches off what drops at random, and fits the
    statistics of every normalization to what really arrives there."""
    normalizations = []
    for path, module in model.named_modules():
        if "Drop" in type(module).__name__ or type(module).__name__ == "StochasticDepth":
            for option in ("p", "drop_prob"):
                if hasattr(module, option):
                    setattr(module, option, 0.0)
        if hasattr(module, "drop_rate"):
            module.drop_rate = 0.0
        for role, value in module.named_parameters(recurse=False):
            if role in ("layer_scale", "gamma"):
                nn.init.uniform_(value, 0.1, 0.3)
            elif role == "bias":
                # With most values of a normalization above zero, gradients stay of one size.
                mean = 0.5 if isinstance(module, nn.BatchNorm2d) else 0
                nn.init.normal_(value, mean, 0.1)
            elif role == "weight" and value.ndim == 1:
                nn.init.uniform_(value, 0.7, 1.3)
            elif role == "weight":
                # Small weights before a normalization have large gradients.
                nn.init.kaiming_normal_(value)
        if isinstance(module, nn.BatchNorm2d):
            normalizations.append((module, module.momentum))
    with torch.no_grad():
        for module, _ in normalizations:
            module.momentum = 1.0
        model.train()(images)
        for module, momentum in normalizations:
            module.momentum = momentum
            module.running_mean.add_(torch.randn_like(module.running_mean) * 0.05)
            module.running_var.mul_(torch.rand_like(module.running_var) * 0.4 + 0.8).add_(1e-3)


def error(found, expected):
    """The largest difference, as a share of the largest expected value."""
    return float(np.abs(found - expected).max() / max(np.abs(expected).max(), 1e-30))


def tensors(path):
    """The weights of an exported file, by layer and role."""
    with h5py.File(path) as file:
        found = {}
        for layer, group in file["model_weights"].items():
            for name in group.attrs["weight_names"]:
                role = name.decode().rpartition("/")[2].replace("depthwise_", "")
                found[f"{layer}|{role}"] = group[name.decode()][...]
        return found


def stepped(model, images, labels):
    """A copy of the network after one step in double precision."""
    model = copy.deepcopy(model).double().train()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    nn.functional.cross_entropy(model(images.double()), labels).backward()
    optimizer.step()
    return model.float()


def exported(models, folder, side):
    """The networks of one structure as net0.h5, net1.h5, …, which are traced only once."""
    programs = []
    traced = tracing._traced

    def trace(*arguments):
        if not programs:
            programs.append(traced(*arguments))
        programs[0].state_dict.update(arguments[1].state_dict())
        return programs[0]

    with mock.patch.object(tracing, "_traced", trace):
        return [
            tlbench.export_torch(model, folder / f"net{number}.h5", (3, side, side), overwrite=True)
            for number, model in enumerate(models)]


def check(name, side, folder):
    """A row of the table."""
    model = built(name)
    pixels = np.random.default_rng(1).uniform(-1, 1, (COUNT, side, side, 3)).astype(np.float32)
    images = torch.from_numpy(pixels.transpose(0, 3, 1, 2).copy())
    labels = torch.arange(COUNT) % CLASSES
    randomise(model, images)
    with h5py.File(folder / "images.h5", "w") as file:
        file["x"], file["y"] = pixels, labels.numpy()
    with torch.no_grad():
        expected = model.eval()(images).numpy()
    written = exported([model, stepped(model, images, labels)], folder, side)[0]
    done = subprocess.run(
        [WORKER, "probe", folder / "net0.h5", "--images", folder / "images.h5", "--sgd", str(RATE),
         "--output", folder / "out.h5"], capture_output=True, text=True, timeout=600)
    require(done.returncode == 0, f"{name}: {done.stderr.strip()}")
    if done.returncode != 0:
        return [name, written.layers, f"{written.parameters:,}", "", ""]
    before, wanted = tensors(folder / "net0.h5"), tensors(folder / "net1.h5")
    worst, place, share = 0.0, "", 0.0
    with h5py.File(folder / "out.h5") as file:
        outputs = error(file["outputs"][...], expected)
        count = int(file.attrs["parameters"])
        require(len(file["parameters"]) == len(wanted), f"{name}: not all parameters are there")
        for key, value in wanted.items():
            # PyTorch's statistics have n/(n-1) times the variance of the batch.
            if key.endswith("moving_variance"):
                continue
            found = file["parameters"][key][...].reshape(value.shape)
            if error(found, value) > worst:
                worst, place = error(found, value), key
            change = np.linalg.norm(value - before[key])
            # A smaller change is lost in the rounding of the parameters.
            if change > 1e-4 * np.linalg.norm(value):
                share = max(share, float(np.linalg.norm(found - value) / change))
    own = sum(v.numel() for k, v in model.state_dict().items() if not k.endswith("_tracked"))
    require(outputs <= OUTPUT_TOLERANCE, f"{name}: outputs differ by {outputs:.1e}")
    require(float(np.ptp(expected)) > 1e-3, f"{name}: the outputs hardly differ")
    require(worst <= PARAMETER_TOLERANCE, f"{name}: {place} differs by {worst:.1e} after a step")
    require(share <= STEP_TOLERANCE, f"{name}: a step differs by {share:.1e}")
    require(count == own == written.parameters, f"{name}: {count} parameters, not {own}")
    if name in IN_KERAS:
        check_keras(name, folder, pixels, expected)
    return [name, written.layers, f"{count:,}", f"{outputs:.1e}", f"{worst:.1e} ({share:.1e})"]


def check_keras(name, folder, pixels, expected):
    import keras

    keras.backend.clear_session()
    model = keras.models.load_model(folder / "net0.h5", compile=False)
    difference = error(np.asarray(model(pixels, training=False)), expected)
    require(difference <= OUTPUT_TOLERANCE, f"{name}: in Keras outputs differ by {difference:.1e}")


def check_refusal(name, word, folder):
    try:
        tlbench.export_torch(built(name), folder / "refused.h5", (3, 224, 224))
    except tlbench.NotExported as reason:
        path, why = reason.parts[0]
        require(word in f"{path}: {why}", f"{name} is refused for another reason: {reason}")
        return f"{name}: {path} {why}"
    require(False, f"{name} is exported; it belongs into the table")
    return name


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    networks = TORCHVISION | {f"timm.{name}": side for name, side in TIMM.items()}
    names = options.names or [*networks, *REFUSED]
    print("| network | layers | parameters | outputs | parameters after a step (of the step) |")
    print("|---|--:|--:|--:|--:|")
    refusals = []
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            if name in REFUSED:
                refusals.append(check_refusal(name, REFUSED[name], Path(folder)))
                continue
            row = check(name, networks[name], Path(folder))
            print("| " + " | ".join(map(str, row)) + " |", flush=True)
    for refusal in refusals:
        print(f"not exported: {refusal}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    import tlbench
    from tlbench.torch_export import export as tracing

    torchvision = import_torchvision()
    main()
