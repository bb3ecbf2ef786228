"""Networks like those of torchvision, with its names of tensors and any width, for fixtures and
checks that must not depend on torchvision."""

import numpy as np
import torch
from torch import nn


class Block(nn.Module):
    """The blocks of torchvision's ResNets: two 3x3 convolutions, or three with the stride on the
    middle one."""

    def __init__(self, channels, width, stride, bottleneck, groups):
        super().__init__()
        out = width * 4 if bottleneck else width
        if bottleneck:
            self.conv1 = nn.Conv2d(channels, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, groups=groups, bias=False)
            self.conv3 = nn.Conv2d(width, out, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(out)
        else:
            self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.bottleneck = bottleneck
        self.downsample = None
        if stride != 1 or channels != out:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out)
            )

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if self.bottleneck:
            y = self.bn3(self.conv3(torch.relu(y)))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self, width, blocks, bottleneck=False, groups=1, classes=5):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        channels = width
        for index, count in enumerate(blocks):
            stage = []
            for block in range(count):
                stride = 2 if index > 0 and block == 0 else 1
                stage.append(Block(channels, width << index, stride, bottleneck, groups))
                channels = (width << index) * (4 if bottleneck else 1)
            setattr(self, f"layer{index + 1}", nn.Sequential(*stage))
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


class VGG(nn.Module):
    def __init__(self, widths, normalized, classes=4):
        super().__init__()
        layers, channels = [], 3
        for width in widths:
            if width == "M":
                layers.append(nn.MaxPool2d(2))
                continue
            layers.append(nn.Conv2d(channels, width, 3, padding=1))
            layers += [nn.BatchNorm2d(width)] if normalized else []
            layers.append(nn.ReLU())
            channels = width
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            nn.Linear(channels * 6, 6), nn.ReLU(), nn.Dropout(), nn.Linear(6, 6), nn.ReLU(),
            nn.Dropout(), nn.Linear(6, classes),
        )

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


def convert_step(found, state, error):
    """The largest difference between parameters of tlbench and of PyTorch after a step.

    Moving variances are left out: PyTorch moves by n/(n-1) times the variance of the batch.
    """
    worst = 0.0
    for key, value in state.items():
        layer, role = key.rsplit(".", 1)
        value = value.numpy()
        if role in ("num_batches_tracked", "running_var"):
            continue
        if value.ndim == 4:
            name, value = "kernel", value.transpose(2, 3, 1, 0)
        elif value.ndim == 2:
            name, value = "kernel", value.T
        elif role == "running_mean":
            name = "moving_mean"
        elif f"{layer}.running_mean" in state:
            name = "gamma" if role == "weight" else "beta"
        else:
            name = "bias"
        worst = max(worst, error(found[f"{layer}|{name}"][...], np.ascontiguousarray(value)))
    return worst
