"""Writes layers.h5: single layers, optimizers and schedules, computed by PyTorch in float64.

Make the environment and run, from this folder:

    python3 -m venv .venv
    .venv/bin/pip install numpy h5py torch==2.13.0+cpu   # or torch==2.13.0
    .venv/bin/python make_layer_fixtures.py

Inputs are rounded to float32 first; everything that follows is float64, stored as float32.
Images are [batch, height, width, channels], kernels [height, width, in, out].

Layers. A group holds `x`, the parameters by role, `output`, the upstream gradient
`gradient_output` (the loss is the sum of gradient_output * output), and `gradient_x` and
`gradient_<role>`.

    conv_3x3_stride1_same_7x9   x [2, 7, 9, 3], kernel [3, 3, 3, 4], bias [4] -> [2, 7, 9, 4]
    conv_3x3_stride2_same_8x8   x [2, 8, 8, 3], kernel [3, 3, 3, 4], bias [4] -> [2, 4, 4, 4]
    conv_3x3_stride2_same_7x9   x [2, 7, 9, 3], kernel [3, 3, 3, 4], bias [4] -> [2, 4, 5, 4]
    conv_1x1_stride2_same_8x8   x [2, 8, 8, 3], kernel [1, 1, 3, 4], bias [4] -> [2, 4, 4, 4]
    conv_1x1_stride2_same_7x9   x [2, 7, 9, 3], kernel [1, 1, 3, 4], bias [4] -> [2, 4, 5, 4]
        Same padding of TensorFlow and Keras: max((ceil(in / s) - 1) s + k - in, 0) in total,
        half of it, rounded down, before and the rest after.
    max_pool_2x2_7x9            x [2, 7, 9, 3] -> [2, 3, 4, 3]; the last row and column unused
    global_average_pool_4x5     x [2, 4, 5, 3] -> [2, 3]
    batch_norm_training         x [4, 5, 3, 6]; gamma, beta, moving_mean, moving_variance [6] ->
                                x's shape; also moving_mean_after, moving_variance_after
    batch_norm_frozen           the same with the moving statistics, inside a training step: they
                                do not change, and x, gamma and beta get gradients
    residual_identity           x [4, 6, 6, 8] -> x's shape
    residual_projection         x [4, 7, 6, 4] -> [4, 4, 3, 8]; stride 2 in conv1 and projection
        relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut), training mode, 3x3 same convolutions;
        the shortcut is x, or projection_bn(projection(x)) with a 1x1 convolution.
        Parameters are named <layer>_<role>, with layers conv1, bn1, conv2, bn2, projection,
        projection_bn, and gradients gradient_<layer>_<role>. No moving statistics.
        A bias before batch normalization has a gradient of zero but for rounding.
    Batch normalization: epsilon 1e-3, running = 0.9 running + 0.1 batch, population variance.

Optimizers. `initial` [16], `gradients` [5, 16] (one row per step, given and not computed),
`values` [5, 16] after each step; attributes hold the settings.
    optimizers/sgd                  w -= rate g
    optimizers/sgd_momentum         v = m v - rate g; w += v               (Keras, not Nesterov)
    optimizers/sgd_momentum_decay   the same, and w -= rate decay w with w from before the step
    optimizers/adam                 w -= rate m_hat / (sqrt(v_hat) + epsilon), epsilon 1e-7
    optimizers/adamw                the same, and w -= rate decay w with w from before the step

Schedules. `rates` [100], entry t is the rate of step t = 0, 1, ...; attributes hold the settings.
    schedules/cosine            peak (1 + cos(pi t / 100)) / 2
    schedules/cosine_warmup     peak (t + 1) / 10 while t < 10, then the cosine over the other 90:
                                peak (1 + cos(pi (t - 10) / 90)) / 2
    schedules/one_cycle         torch's OneCycleLR with cosine annealing: from peak / 25 at t = 0
                                up to peak at t = 29, down to peak / 25 / 10^4 at t = 99
                                (the peak is at 0.3 * 100 - 1)
"""

from pathlib import Path

import h5py
import numpy as np
import torch
import torch.nn.functional as F

SEED = 21
EPSILON, MOMENTUM = 1e-3, 0.9


class Draws:
    """Random float64 tensors whose values float32 holds exactly."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def normal(self, *shape, scale=1.0, mean=0.0):
        value = (mean + scale * self.random.standard_normal(shape)).astype(np.float32)
        return torch.tensor(value, dtype=torch.float64)

    def uniform(self, low, high, *shape):
        value = self.random.uniform(low, high, shape).astype(np.float32)
        return torch.tensor(value, dtype=torch.float64)


def same_padding(size, kernel, stride):
    """Before and after, as TensorFlow and Keras define it."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def convolve(x, kernel, bias, stride):
    """Same-padded convolution of x [batch, height, width, channels]."""
    top, bottom = same_padding(x.shape[1], kernel.shape[0], stride)
    left, right = same_padding(x.shape[2], kernel.shape[1], stride)
    padded = F.pad(x.permute(0, 3, 1, 2), (left, right, top, bottom))
    return F.conv2d(padded, kernel.permute(3, 2, 0, 1), bias, stride).permute(0, 2, 3, 1)


def normalize(x, gamma, beta, mean=None, variance=None):
    """Batch normalization; with the statistics of x where none are given."""
    y = F.batch_norm(
        x.permute(0, 3, 1, 2), mean, variance, gamma, beta, training=mean is None, eps=EPSILON)
    return y.permute(0, 2, 3, 1)


def layer(draws, group, function, x, parameters, constants=None):
    """Runs `function(x, **parameters, **constants)` and stores all that a layer group holds."""
    constants = constants or {}
    inputs = {"x": x, **parameters}
    for value in inputs.values():
        value.requires_grad_()
    output = function(x, **parameters, **constants)
    gradient_output = draws.normal(*output.shape)
    output.backward(gradient_output)
    put(group, output=output, gradient_output=gradient_output, **inputs, **constants)
    put(group, **{f"gradient_{name}": value.grad for name, value in inputs.items()})


def put(group, **arrays):
    for name, value in arrays.items():
        value = value.detach().numpy() if torch.is_tensor(value) else np.asarray(value)
        group.create_dataset(name, data=value.astype(np.float32), track_times=False)


def write_convolutions(file, draws):
    for size, stride, height, width in ((3, 1, 7, 9), (3, 2, 8, 8), (3, 2, 7, 9), (1, 2, 8, 8),
                                        (1, 2, 7, 9)):
        group = file.create_group(f"conv_{size}x{size}_stride{stride}_same_{height}x{width}")
        layer(
            draws, group,
            lambda x, kernel, bias, stride=stride: convolve(x, kernel, bias, stride),
            draws.normal(2, height, width, 3),
            {"kernel": draws.normal(size, size, 3, 4, scale=0.4), "bias": draws.normal(4)})


def write_pools(file, draws):
    layer(
        draws, file.create_group("max_pool_2x2_7x9"),
        lambda x: F.max_pool2d(x.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1),
        draws.normal(2, 7, 9, 3), {})
    layer(
        draws, file.create_group("global_average_pool_4x5"), lambda x: x.mean((1, 2)),
        draws.normal(2, 4, 5, 3), {})


def write_batch_norms(file, draws):
    x = draws.normal(4, 5, 3, 6, scale=1.5, mean=0.5)
    gamma, beta = draws.uniform(0.7, 1.3, 6), draws.normal(6, scale=0.3)
    mean, variance = draws.normal(6, scale=0.5), draws.uniform(0.5, 2.0, 6)
    parameters = {"gamma": gamma, "beta": beta}

    group = file.create_group("batch_norm_training")
    layer(draws, group, normalize, x, parameters)
    with torch.no_grad():
        batch_mean, batch_variance = x.mean((0, 1, 2)), x.var((0, 1, 2), correction=0)
        put(
            group, moving_mean=mean, moving_variance=variance,
            moving_mean_after=MOMENTUM * mean + (1 - MOMENTUM) * batch_mean,
            moving_variance_after=MOMENTUM * variance + (1 - MOMENTUM) * batch_variance)

    for value in (x, gamma, beta):
        value.grad = None
    layer(
        draws, file.create_group("batch_norm_frozen"),
        lambda x, gamma, beta, moving_mean, moving_variance: normalize(
            x, gamma, beta, moving_mean, moving_variance),
        x, parameters, {"moving_mean": mean, "moving_variance": variance})


def residual_block(x, stride=1, **p):
    y = convolve(x, p["conv1_kernel"], p["conv1_bias"], stride)
    y = F.relu(normalize(y, p["bn1_gamma"], p["bn1_beta"]))
    y = convolve(y, p["conv2_kernel"], p["conv2_bias"], 1)
    y = normalize(y, p["bn2_gamma"], p["bn2_beta"])
    if "projection_kernel" in p:
        x = convolve(x, p["projection_kernel"], p["projection_bias"], stride)
        x = normalize(x, p["projection_bn_gamma"], p["projection_bn_beta"])
    return F.relu(y + x)


def write_residuals(file, draws):
    def convolution(name, size, inputs, outputs):
        scale = (2 / (size * size * inputs)) ** 0.5
        kernel = draws.normal(size, size, inputs, outputs, scale=scale)
        return {f"{name}_kernel": kernel, f"{name}_bias": draws.normal(outputs, scale=0.1)}

    def normalization(name, channels):
        return {
            f"{name}_gamma": draws.uniform(0.7, 1.3, channels),
            f"{name}_beta": draws.normal(channels, scale=0.1),
        }

    def branch(inputs, outputs):
        return {
            **convolution("conv1", 3, inputs, outputs), **normalization("bn1", outputs),
            **convolution("conv2", 3, outputs, outputs), **normalization("bn2", outputs),
        }

    layer(
        draws, file.create_group("residual_identity"), residual_block,
        draws.normal(4, 6, 6, 8), branch(8, 8))
    layer(
        draws, file.create_group("residual_projection"),
        lambda x, **parameters: residual_block(x, stride=2, **parameters),
        draws.normal(4, 7, 6, 4),
        {**branch(4, 8), **convolution("projection", 1, 4, 8), **normalization("projection_bn", 8)})


def write_optimizers(file, draws):
    """Traces by the formulas; torch's own optimizers must agree where they exist."""
    rate, momentum, decay = 0.05, 0.9, 0.1
    initial, gradients = draws.normal(16), draws.normal(5, 16)
    adam = {"lr": rate, "betas": (0.9, 0.999), "eps": 1e-7}

    def torch_trace(make):
        w = initial.clone().requires_grad_()
        optimizer = make([w])
        trace = []
        for gradient in gradients:
            w.grad = gradient.clone()
            optimizer.step()
            trace.append(w.detach().clone())
        return torch.stack(trace)

    def sgd_trace(momentum, decay):
        w, v, trace = initial.clone(), torch.zeros(16, dtype=torch.float64), []
        for gradient in gradients:
            v = momentum * v - rate * gradient
            w = w - rate * decay * w + v
            trace.append(w)
        return torch.stack(trace)

    def adam_trace(decay):
        w, m, v, trace = initial.clone(), 0.0, 0.0, []
        for step, gradient in enumerate(gradients, start=1):
            m = 0.9 * m + 0.1 * gradient
            v = 0.999 * v + 0.001 * gradient**2
            update = (m / (1 - 0.9**step)) / ((v / (1 - 0.999**step)).sqrt() + 1e-7)
            w = w - rate * decay * w - rate * update
            trace.append(w)
        return torch.stack(trace)

    traces = {
        "sgd": (sgd_trace(0, 0), lambda w: torch.optim.SGD(w, lr=rate), {}),
        "sgd_momentum": (
            sgd_trace(momentum, 0), lambda w: torch.optim.SGD(w, lr=rate, momentum=momentum),
            {"momentum": momentum}),
        "sgd_momentum_decay": (
            sgd_trace(momentum, decay), None, {"momentum": momentum, "weight_decay": decay}),
        "adam": (
            adam_trace(0), lambda w: torch.optim.Adam(w, **adam),
            {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7}),
        "adamw": (
            adam_trace(decay), lambda w: torch.optim.AdamW(w, **adam, weight_decay=decay),
            {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7, "weight_decay": decay}),
    }
    for name, (values, make, settings) in traces.items():
        if make is not None and not torch.allclose(values, torch_trace(make), rtol=0, atol=1e-12):
            raise SystemExit(f"{name} differs from torch's")
        group = file.create_group(f"optimizers/{name}")
        group.attrs.update({"rate": rate, **settings})
        put(group, initial=initial, gradients=gradients, values=values)


def write_schedules(file):
    steps, warmup, peak = 100, 10, 2e-3

    def torch_rates(make):
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=peak)
        schedule = make(optimizer)
        rates = []
        for _ in range(steps):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step() if len(rates) < steps else None
        return np.array(rates)

    def cosine(t, length):
        return peak * (1 + np.cos(np.pi * t / length)) / 2

    t = np.arange(steps)
    plain = cosine(t, steps)
    torch_cosine = torch_rates(lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, steps))
    if not np.allclose(plain, torch_cosine, rtol=0, atol=1e-15):
        raise SystemExit("the cosine schedule differs from torch's")
    warmed = np.where(t < warmup, peak * (t + 1) / warmup, cosine(t - warmup, steps - warmup))
    one_cycle = torch_rates(
        lambda o: torch.optim.lr_scheduler.OneCycleLR(
            o, max_lr=peak, total_steps=steps, pct_start=0.3, anneal_strategy="cos",
            cycle_momentum=False, div_factor=25, final_div_factor=1e4))

    for name, rates, settings in (
        ("cosine", plain, {}),
        ("cosine_warmup", warmed, {"warmup_steps": warmup}),
        ("one_cycle", one_cycle,
         {"rising_share": 0.3, "initial_divisor": 25.0, "final_divisor": 1e4}),
    ):
        group = file.create_group(f"schedules/{name}")
        group.attrs.update({"peak": peak, "steps": steps, **settings})
        put(group, rates=rates)


if __name__ == "__main__":
    torch.set_num_threads(1)
    draws = Draws(SEED)
    with h5py.File(Path(__file__).with_name("layers.h5"), "w") as file:
        write_convolutions(file, draws)
        write_pools(file, draws)
        write_batch_norms(file, draws)
        write_residuals(file, draws)
        write_optimizers(file, draws)
        write_schedules(file)
