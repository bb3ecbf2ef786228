"""The runs of a sweep in PyTorch: tlbench's strategies with their rates, epochs and schedule."""

import math

import torch
from torch import nn

import tasks
from torch_networks import GROUPS, Network

BATCH, EVALUATION_BATCH = 32, 500
ARMS = ("feature-extraction", "fine-tuning", "fine-tuning-all", "from-scratch")
RATES = {"early": 1e-5, "middle": 1e-4, "late": 1e-4, "head": 1e-3}


def adam(groups, fused):
    """Adam with Keras' epsilon, as tlbench has it."""
    return torch.optim.Adam(groups, eps=1e-7, fused=fused)


def phases(arm, size):
    """The phases of a strategy: (first trained group, peak rates, epochs) of each, in order."""
    epochs = tasks.epochs(size)
    if arm == "feature-extraction":
        return [("head", RATES, epochs)]
    if arm == "from-scratch":
        return [("early", dict.fromkeys(GROUPS, 1e-3), epochs)]
    head_epochs = math.ceil(epochs / 4)
    lowest = "middle" if arm == "fine-tuning" else "early"
    return [("head", RATES, head_epochs), (lowest, RATES, epochs - head_epochs)]


def channels_first(pixels):
    """Images [count, height, width, channels] as a tensor [count, channels, height, width].

    A permuted view would not do: with one channel it is contiguous in either layout, and PyTorch
    takes it for channels_last.
    """
    count, height, width, channels = pixels.shape
    tensor = torch.empty(count, channels, height, width, dtype=torch.uint8)
    return tensor.copy_(torch.from_numpy(pixels).permute(0, 3, 1, 2))


class Examples:
    """Images, or what frozen layers make of them, in memory, with their labels."""

    def __init__(self, values, labels, style):
        self.labels, self.style = labels, style
        # Images are kept channels last, where that is the style, so that a row is in one piece.
        self.is_permuted = style.is_channels_last and values.dim() == 4
        self.values = values.permute(0, 2, 3, 1).contiguous() if self.is_permuted else values

    @classmethod
    def of(cls, images, style, rows=slice(None)):
        pixels = channels_first(images.pixels[rows])
        values = pixels.float().mul_(float(images.scale)).add_(float(images.offset))
        return cls(values, torch.from_numpy(images.labels[rows]), style)

    def __len__(self):
        return len(self.labels)

    def batch(self, rows):
        values = self.values[rows]
        return values.permute(0, 3, 1, 2) if self.is_permuted else values

    def first(self, count):
        values = self.batch(slice(count))
        return Examples(values, self.labels[:count], self.style)

    @torch.no_grad()
    def through(self, layers):
        """The output of frozen layers for all examples."""
        values = [
            layers(self.batch(slice(start, start + EVALUATION_BATCH)))
            for start in range(0, len(self), EVALUATION_BATCH)]
        return Examples(torch.cat(values), self.labels, self.style)


class FrozenCache:
    """What the pretrained layers below a group make of the examples of a task.

    Subsets are nested, so that the largest set that was asked for holds the smaller ones.
    """

    def __init__(self):
        self.known = {}

    def features(self, key, examples, layers):
        if len(self.known.get(key, ())) < len(examples):
            self.known[key] = examples.through(layers)
        return self.known[key].first(len(examples))


def split(network, lowest):
    """The frozen layers, in evaluation mode, and those that are trained."""
    groups = [getattr(network, name) for name in GROUPS]
    position = GROUPS.index(lowest)
    frozen, trained = nn.Sequential(*groups[:position]), nn.Sequential(*groups[position:])
    for part, learns in ((frozen, False), (trained, True)):
        part.train(learns).requires_grad_(learns)
    return frozen, trained


def train_phase(network, examples, phase, style, cache):
    """Trains the groups from the lowest upwards on one-cycle rates with a fresh optimizer."""
    lowest, rates, epochs = phase
    frozen, trained = split(network, lowest)
    if cache is not None and len(frozen):
        examples, frozen = cache.features((lowest, "train"), examples, frozen), nn.Identity()
    peaks = [rates[name] for name in GROUPS[GROUPS.index(lowest):]]
    optimizer = adam(
        [{"params": part.parameters(), "lr": rate} for part, rate in zip(trained, peaks)],
        fused=style.has_fused_adam)
    steps = math.ceil(len(examples) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, peaks, total_steps=epochs * steps, cycle_momentum=False)
    loss_function = nn.CrossEntropyLoss()
    for _ in range(epochs):
        order = torch.randperm(len(examples))
        for rows in order.split(BATCH):
            with torch.no_grad():
                x = frozen(examples.batch(rows))
            optimizer.zero_grad()
            loss_function(trained(x), examples.labels[rows]).backward()
            optimizer.step()
            schedule.step()


@torch.inference_mode()
def accuracy(layers, examples):
    layers.eval()
    correct = 0
    for start in range(0, len(examples), EVALUATION_BATCH):
        rows = slice(start, start + EVALUATION_BATCH)
        correct += (layers(examples.batch(rows)).argmax(1) == examples.labels[rows]).sum().item()
    return correct / len(examples)


def run_cell(arm, train, test, architecture, weights, style, cache):
    """Trains one strategy on some examples; returns its accuracy on the test images.

    With a cache, frozen layers process each example once; without one, once per epoch.
    """
    network = Network(architecture, classes=10)
    if arm != "from-scratch":
        network.load_backbone(weights)
    network.to(memory_format=style.memory_format)
    for phase in phases(arm, len(train)):
        train_phase(network, train, phase, style, cache)
    # The last phase trains most.
    lowest = phase[0]
    frozen, trained = split(network, lowest)
    if cache is not None and len(frozen):
        test, frozen = cache.features((lowest, "test"), test, frozen), nn.Identity()
    return accuracy(nn.Sequential(frozen, trained), test)
