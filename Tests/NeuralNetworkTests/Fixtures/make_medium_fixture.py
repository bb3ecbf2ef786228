"""Writes medium.h5: one network, its gradients and five Adam steps, computed by PyTorch in float64.

Make the environment and run, from this folder:

    python3 -m venv .venv
    .venv/bin/pip install numpy h5py torch==2.13.0+cpu   # or torch==2.13.0
    .venv/bin/python make_medium_fixture.py

Every number the network starts from is rounded to float32 first, so an engine that reads the file
starts from exactly the values used here; everything that follows is float64, stored as float32.

The network. Input [batch, height, width, channels]; for block b = 1, 2, 3 with c = 16, 32, 64:
    block{b}_conv1 (3x3, same padding), block{b}_bn1, ReLU,
    block{b}_conv2 (3x3, same padding), block{b}_bn2, ReLU, 2x2 max pooling;
flatten in height, width, channel order (2 x 2 x 64 = 256); head (dense, 256 -> 10).
Loss: mean softmax cross-entropy. Batch normalization: epsilon 1e-3; normalizes by the population
variance of the batch, and keeps running = 0.9 running + 0.1 batch with that same variance (Keras;
torch's own running variance is the unbiased one, so the statistics are kept by hand here).
Adam: rate 1e-3, beta 0.9 and 0.999, w -= rate * m_hat / (sqrt(v_hat) + 1e-7).

Contents (float32 unless stated):
    x                             [8, 16, 16, 1]
    labels                        [8] int32
    parameters/<layer>/<role>     the values before the first step
    logits_training               [8, 10] batch statistics
    logits_inference              [8, 10] the stored moving statistics
    loss                          [1] of logits_training
    gradients/<layer>/<role>      of that loss, for the trainable roles
    loss_by_step                  [5] the loss before each of the five steps (the first is `loss`)
    after_adam_5/<layer>/<role>   after five steps on the same batch, moving statistics included
Roles and shapes:
    block{b}_conv{1,2}: kernel [3, 3, in, out]; no bias, which the normalization would remove
    block{b}_bn{1,2}:   gamma, beta, moving_mean, moving_variance [c]; the last two not trainable
    head:               kernel [256, 10] (in, out), bias [10]

Each computed dataset has the attribute `float32_deviation`: the largest absolute difference when
PyTorch does the same in float32, that is, how far rounding alone moves this array.
"""

from collections import namedtuple
from pathlib import Path

import h5py
import numpy as np
import torch
import torch.nn.functional as F

SEED = 20
BATCH, SIDE, CLASSES, STEPS = 8, 16, 10, 5
CHANNELS = (16, 32, 64)
EPSILON, MOMENTUM = 1e-3, 0.9
STATISTICS = ("moving_mean", "moving_variance")

Run = namedtuple("Run", "training inference loss gradients losses after")


def initial_values():
    """Input, labels and parameters, rounded to float32; keys are (layer, role)."""
    random = np.random.default_rng(SEED)
    parameters = {}
    inputs = 1
    for block, channels in enumerate(CHANNELS, start=1):
        for index in (1, 2):
            convolution, normalization = f"block{block}_conv{index}", f"block{block}_bn{index}"
            kernel = random.standard_normal((3, 3, inputs, channels))
            parameters[convolution, "kernel"] = kernel * np.sqrt(2 / (9 * inputs))
            parameters[normalization, "gamma"] = random.uniform(0.7, 1.3, channels)
            parameters[normalization, "beta"] = 0.1 * random.standard_normal(channels)
            parameters[normalization, "moving_mean"] = 0.2 * random.standard_normal(channels)
            parameters[normalization, "moving_variance"] = random.uniform(0.5, 2.0, channels)
            inputs = channels
    features = inputs * (SIDE >> len(CHANNELS)) ** 2
    parameters["head", "kernel"] = random.standard_normal((features, CLASSES)) / np.sqrt(features)
    parameters["head", "bias"] = 0.1 * random.standard_normal(CLASSES)
    x = random.standard_normal((BATCH, SIDE, SIDE, 1))
    labels = random.integers(0, CLASSES, BATCH)
    rounded = {key: value.astype(np.float32) for key, value in parameters.items()}
    return x.astype(np.float32), labels.astype(np.int32), rounded


def normalize(x, parameters, layer, phase):
    """Batch normalization of x [batch, channels, height, width].

    Training uses the statistics of the batch and updates the moving ones; inference uses those.
    """
    mean, variance = (parameters[layer, role] for role in STATISTICS)
    if phase == "training":
        with torch.no_grad():
            mean.mul_(MOMENTUM).add_(x.mean((0, 2, 3)), alpha=1 - MOMENTUM)
            batch_variance = x.var((0, 2, 3), correction=0)
            variance.mul_(MOMENTUM).add_(batch_variance, alpha=1 - MOMENTUM)
        mean = variance = None
    return F.batch_norm(
        x, mean, variance, parameters[layer, "gamma"], parameters[layer, "beta"],
        training=phase == "training", eps=EPSILON)


def logits(x, parameters, phase):
    """The network on x [batch, height, width, 1]; torch itself computes channels first."""
    x = x.permute(0, 3, 1, 2)
    for block in range(1, len(CHANNELS) + 1):
        for index in (1, 2):
            layer = f"block{block}_conv{index}"
            kernel = parameters[layer, "kernel"].permute(3, 2, 0, 1)
            x = F.conv2d(x, kernel, padding=1)
            x = F.relu(normalize(x, parameters, f"block{block}_bn{index}", phase))
        x = F.max_pool2d(x, 2)
    features = x.permute(0, 2, 3, 1).flatten(1)
    return features @ parameters["head", "kernel"] + parameters["head", "bias"]


def run(dtype):
    """Everything the file holds, computed in `dtype`, as numpy arrays of float64."""
    x, labels, initial = initial_values()
    x, labels = torch.tensor(x, dtype=dtype), torch.tensor(labels, dtype=torch.int64)
    parameters = {key: torch.tensor(value, dtype=dtype) for key, value in initial.items()}
    trainable = {k: v for k, v in parameters.items() if k[1] not in STATISTICS}
    for value in trainable.values():
        value.requires_grad_()
    with torch.no_grad():
        inference = logits(x, parameters, "inference")

    optimizer = torch.optim.Adam(trainable.values(), lr=1e-3, betas=(0.9, 0.999), eps=1e-7)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        output = logits(x, parameters, "training")
        loss = F.cross_entropy(output, labels)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            training = output.detach().clone()
            gradients = {key: value.grad.clone() for key, value in trainable.items()}
        optimizer.step()

    def plain(values):
        return {key: value.detach().double().numpy() for key, value in values.items()}

    return Run(
        training.double().numpy(), inference.double().numpy(), np.array(losses[:1]),
        plain(gradients), np.array(losses), plain(parameters))


def check_gradients(gradients):
    """Central differences in float64, for three elements of every trainable array."""
    x, labels, initial = initial_values()
    x, labels = torch.tensor(x, dtype=torch.float64), torch.tensor(labels, dtype=torch.int64)

    def loss_with(key, position, offset):
        parameters = {k: torch.tensor(v, dtype=torch.float64) for k, v in initial.items()}
        parameters[key].view(-1)[position] += offset
        return F.cross_entropy(logits(x, parameters, "training"), labels).item()

    step = 1e-6
    for key, gradient in gradients.items():
        for position in np.linspace(0, gradient.size - 1, 3).astype(int):
            difference = loss_with(key, position, step) - loss_with(key, position, -step)
            expected = gradient.reshape(-1)[position]
            if abs(difference / (2 * step) - expected) > 1e-7:
                raise SystemExit(f"gradient of {key}: {expected} but {difference / (2 * step)}")


def write(path, exact, rounded):
    """Writes the file; `rounded` is the float32 run and only gives the deviations."""
    x, labels, initial = initial_values()
    with h5py.File(path, "w") as file:

        def put(name, value, other=None):
            value = np.asarray(value)
            stored = value if value.dtype == np.int32 else value.astype(np.float32)
            dataset = file.create_dataset(
                name, data=stored, compression="gzip", compression_opts=9, shuffle=True,
                track_times=False)
            if other is not None:
                dataset.attrs["float32_deviation"] = np.abs(value - other).max()

        put("x", x)
        put("labels", labels)
        put("logits_training", exact.training, rounded.training)
        put("logits_inference", exact.inference, rounded.inference)
        put("loss", exact.loss, rounded.loss)
        put("loss_by_step", exact.losses, rounded.losses)
        for (layer, role), value in initial.items():
            put(f"parameters/{layer}/{role}", value)
        for group, values, others in (
            ("gradients", exact.gradients, rounded.gradients),
            ("after_adam_5", exact.after, rounded.after),
        ):
            for (layer, role), value in values.items():
                put(f"{group}/{layer}/{role}", value, others[layer, role])


if __name__ == "__main__":
    torch.set_num_threads(1)
    exact = run(torch.float64)
    check_gradients(exact.gradients)
    write(Path(__file__).with_name("medium.h5"), exact, run(torch.float32))
