"""The architectures of tlbench in PyTorch, with their layers under the same names and in groups."""

from collections import OrderedDict

import torch
from torch import nn

GROUPS = ("early", "middle", "late", "head")


class Residual(nn.Module):
    """Two convolutions beside a shortcut, which is projected where the shapes differ."""

    def __init__(self, name, inputs, filters, stride):
        super().__init__()
        self.main = nn.Sequential(OrderedDict([
            *convolution(f"{name}_conv1", f"{name}_bn1", inputs, filters, stride=stride),
            (f"{name}_relu1", nn.ReLU(inplace=True)),
            *convolution(f"{name}_conv2", f"{name}_bn2", filters, filters)]))
        self.shortcut = nn.Identity() if stride == 1 and inputs == filters else nn.Sequential(
            OrderedDict(convolution(
                f"{name}_projection_conv", f"{name}_projection_bn", inputs, filters, size=1,
                stride=stride)))
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(self.main(x) + self.shortcut(x))


class SamePadding(nn.Module):
    """What TensorFlow and Keras put around an image for a 3x3 convolution of stride 2."""

    def forward(self, x):
        return nn.functional.pad(x, (x.shape[3] % 2, 1, x.shape[2] % 2, 1))


def convolution(name, norm_name, inputs, filters, size=3, stride=1):
    """A convolution without bias and its batch normalization, with Keras' settings."""
    padded = size == 3 and stride == 2
    layer = nn.Conv2d(
        inputs, filters, size, stride=stride, bias=False, padding=0 if padded else size // 2)
    nn.init.xavier_uniform_(layer.weight)
    layers = [(name, layer), (norm_name, nn.BatchNorm2d(filters, eps=1e-3, momentum=0.1))]
    return [(f"{name}_padding", SamePadding()), *layers] if padded else layers


def block(name, inputs, filters):
    """Convolution, normalization and ReLU twice, then 2x2 maximum pooling."""
    return [
        *convolution(f"{name}_conv1", f"{name}_bn1", inputs, filters),
        (f"{name}_relu1", nn.ReLU(inplace=True)),
        *convolution(f"{name}_conv2", f"{name}_bn2", filters, filters),
        (f"{name}_relu2", nn.ReLU(inplace=True)),
        (f"{name}_pool", nn.MaxPool2d(2))]


def stage(name, inputs, filters, stride):
    return [
        (f"{name}_block1", Residual(f"{name}_block1", inputs, filters, stride)),
        (f"{name}_block2", Residual(f"{name}_block2", filters, filters, 1))]


def groups(architecture, channels):
    """The layers of early, middle and late, and the number of features for images of side 16."""
    if architecture == "simple":
        early, late = block("block1", channels, 16), block("block2", 16, 32)
        return [early, late[:3], [*late[3:], ("flatten", nn.Flatten())]], 512
    if architecture == "medium":
        return [
            block("block1", channels, 16), block("block2", 16, 32),
            [*block("block3", 32, 64), ("flatten", nn.Flatten())]], 256
    return [
        [*convolution("stem_conv", "stem_bn", channels, 16),
         ("stem_relu", nn.ReLU(inplace=True)), *stage("stage1", 16, 16, 1)],
        stage("stage2", 16, 32, 2),
        [*stage("stage3", 32, 64, 2), ("pool", nn.AdaptiveAvgPool2d(1)),
         ("flatten", nn.Flatten())]], 64


class Network(nn.Module):
    """A network in the four groups that are frozen and trained together."""

    def __init__(self, architecture, classes, channels=1):
        super().__init__()
        layers, features = groups(architecture, channels)
        for name, group in zip(GROUPS, layers):
            setattr(self, name, nn.Sequential(OrderedDict(group)))
        self.head = nn.Linear(features, classes)
        nn.init.xavier_uniform_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, x):
        return self.head(self.features(x))

    def features(self, x):
        return self.late(self.middle(self.early(x)))

    def load_backbone(self, weights):
        """Takes over pretrained parameters, as `tasks.weights` reads them."""
        with torch.no_grad():
            for path, module in self.named_modules():
                name = path.rsplit(".", 1)[-1]
                if isinstance(module, nn.Conv2d):
                    module.weight.copy_(torch.from_numpy(weights[name][0]).permute(3, 2, 0, 1))
                elif isinstance(module, nn.BatchNorm2d):
                    values = [torch.from_numpy(values) for values in weights[name]]
                    for own, value in zip(
                            (module.weight, module.bias, module.running_mean, module.running_var),
                            values, strict=True):
                        own.copy_(value)
        return self
