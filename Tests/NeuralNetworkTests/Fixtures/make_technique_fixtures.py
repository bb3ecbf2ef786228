"""Writes techniques.h5: ten training steps with each technique, computed by PyTorch in float64.

Make the environment and run, from this folder:

    python3 -m venv .venv
    .venv/bin/pip install numpy h5py torch==2.13.0+cpu   # or torch==2.13.0
    .venv/bin/python make_technique_fixtures.py

Every number that the cases start from is rounded to float32 first, so an engine that reads the
file starts from exactly the values used here; all that follows is float64, stored as float32.

The network. Input [batch, height, width, channels]; for block b = 1, 2 with c = 8, 12:
    conv{b} (3x3, same padding, no bias), bn{b}, ReLU, 2x2 max pooling;
flatten in height, width, channel order (2 x 2 x 12 = 48); head (dense, 48 -> 5).
Groups: early = conv1, bn1; middle = conv2, bn2; head.

Every case starts from the same values and takes one step on each of the same ten batches, in
order. Loss: mean softmax cross-entropy. Batch normalization: epsilon 1e-3; a layer in batch mode
normalizes by the population variance of the batch and keeps running = 0.9 running + 0.1 batch with
that same variance (Keras; torch's own running variance is the unbiased one, so the statistics are
kept by hand here); a layer in inference mode normalizes by the stored statistics and keeps them.
Unless stated: every layer trained, normalizations in batch mode where trained and in inference
mode where frozen, Adam with rate 1e-3, beta 0.9 and 0.999 and epsilon 1e-7. "SGD" has rate 0.02 and
momentum 0.9. A fresh optimizer at the start of every phase.

The cases are described in technique_cases.py.

Contents (float32 unless stated):
    x                                     [10, 8, 8, 8, 2] batches of eight images
    labels                                [10, 8] int32
    initial/<layer>/<role>                the values before the first step
    adapters/<layer>/lora_down            the same for LoRA, [3, 3, in, 2]; lora_up is
                                          [1, 1, 2, out]
    cases/<case>/loss_by_step             [10] mean loss before each step, without the penalty
    cases/<case>/gradient_norm_by_step    [10] over all trained parameters, penalty included, before
                                          clipping
    cases/<case>/after/<layer>/<role>     after ten steps, frozen tensors and statistics included
Roles and shapes:
    conv{1,2}: kernel [3, 3, in, out]
    bn{1,2}:   gamma, beta, moving_mean, moving_variance [c]
    head:      kernel [48, 5] (in, out), bias [5]

Each computed dataset has the attribute `float32_deviation`: the norm of the difference when PyTorch
does the same in float32, as a share of the norm, that is, how far rounding alone moves this array.
"""

from collections import namedtuple
from pathlib import Path

import h5py
import numpy as np
import torch
import torch.nn.functional as F

from technique_cases import CASES, LAYERS, NORMALIZATIONS, RANK, STEPS

SEED = 21
BATCH, SIDE, INPUTS, CLASSES = 8, 8, 2, 5
CHANNELS = (8, 12)
EPSILON, MOMENTUM = 1e-3, 0.9
STATISTICS = ("moving_mean", "moving_variance")

Run = namedtuple("Run", "losses norms after")


def initial_values():
    """Batches, labels and parameters, rounded to float32; keys are (layer, role)."""
    random = np.random.default_rng(SEED)
    parameters = {}
    inputs = INPUTS
    for block, channels in enumerate(CHANNELS, start=1):
        kernel = random.standard_normal((3, 3, inputs, channels))
        parameters[f"conv{block}", "kernel"] = kernel * np.sqrt(2 / (9 * inputs))
        layer = f"bn{block}"
        parameters[layer, "gamma"] = random.uniform(0.7, 1.3, channels)
        parameters[layer, "beta"] = 0.1 * random.standard_normal(channels)
        parameters[layer, "moving_mean"] = 0.2 * random.standard_normal(channels)
        parameters[layer, "moving_variance"] = random.uniform(0.5, 2.0, channels)
        inputs = channels
    features = inputs * (SIDE >> len(CHANNELS)) ** 2
    parameters["head", "kernel"] = random.standard_normal((features, CLASSES)) / np.sqrt(features)
    parameters["head", "bias"] = 0.1 * random.standard_normal(CLASSES)
    x = random.standard_normal((STEPS, BATCH, SIDE, SIDE, INPUTS))
    labels = random.integers(0, CLASSES, (STEPS, BATCH))
    rounded = {key: value.astype(np.float32) for key, value in parameters.items()}
    return x.astype(np.float32), labels.astype(np.int32), rounded


def adapters():
    """The factors of LoRA before the first step, rounded to float32."""
    random = np.random.default_rng(SEED + 1)
    factors = {}
    for block, (inputs, channels) in enumerate(zip((INPUTS, *CHANNELS), CHANNELS), start=1):
        limit = 1 / np.sqrt(9 * inputs)
        down = random.uniform(-limit, limit, (3, 3, inputs, RANK))
        factors[f"conv{block}", "lora_down"] = down.astype(np.float32)
        factors[f"conv{block}", "lora_up"] = np.zeros((1, 1, RANK, channels), np.float32)
    return factors


def parallel_adapters():
    """Residual adapters before the first step."""
    return {
        (f"conv{block}", "adapter"): np.zeros((1, 1, inputs, channels), np.float32)
        for block, (inputs, channels) in enumerate(zip((INPUTS, *CHANNELS), CHANNELS), start=1)}


def start_values(case):
    """The parameters before the first step of a case."""
    initial = initial_values()[2]
    if case.parallel:
        return initial | parallel_adapters()
    return initial | adapters() if case.alpha else initial


def normalize(x, parameters, layer, batch_mode):
    """Batch normalization of x [batch, channels, height, width]; in batch mode the moving
    statistics follow."""
    mean, variance = (parameters[layer, role] for role in STATISTICS)
    if batch_mode:
        with torch.no_grad():
            mean.mul_(MOMENTUM).add_(x.mean((0, 2, 3)), alpha=1 - MOMENTUM)
            batch_variance = x.var((0, 2, 3), correction=0)
            variance.mul_(MOMENTUM).add_(batch_variance, alpha=1 - MOMENTUM)
        mean = variance = None
    return F.batch_norm(
        x, mean, variance, parameters[layer, "gamma"], parameters[layer, "beta"],
        training=batch_mode, eps=EPSILON)


def convolution(x, parameters, layer, alpha):
    """A convolution of x [batch, channels, height, width], with LoRA if there is an alpha, and
    with a residual adapter if the layer has one."""

    def apply(x, role, padding):
        return F.conv2d(x, parameters[layer, role].permute(3, 2, 0, 1), padding=padding)

    plain = apply(x, "kernel", 1)
    if (layer, "adapter") in parameters:
        return plain + apply(x, "adapter", 0)
    if alpha is None:
        return plain
    return plain + alpha / RANK * apply(apply(x, "lora_down", 1), "lora_up", 0)


def logits(x, parameters, batch_mode, alpha=None):
    """The network on x [batch, height, width, channels]; `batch_mode` holds the normalizations
    that use the statistics of the batch."""
    x = x.permute(0, 3, 1, 2)
    for block in range(1, len(CHANNELS) + 1):
        x = convolution(x, parameters, f"conv{block}", alpha)
        x = F.relu(normalize(x, parameters, f"bn{block}", f"bn{block}" in batch_mode))
        x = F.max_pool2d(x, 2)
    features = x.permute(0, 2, 3, 1).flatten(1)
    return features @ parameters["head", "kernel"] + parameters["head", "bias"]


def make_optimizer(case, trained):
    """torch's optimizer with one group for every layer's kernel and one for its other roles."""
    groups = []
    for layer in LAYERS:
        for kernel in (True, False):
            tensors = [
                value for (name, role), value in trained.items()
                if name == layer and (role == "kernel") == kernel]
            if tensors:
                decay = case.decay if kernel else 0
                rate = case.rates[layer]
                groups.append(
                    {"params": tensors, "lr": rate, "weight_decay": decay, "layer": layer})
    if case.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=0, momentum=0.9)
    kind = torch.optim.AdamW if case.decay else torch.optim.Adam
    return kind(groups, lr=0, betas=(0.9, 0.999), eps=1e-7)


def penalty(case, parameters, start):
    """L2-SP as a part of the loss."""
    alpha, beta = case.penalty
    distance = sum(
        (parameters[layer, "kernel"] - start[layer, "kernel"]).square().sum()
        for layer in ("conv1", "conv2"))
    return alpha / 2 * distance + beta / 2 * parameters["head", "kernel"].square().sum()


def norm(tensors):
    """The norm of several tensors together."""
    return torch.stack([tensor.detach().square().sum() for tensor in tensors]).sum().sqrt().item()


def scale_rates(case, trained, optimizer, sums):
    """Adds the ratios of a step to their sums by layer, and sets the rates by these."""
    for layer in {layer for layer, _ in trained}:
        tensors = [value for (name, _), value in trained.items() if name == layer]
        ratio = norm([tensor.grad for tensor in tensors]) / norm(tensors)
        sums[layer] = sums.get(layer, 0) + ratio
    for group in optimizer.param_groups:
        layer = group["layer"]
        group["lr"] = case.rates[layer] * sums[layer] / max(sums.values())


def learns(phase, layer, role):
    """Whether the optimizer changes a parameter in a phase."""
    has_role = phase.roles is None or layer == "head" or role in phase.roles
    return layer in phase.trained and role not in STATISTICS and has_role


def run(case, dtype):
    """The ten steps of a case in `dtype`, as numpy arrays of float64."""
    x, labels, _ = initial_values()
    initial = start_values(case)
    x, labels = torch.tensor(x, dtype=dtype), torch.tensor(labels, dtype=torch.int64)
    parameters = {key: torch.tensor(value, dtype=dtype) for key, value in initial.items()}
    start = {key: value.clone() for key, value in parameters.items()}
    losses, norms, values_by_step, sums = [], [], [], {}
    for phase in case.phases:
        trained = {}
        for (layer, role), value in parameters.items():
            value.requires_grad_(learns(phase, layer, role))
            value.grad = None
            if value.requires_grad:
                trained[layer, role] = value
        batch_mode = phase.batch_mode
        if batch_mode is None:
            batch_mode = phase.trained & NORMALIZATIONS
        optimizer = make_optimizer(case, trained)
        for _ in range(phase.steps):
            step = len(losses)
            optimizer.zero_grad()
            loss = F.cross_entropy(
                logits(x[step], parameters, batch_mode, case.alpha), labels[step],
                label_smoothing=case.smoothing)
            losses.append(loss.item())
            if case.penalty:
                loss = loss + penalty(case, parameters, start)
            loss.backward()
            if case.epoch:
                sums = {} if step % case.epoch == 0 else sums
                scale_rates(case, trained, optimizer, sums)
            limit = case.clipping or float("inf")
            norms.append(torch.nn.utils.clip_grad_norm_(trained.values(), limit).item())
            optimizer.step()
            values_by_step.append(
                {key: value.detach().clone() for key, value in parameters.items()})
    after = {}
    for key in parameters:
        mean = sum(values[key] for values in values_by_step[-case.averaged:]) / case.averaged
        mixed = case.share * mean + (1 - case.share) * start[key]
        # What is not trained keeps its bits.
        kept = torch.equal(mean, start[key]) or case.averaged == case.share == 1
        after[key] = (values_by_step[-1][key] if kept else mixed).double().numpy()
    return Run(np.array(losses), np.array(norms), after)


def may_change(case):
    """The keys of what some phase trains or moves."""
    changing = set()
    for phase in case.phases:
        moved = phase.trained & NORMALIZATIONS if phase.batch_mode is None else phase.batch_mode
        for key in start_values(case):
            layer, role = key
            if layer in moved if role in STATISTICS else learns(phase, layer, role):
                changing.add(key)
    return changing


def distance(found, expected):
    """The norm of the difference as a share of the norm of what is expected."""
    return np.linalg.norm(found - expected) / np.linalg.norm(expected)


def allowed(after, before):
    """What the tests allow: a share of the movement, and ten roundings to float32."""
    return 1e-4 * np.linalg.norm(after - before) + 1e-6 * np.linalg.norm(after)


def check(name, case, exact, runs):
    """Stops where a case would not show what it is there for."""
    initial = start_values(case)
    changing = may_change(case)
    for key, value in exact.after.items():
        moved = not np.array_equal(value, initial[key].astype(np.float64))
        if moved != (key in changing):
            raise SystemExit(f"{name}: {key} {'moved' if moved else 'did not move'}")
    if case.clipping:
        clipped = exact.norms > case.clipping
        margin = np.abs(exact.norms / case.clipping - 1).min()
        if not 2 <= clipped.sum() <= STEPS - 2 or margin < 1e-3:
            raise SystemExit(f"{name}: norms {exact.norms} around {case.clipping}")
    # How far a run in which the technique does nothing would be from this one, in units of the
    # distance that the tests allow.
    base = runs["plain_sgd" if case.optimizer == "sgd" else "plain"]
    if base is exact:
        return
    ratio = max(
        np.linalg.norm(base.after[key] - value) / allowed(value, initial[key])
        for key, value in exact.after.items() if key in changing and key in base.after)
    print(f"{name:22} differs from plain by {ratio:8.0f} times the tolerance")
    if ratio < 20:
        raise SystemExit(f"{name}: hardly differs from a run without the technique")


def write(path):
    x, labels, initial = initial_values()
    runs = {name: run(case, torch.float64) for name, case in CASES.items()}
    with h5py.File(path, "w", libver="v110") as file:

        def put(name, value, other=None):
            stored = value if value.dtype == np.int32 else value.astype(np.float32)
            dataset = file.create_dataset(name, data=stored, track_times=False)
            if other is not None:
                dataset.attrs["float32_deviation"] = distance(other, value)

        put("x", x)
        put("labels", labels)
        for (layer, role), value in initial.items():
            put(f"initial/{layer}/{role}", value)
        for (layer, role), value in adapters().items():
            if role == "lora_down":
                put(f"adapters/{layer}/{role}", value)
        for name, case in CASES.items():
            exact, rounded = runs[name], run(case, torch.float32)
            check(name, case, exact, runs)
            put(f"cases/{name}/loss_by_step", exact.losses, rounded.losses)
            put(f"cases/{name}/gradient_norm_by_step", exact.norms, rounded.norms)
            for (layer, role), value in exact.after.items():
                put(f"cases/{name}/after/{layer}/{role}", value, rounded.after[layer, role])


if __name__ == "__main__":
    torch.set_num_threads(1)
    write(Path(__file__).with_name("techniques.h5"))
