"""PyTorch as a contestant: torch_worker.py STYLE

Styles, all on one thread:

- user: eager, images channels first, frozen layers run again in every epoch.
- channels_last: eager, in PyTorch's faster layout for convolutions.
- expert: channels_last, Adam fused into one kernel, frozen features kept from epoch to epoch and
  from run to run.
- compiled: channels_last and fused Adam, through torch.compile.
"""

import argparse
import os
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import numpy as np
import torch
from torch import nn

import tasks
import torch_large
from torch_networks import Network
from torch_training import Examples, FrozenCache, adam, channels_first, run_cell
from worker import Watch, serve


@dataclass
class Style:
    is_channels_last: bool = False
    has_fused_adam: bool = False
    keeps_features: bool = False
    is_compiled: bool = False

    @property
    def memory_format(self):
        return torch.channels_last if self.is_channels_last else torch.contiguous_format


STYLES = {
    "user": Style(),
    "channels_last": Style(is_channels_last=True),
    "expert": Style(is_channels_last=True, has_fused_adam=True, keeps_features=True),
    "compiled": Style(is_channels_last=True, has_fused_adam=True, is_compiled=True),
}


class Steps:
    """Training of a whole network from a head of zeros, always on the same batches."""

    def __init__(self, style, architecture, images):
        network = Network(architecture, tasks.CLASSES)
        network.load_backbone(tasks.weights(architecture)).to(memory_format=style.memory_format)
        nn.init.zeros_(network.head.weight)
        self.network = torch.compile(network) if style.is_compiled else network
        self.optimizer = adam(network.parameters(), style.has_fused_adam)
        self.loss_function = nn.CrossEntropyLoss()
        examples = Examples.of(images, style, slice(tasks.STEP_IMAGES))
        self.batches = [
            (examples.batch(slice(start, start + tasks.STEP_BATCH)),
             examples.labels[start:start + tasks.STEP_BATCH])
            for start in range(0, len(examples), tasks.STEP_BATCH)]

    def run(self):
        """Trains on every example once; the mean loss."""
        losses = []
        for x, y in self.batches:
            self.optimizer.zero_grad()
            loss = self.loss_function(self.network(x), y)
            loss.backward()
            self.optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses).mean().item()


class Torch:
    """The answers to the requests."""

    def __init__(self, style):
        self.style = style
        self.steps = {}
        self.network = None

    @staticmethod
    def versions():
        return {"versions": {"instruction set": torch.backends.cpu.get_cpu_capability().lower()}}

    def step(self, architecture, similarity, replicate, passes):
        if architecture not in self.steps:
            train, _ = tasks.task(similarity, replicate)
            self.steps[architecture] = Steps(self.style, architecture, train)
        steps, watch = self.steps[architecture], Watch()
        losses = [steps.run() for _ in range(passes)]
        return {
            "seconds": watch.seconds, "images": passes * tasks.STEP_IMAGES, "losses": losses}

    @torch.inference_mode()
    def backbone(self, architecture, similarity, replicate, batch, features_file=None):
        network = Network(architecture, tasks.CLASSES).load_backbone(tasks.weights(architecture))
        network.to(memory_format=self.style.memory_format).eval()
        train, _ = tasks.task(similarity, replicate)
        pixels = channels_first(train.pixels)
        if self.style.is_channels_last:
            pixels = torch.from_numpy(train.pixels).permute(0, 3, 1, 2)
        scale, offset = float(train.scale), float(train.offset)
        watch = Watch()
        features = torch.empty(len(pixels), network.head.in_features)
        for part, out in zip(pixels.split(batch), features.split(batch)):
            x = part.float().mul_(scale).add_(offset)
            out.copy_(network.features(x))
        seconds = watch.seconds
        if features_file:
            write_features(features, network, features_file)
        return {"seconds": seconds, "images": len(pixels)}

    def large(self, network, weights_file, images_file, trains, passes, features_file=None):
        """Steps or passes of a large network, which is read for the first of them."""
        if self.network is None:
            self.network = torch_large.Large(
                self.style, network, weights_file, images_file, trains)
        watch = Watch()
        results = [self.network.run() for _ in range(passes)]
        answer = {"seconds": watch.seconds, "peak_memory": torch_large.peak_memory()}
        if trains:
            return {**answer, "losses": results}
        if features_file:
            results[-1].contiguous().numpy().tofile(features_file)
        return answer

    def cells(self, architecture, similarity, replicate, cells, rows, seed):
        """Performs runs of one task, each a pair of size and strategy, in that order."""
        torch.manual_seed(seed)
        watch = Watch()
        weights = tasks.weights(architecture)
        train, test = tasks.task(similarity, replicate)
        test = Examples.of(test, self.style)
        train = Examples.of(train, self.style, np.array(rows))
        cache = FrozenCache() if self.style.keeps_features else None
        results = []
        for size, arm in cells:
            cell = Watch()
            share = run_cell(
                arm, train.first(size), test, architecture, weights, self.style, cache)
            results.append({
                "size": size, "arm": arm, "accuracy": share, "cpu_seconds": cell.cpu_seconds})
        return {"seconds": watch.seconds, "cpu_seconds": watch.cpu_seconds, "cells": results}


def write_features(features, network, path):
    """Writes features as plain float32 in the order of tlbench, channels last."""
    channels = [m for m in network.modules() if isinstance(m, nn.Conv2d)][-1].out_channels
    maps = features.reshape(len(features), channels, -1)
    maps.permute(0, 2, 1).contiguous().numpy().tofile(path)


def main():
    parser = argparse.ArgumentParser(description="PyTorch as a contestant of the benchmark.")
    parser.add_argument("style", choices=STYLES)
    contestant = Torch(STYLES[parser.parse_args().style])
    torch.set_num_threads(1)
    # A new cache: torch.compile would run code that it compiled under another ATEN_CPU_CAPABILITY,
    # and get losses that are not numbers.
    with TemporaryDirectory(ignore_cleanup_errors=True) as cache:
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = cache
        serve({
            "step": contestant.step, "backbone": contestant.backbone, "cells": contestant.cells,
            "large": contestant.large, "large_start": torch_large.write_start,
            "versions": contestant.versions})


if __name__ == "__main__":
    main()
