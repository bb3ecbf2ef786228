"""torchvision's ResNet-18 under the names that torchvision gives its tensors, for checks that must
not depend on torchvision."""

import numpy as np
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or channels != width:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet18(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        channels = 64
        for index, width in enumerate((64, 128, 256, 512)):
            stride = 1 if index == 0 else 2
            stage = nn.Sequential(Block(channels, width, stride), Block(width, width, 1))
            setattr(self, f"layer{index + 1}", stage)
            channels = width
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


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
