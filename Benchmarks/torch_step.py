"""Images per second of the `medium` network in PyTorch, one thread, in rounds.

Reads a line from standard input, runs one round of about a second, prints one JSON object on one
line for each of `pytorch eager` (channels first, contiguous) and `pytorch channels_last`, and ends
at the end of its input:

    {"name": "pytorch eager", "train_images_per_second": 1.0, "inference_images_per_second": 1.0}

With `--layout eager` or `--layout channels_last` it measures that one alone, one line per round.
One training step is forward, mean softmax cross-entropy, backward and Adam on a batch of 32 images
[16, 16, 1]; inference is the forward pass in evaluation mode without gradients. Data is in memory
before the clock starts, in the layout that is measured.
"""

import argparse
import json
import sys
import time

import torch
from torch import nn

BATCH, SIDE, CLASSES, IMAGES = 32, 16, 10, 2048
CHANNELS = (16, 32, 64)
LAYOUTS = {"eager": torch.contiguous_format, "channels_last": torch.channels_last}


def medium():
    """Three blocks of conv-BN-ReLU twice and 2x2 max pooling, then a dense head."""
    layers, inputs = [], 1
    for channels in CHANNELS:
        for _ in range(2):
            layers += [
                nn.Conv2d(inputs, channels, 3, padding=1, bias=False),
                nn.BatchNorm2d(channels, eps=1e-3),
                nn.ReLU(inplace=True),
            ]
            inputs = channels
        layers.append(nn.MaxPool2d(2))
    side = SIDE >> len(CHANNELS)
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(inputs * side * side, CLASSES))


class Contestant:
    """One memory layout with a network, an optimizer and data of its own."""

    def __init__(self, layout):
        torch.manual_seed(1)
        memory = LAYOUTS[layout]
        self.name = f"pytorch {layout}"
        self.network = medium().to(memory_format=memory)
        images = torch.randn(IMAGES, 1, SIDE, SIDE)
        labels = torch.randint(0, CLASSES, (IMAGES,))
        self.batches = [
            (x.contiguous(memory_format=memory), y)
            for x, y in zip(images.split(BATCH), labels.split(BATCH))
        ]
        self.loss = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=1e-3, eps=1e-7)
        self.train()
        self.infer()

    def train(self):
        self.network.train()
        for x, y in self.batches:
            self.optimizer.zero_grad(set_to_none=True)
            self.loss(self.network(x), y).backward()
            self.optimizer.step()

    def infer(self):
        self.network.eval()
        with torch.inference_mode():
            for x, _ in self.batches:
                self.network(x)

    def round(self, seconds):
        """Half of the time for training, half for inference; whole passes over the data."""
        return {
            "name": self.name,
            "train_images_per_second": images_per_second(self.train, seconds / 2),
            "inference_images_per_second": images_per_second(self.infer, seconds / 2),
        }


def images_per_second(one_pass, seconds):
    passes, start = 0, time.perf_counter()
    while True:
        one_pass()
        passes += 1
        elapsed = time.perf_counter() - start
        if elapsed >= seconds:
            return passes * IMAGES / elapsed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--layout", choices=LAYOUTS, help="measure this one alone")
    parser.add_argument("--seconds", type=float, default=1.0, help="per round and layout")
    options = parser.parse_args()
    torch.set_num_threads(1)
    contestants = [Contestant(options.layout)] if options.layout else [
        Contestant(layout) for layout in LAYOUTS
    ]
    for _ in sys.stdin:
        for contestant in contestants:
            print(json.dumps(contestant.round(options.seconds)), flush=True)


if __name__ == "__main__":
    main()
