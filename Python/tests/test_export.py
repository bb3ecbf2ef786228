"""Networks of PyTorch: the exported file yields what PyTorch yields, and what does not map is
named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

import tlbench

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402

F = nn.functional
SIDE = 13


class Net(nn.Module):
    """A function of images [count, 6, 13, 13], and five classes."""

    def __init__(self, body: nn.Module | Callable, width: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 6, 1)
        self.body = body
        self.head = nn.Linear(width, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.body(self.stem(x))
        return self.head(x.mean((2, 3)) if x.ndim == 4 else x)


class Shuffle(nn.Module):
    """The shuffle of ShuffleNet, and two halves, of which one passes a convolution."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, 2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x.view(x.shape[0], 2, 3, SIDE, SIDE).transpose(1, 2).contiguous().flatten(1, 2)
        a, b = x.chunk(2, dim=1)
        return torch.cat([F.max_pool2d(a, 3, 2, 1), self.conv(b)], 1)


class NextBlock(nn.Module):
    """A block of ConvNeXt: channels last in the middle, a scale per channel, a residual."""

    def __init__(self) -> None:
        super().__init__()
        self.norm, self.up, self.down = nn.LayerNorm(6), nn.Linear(6, 12), nn.Linear(12, 6)
        self.scale = nn.Parameter(torch.rand(6, 1, 1) + 0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.norm(x.permute(0, 2, 3, 1))
        y = self.down(F.gelu(self.up(y))).permute(0, 3, 1, 2)
        return x + self.scale * y


class Tokens(nn.Module):
    """Pixels as tokens: [count, pixels, channels]."""

    def __init__(self) -> None:
        super().__init__()
        self.norm, self.linear = nn.LayerNorm(6), nn.Linear(6, 6, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x.flatten(2).transpose(1, 2)
        return (x + self.linear(self.norm(x))).mean(1)


class Gate(nn.Module):
    """Squeeze and excitation, by the mean and by the maximum."""

    def __init__(self) -> None:
        super().__init__()
        self.squeeze, self.excite = nn.Conv2d(6, 4, 1), nn.Conv2d(4, 6, 1)
        self.linear = nn.Linear(6, 6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x * torch.sigmoid(self.excite(F.relu(self.squeeze(x.mean((2, 3), keepdim=True)))))
        return x * F.hardsigmoid(self.linear(x.amax((2, 3)))).view(-1, 6, 1, 1).expand_as(x)


class Pixels(nn.Module):
    """The pixels are normalized by constants, and the channels reversed."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.rand(1, 6, 1, 1))
        self.register_buffer("deviation", torch.rand(6, 1, 1) + 0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 1 - (x.flip(1) - self.mean) / self.deviation * 0.5 + torch.tensor(0.25)


class Branches(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Conv2d(6, 4, 3, padding="same"), nn.Conv2d(6, 4, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        a, b = self.a(x), self.b(x)
        a, c = a.split([3, 1], 1)
        return torch.cat([F.softplus(a), -b, b - c, torch.tanh(c), 2 * a, b.clamp(0, 1)], 1)


CASES: dict[str, tuple[Callable[[], object], int]] = {
    "padding on one side": (lambda: nn.Conv2d(6, 4, 3, 2, 1), 4),
    "padding that is same": (lambda: nn.Conv2d(6, 4, 5, 1, 2), 4),
    "padding unlike in height and width": (lambda: nn.Conv2d(6, 4, (3, 1), (1, 2), (0, 1)), 4),
    "wide padding": (lambda: nn.Conv2d(6, 4, 3, 2, 3), 4),
    "groups": (lambda: nn.Conv2d(6, 8, 3, 2, 1, groups=2, bias=False), 8),
    "depthwise": (lambda: nn.Conv2d(6, 6, 3, 1, 2, dilation=2, groups=6), 6),
    "depthwise with a multiplier": (lambda: nn.Conv2d(6, 12, 3, groups=6), 12),
    "batch normalization": (lambda: nn.Sequential(nn.BatchNorm2d(6), nn.ReLU6()), 6),
    "batch normalization without scale": (lambda: nn.BatchNorm2d(6, affine=False), 6),
    "vectors": (
        lambda: nn.Sequential(
            nn.AvgPool2d(4), nn.Flatten(), nn.Linear(54, 7), nn.BatchNorm1d(7), nn.Hardswish(),
            nn.Dropout(0.5)), 7),
    "flattened images": (lambda: nn.Sequential(nn.MaxPool2d(4), nn.Tanh(), nn.Flatten()), 54),
    "maximum pooling of negative values": (lambda: nn.MaxPool2d(3, 2, 1), 6),
    "maximum pooling with one margin": (lambda: nn.MaxPool2d(2, 2, ceil_mode=True), 6),
    "maximum pooling with zeros": (
        lambda: nn.Sequential(nn.Sigmoid(), nn.MaxPool2d(4, 3, 2, ceil_mode=True)), 6),
    "maximum pooling with its own margins": (
        lambda: nn.Sequential(nn.ConstantPad2d((0, 1, 0, 1), -np.inf), nn.MaxPool2d(2, 2)), 6),
    "average pooling with zeros": (lambda: nn.AvgPool2d(3, 2, 1), 6),
    "average pooling without zeros": (
        lambda: nn.AvgPool2d(3, 2, 1, count_include_pad=False, ceil_mode=True), 6),
    "adaptive pooling": (
        lambda: nn.Sequential(nn.ZeroPad2d((1, 1, 2, 0)), nn.AdaptiveAvgPool2d((5, 3)),
                              nn.AdaptiveMaxPool2d(1)), 6),
    "resampling": (
        lambda: nn.Sequential(nn.Upsample(scale_factor=2), nn.Upsample(
            scale_factor=2, mode="bilinear"), nn.LeakyReLU(0.1)), 6),
    "other activations": (
        lambda: nn.Sequential(nn.SiLU(), nn.ELU(0.7), nn.Mish(), nn.SELU(), nn.Hardsigmoid(),
                              nn.GELU("tanh")), 6),
    "channel shuffle": (Shuffle, 6),
    "a block of ConvNeXt": (NextBlock, 6),
    "tokens": (Tokens, 6),
    "squeeze and excitation": (Gate, 6),
    "constants": (Pixels, 6),
    "branches": (Branches, 19),
}


def network(body: object, width: int) -> nn.Module:
    torch.manual_seed(0)
    net = Net(body, width)  # type: ignore[arg-type]
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.track_running_stats:
                module.running_mean.uniform_(-0.5, 0.5)
                module.running_var.uniform_(0.5, 2)
                if module.affine:
                    module.weight.uniform_(0.5, 1.5)
                    module.bias.uniform_(-0.5, 0.5)
    return net


@pytest.mark.parametrize("name", CASES)
def test_outputs_are_those_of_pytorch(name: str, tmp_path: Path, program: Path) -> None:
    torch.manual_seed(0)
    make, width = CASES[name]
    net = network(make(), width).train()
    exported = tlbench.export_torch(net, tmp_path / "net.h5", (3, SIDE, SIDE), preprocess="none")
    assert net.training and exported.unused == []
    own = [value for key, value in net.state_dict().items() if not key.endswith("tracked")]
    constants = sum(value.numel() for value in net.body.buffers()) if name == "constants" else 0
    assert exported.parameters == sum(value.numel() for value in own) - constants
    x = np.random.default_rng(0).normal(size=(3, SIDE, SIDE, 3)).astype(np.float32) * 3
    with torch.no_grad():
        logits = net.eval()(torch.from_numpy(x.transpose(0, 3, 1, 2).copy()))
    table = tlbench.predict(exported.path, x, quiet=True)
    found = table[[f"p({number})" for number in range(5)]].to_numpy()
    assert np.abs(found - logits.softmax(1).numpy()).max() < 1e-5
    assert logits.softmax(1).std(0).max() > 1e-3  # the outputs depend on the images


def test_class_names_and_preprocessing_are_kept(tmp_path: Path, program: Path) -> None:
    net = network(nn.ReLU(), 6)
    net.pretrained_cfg = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
    names = ["a", "b", "c", "d", "é"]
    exported = tlbench.export_torch(net, tmp_path / "net.h5", (3, SIDE, SIDE), class_names=names)
    assert exported.preprocess == "torch"
    x = np.random.default_rng(0).integers(0, 256, (4, SIDE, SIDE, 3), np.uint8)
    table = tlbench.predict(exported.path, x, quiet=True)
    pixels = (x / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    with torch.no_grad():
        logits = net.eval()(torch.from_numpy(pixels.transpose(0, 3, 1, 2)).float())
    assert table["prediction"].tolist() == [names[number] for number in logits.argmax(1)]
    assert np.abs(table["p(é)"] - logits.softmax(1)[:, 4].numpy()).max() < 1e-5


class Twice(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.side = nn.Conv2d(6, 6, 1), nn.Conv2d(6, 6, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.conv(self.conv(x))


class Position(nn.Module):
    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.position = nn.Parameter(torch.zeros(shape))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.position


@pytest.mark.parametrize("body, part, words", [
    (lambda: nn.GroupNorm(2, 6), "body (GroupNorm)", "uses group_norm"),
    (lambda: nn.ConvTranspose2d(6, 6, 2, 2), "body (ConvTranspose2d)", "transpose"),
    (lambda: nn.Conv2d(6, 6, 3, padding=1, padding_mode="reflect"), "body (Conv2d)", "pad"),
    (lambda: nn.AdaptiveAvgPool2d(5), "body (AdaptiveAvgPool2d)", "13×13 pixels to 5×5"),
    (lambda: nn.AvgPool2d(2, 2, 1, count_include_pad=False), "body (AvgPool2d)",
     "margins that Keras does not have"),
    (lambda: nn.MaxPool2d(4, 3, 2), "body (MaxPool2d)", "margins that Keras does not have"),
    (lambda: nn.MaxPool2d(3, dilation=2), "body (MaxPool2d)", "dilated"),
    (lambda: nn.BatchNorm2d(6, track_running_stats=False), "body (BatchNorm2d)", "batch"),
    (lambda: nn.Softmax(1), "body (Softmax)", "softmax along another axis"),
    (lambda: nn.Hardtanh(), "body (Hardtanh)", "-1"),
    (lambda: nn.PReLU(), "body (PReLU)", "prelu"),
    (Twice, "body.conv (Conv2d)", "body.conv.weight a second time"),
    (lambda: Position((1, 6, 13, 13)), "body (Position)", "adds the parameter body.position"),
    (lambda: nn.LayerNorm([6, 13, 13]), "body (LayerNorm)", "several axes"),
    (lambda: nn.Upsample(size=20), "body (Upsample)", "not a whole number"),
])
def test_what_does_not_map_is_named(
    body: Callable[[], nn.Module], part: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(tlbench.NotExported) as error:
        tlbench.export_torch(network(body(), 6), tmp_path / "net.h5", (3, SIDE, SIDE))
    assert [path for path, _ in error.value.parts] == [part]
    assert words in error.value.parts[0][1] and part in error.value.problem
    assert list(tmp_path.iterdir()) == []


def test_all_parts_that_do_not_map_are_named(tmp_path: Path) -> None:
    class Two(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.GroupNorm(2, 6), nn.InstanceNorm2d(6)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.a(x) + self.b(x)

    with pytest.raises(tlbench.NotExported) as error:
        tlbench.export_torch(network(Two(), 6), tmp_path / "net.h5", (3, SIDE, SIDE))
    assert [path for path, _ in error.value.parts] == [
        "body.a (GroupNorm)", "body.b (InstanceNorm2d)"]


def test_modules_that_inference_does_not_use(tmp_path: Path) -> None:
    net = Net(nn.ReLU(), 6)
    net.auxiliary = nn.Sequential(nn.Linear(6, 5), nn.Linear(5, 5))
    with pytest.warns(UserWarning, match="does not have auxiliary: inference"):
        exported = tlbench.export_torch(net, tmp_path / "net.h5", (3, SIDE, SIDE))
    assert exported.unused == ["auxiliary"]


@pytest.mark.parametrize("name, shape, options, words", [
    ("net.keras", (3, 8, 8), {}, "does not end in .h5"),
    ("net.weights.h5", (3, 8, 8), {}, "does not end in .h5"),
    ("net.h5", (3, 8), {}, "the input shape is (3, 8)"),
    ("net.h5", (3, 8, 0), {}, "the input shape is (3, 8, 0)"),
    ("net.h5", (1, 8, 8), {}, "cannot trace the network"),
    ("net.h5", (3, 8, 8), {"preprocess": "imagenet"}, "no preprocessing 'imagenet'"),
    ("net.h5", (3, 8, 8), {"class_names": ["a", "b"]}, "2 class names, but 5 outputs"),
    ("there.h5", (3, 8, 8), {}, "it exists"),
])
def test_wrong_arguments(
    name: str, shape: tuple, options: dict, words: str, tmp_path: Path) -> None:
    (tmp_path / "there.h5").write_text("mine")
    with pytest.raises(tlbench.TlbenchError) as error:
        tlbench.export_torch(network(nn.ReLU(), 6), tmp_path / name, shape, **options)
    assert words in error.value.problem and error.value.remedy
    assert [entry.name for entry in tmp_path.iterdir()] == ["there.h5"]


def test_long_lists_of_layers_are_cut_as_keras_cuts_them(tmp_path: Path) -> None:
    name = "a" * 60
    body = nn.Sequential()
    for number in range(1100):
        body.add_module(f"{name}{number}", nn.ReLU())
    path = tlbench.export_torch(Net(body, 6), tmp_path / "net.h5", (3, 4, 4)).path
    with h5py.File(path) as file:
        attributes = file["model_weights"].attrs
        parts = [attributes[f"layer_names{part}"] for part in range(2)]
        assert "layer_names" not in attributes
        layers = json.loads(file.attrs["model_config"])["config"]["layers"]
        assert [name.decode() for part in parts for name in part] == [
            layer["name"] for layer in layers]
