"""VGG16 and ResNet50 in PyTorch, with torchvision's names and shapes, and a batch for them."""

import h5py
import numpy as np
import torch
from torch import nn

SIDE, BATCH, CLASSES = 224, 32, 1000
RATE = 1e-5


def vgg16():
    """VGG16 without its dropout, whose draws would differ between programs."""
    layers, channels = [], 3
    for filters, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(inplace=True)]
            channels = filters
        layers.append(nn.MaxPool2d(2))
    network = nn.Module()
    network.features = nn.Sequential(*layers)
    network.classifier = nn.Sequential(
        nn.Linear(512 * 7 * 7, 4096), nn.ReLU(inplace=True), nn.Linear(4096, 4096),
        nn.ReLU(inplace=True), nn.Linear(4096, CLASSES))
    network.forward = lambda x: network.classifier(torch.flatten(network.features(x), 1))
    return network


class Bottleneck(nn.Module):
    """Three convolutions beside a shortcut; the 3x3 one has the stride."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        outputs = 4 * width
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None if inputs == outputs and stride == 1 else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.relu(self.bn2(self.conv2(x)))
        return self.relu(self.bn3(self.conv3(x)) + shortcut)


class ResNet50(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        inputs = 64
        for index, (width, count) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
            blocks = []
            for block in range(count):
                blocks.append(Bottleneck(inputs, width, 2 if index > 0 and block == 0 else 1))
                inputs = 4 * width
            setattr(self, f"layer{index + 1}", nn.Sequential(*blocks))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(inputs, CLASSES)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


NETWORKS = {"vgg16": vgg16, "resnet50": ResNet50}


def write_start(network, weights_file, images_file):
    """Writes random weights as a state dict in HDF5, and a batch of random bytes."""
    torch.manual_seed(1)
    module = NETWORKS[network]()
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
    with h5py.File(weights_file, "w") as file:
        for name, tensor in module.state_dict().items():
            if tensor.is_floating_point():
                file[name] = tensor.numpy()
    np.random.default_rng(1).integers(
        0, 256, (BATCH, SIDE, SIDE, 3), dtype=np.uint8).tofile(images_file)
    return {}


class Large:
    """A network on its batch: training steps of all layers, or passes forward."""

    def __init__(self, style, network, weights_file, images_file, trains):
        module = NETWORKS[network]()
        with h5py.File(weights_file) as file:
            state = {name: torch.from_numpy(file[name][()]) for name in file}
        module.load_state_dict(state, strict=False)
        self.network = module.to(memory_format=style.memory_format).train(trains)
        pixels = torch.from_numpy(
            np.fromfile(images_file, np.uint8).reshape(BATCH, SIDE, SIDE, 3))
        self.images = pixels.permute(0, 3, 1, 2).float().div_(255).contiguous(
            memory_format=style.memory_format)
        self.labels = torch.arange(BATCH)
        self.trains = trains
        if trains:
            self.optimizer = torch.optim.Adam(module.parameters(), lr=RATE, eps=1e-7)

    def run(self):
        """The loss of a step, or the outputs of a pass."""
        if not self.trains:
            with torch.inference_mode():
                return self.network(self.images)
        self.optimizer.zero_grad()
        loss = nn.functional.cross_entropy(self.network(self.images), self.labels)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def peak_memory():
    """The most bytes of memory that the process has taken since its start; None if not known."""
    try:
        with open("/proc/self/status", encoding="utf-8") as status:
            lines = [line for line in status if line.startswith("VmHWM:")]
    except OSError:
        return None
    return int(lines[0].split()[1]) << 10 if lines else None
