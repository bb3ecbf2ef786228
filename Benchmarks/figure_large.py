"""VGG16 and ResNet50 at 224×224: passes and full fine-tuning steps of one batch, and peak memory."""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

import contestant
from report import Row, Sides

NETWORKS = ("vgg16", "resnet50")
LAYOUTS = {"user": "PyTorch eager", "channels_last": "PyTorch channels_last"}
WORK = {"pass": False, "step": True}
BATCH = 32
# Outputs may differ by this share of the largest one, and the first loss by this share of itself.
TOLERANCE = 1e-3


class Large:
    # It takes long, and some 6 GiB of memory, so that it is not measured by default.
    name, rounds_by_default = "large", None

    def __init__(self, options):
        self.options = options

    def measure(self, rounds, progress):
        """Seconds by network, work and contestant for each round, and the peak memory of each.

        A process does the work twice, and the second time counts.
        """
        data = {"rounds": [{} for _ in rounds], "first": {}, "flops": {}, "memory": {}}
        for network in NETWORKS:
            with TemporaryDirectory() as folder:
                files = {
                    name: str(Path(folder) / name) for name in ("weights_file", "images_file")}
                # The ending says what the file is.
                files["weights_file"] += ".h5"
                with contestant.torch("user") as program:
                    program.ask("large_start", network=network, **files)
                for work in WORK:
                    self.measure_work(network, work, files, folder, data, rounds, progress)
        return data

    def measure_work(self, network, work, files, folder, data, rounds, progress):
        key = f"{network} {work}"
        request = {"network": network, "trains": WORK[work], "passes": 1, **files}
        starts = {"tlbench": lambda: contestant.tlbench(self.options)}
        starts |= {name: lambda name=name: contestant.torch(name) for name in LAYOUTS}
        first, memory = {}, {}
        for position, number in enumerate(rounds):
            seconds = data["rounds"][position][key] = {}
            for name, start in contestant.by_turns(starts, number):
                progress(f"large, {key}: round {number + 1}, {name}")
                outputs = str(Path(folder) / f"{name} outputs")
                # One process at a time: several would not fit into the memory of some machines.
                with start() as program:
                    answer = program.ask("large", features_file=outputs, **request)
                    first[name] = answer["losses"][0] if WORK[work] else outputs
                    answer = program.ask("large", **request)
                seconds[name], memory[name] = answer["seconds"], answer["peak_memory"]
                if name == "tlbench":
                    data["flops"][key] = answer["flops"]
        data["memory"][key] = memory
        data["first"][key] = first if WORK[work] else differences(first)

    @staticmethod
    def rows(data):
        for network in NETWORKS:
            for work in WORK:
                yield from rows_of(network, work, data)


def differences(files):
    """How far the outputs differ from tlbench's, as a share of the largest."""
    outputs = {name: np.fromfile(file, np.float32) for name, file in files.items()}
    ours = outputs["tlbench"]
    return {
        name: float(np.abs(ours - theirs).max() / np.abs(ours).max())
        for name, theirs in outputs.items()}


def rows_of(network, work, data):
    """The speed beside the faster of PyTorch's layouts, and the memory of both."""
    key = f"{network} {work}"
    rounds = [r[key] for r in data["rounds"]]
    faster = min(LAYOUTS, key=lambda name: median(r[name] for r in rounds))
    sides = Sides([r["tlbench"] for r in rounds], [r[faster] for r in rounds])
    first = data["first"][key]
    if WORK[work]:
        ours, theirs = first["tlbench"], first[faster]
        difference = abs(ours - theirs) / abs(theirs)
        agreement = f"first loss {ours:.4f} / {theirs:.4f}"
    else:
        difference = first[faster]
        agreement = f"outputs differ by at most {difference:.1e} of the largest"
    figure = f"{'full fine-tuning step' if work == 'step' else 'pass'}, {network} at 224×224"
    yield Row(
        figure, f"{LAYOUTS[faster]}, the faster layout", sides.ratios,
        detail=sides.rates(BATCH, "images/s") + sides.shares(data["flops"][key], data.get("peak")),
        agreement=agreement, is_void=not difference <= TOLERANCE)
    memory = data["memory"][key]
    if memory["tlbench"] and memory[faster]:
        yield Row(
            f"peak memory of the process, {key}", LAYOUTS[faster],
            [memory[faster] / memory["tlbench"]],
            detail=f"{memory['tlbench'] / 2**20:,.0f} / {memory[faster] / 2**20:,.0f} MiB")
