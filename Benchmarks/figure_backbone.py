"""The backbone over 10,000 images in memory, from bytes to features."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import contestant
from report import Row, Sides

TASK = {"architecture": "medium", "similarity": "medium", "replicate": 0}
BATCHES = (32, 64, 100, 250, 500, 1000)
# The largest difference of a feature, as a share of the largest feature.
TOLERANCE = 1e-4
COMPARISONS = (("user", "PyTorch eager", 4), ("channels_last", "PyTorch channels_last", 3.3))


class Backbone:
    name, rounds_by_default = "backbone", None

    def __init__(self, options):
        self.options = options

    def measure(self, rounds, progress):
        """Seconds by contestant for each round, at the batch size that suits each best."""
        with ExitStack() as stack:
            running = {"tlbench": stack.enter_context(contestant.tlbench(self.options))}
            for name, _, _ in COMPARISONS:
                running[name] = stack.enter_context(contestant.torch(name))
            batches = {}
            for name, program in running.items():
                progress(f"backbone: {name} tries batch sizes")
                batches[name] = best_batch(program)
            data = {"rounds": [], "batches": batches, **differences(running, batches)}
            answer = running["tlbench"].ask("backbone", batch=batches["tlbench"], **TASK)
            data["flops"] = answer["flops"] * answer["images"] / batches["tlbench"]
            for number in rounds:
                progress(f"backbone: round {number + 1}")
                data["rounds"].append({
                    name: program.ask("backbone", batch=batches[name], **TASK)["seconds"]
                    for name, program in contestant.by_turns(running, number)})
        return data

    @staticmethod
    def rows(data):
        for name, label, target in COMPARISONS:
            sides = Sides(
                [r["tlbench"] for r in data["rounds"]], [r[name] for r in data["rounds"]])
            difference = data["differences"][name]
            yield Row(
                "backbone pass, medium", label, sides.ratios, at_least=target,
                detail=sides.rates(10_000, "images/s")
                + sides.shares(data.get("flops"), data.get("peak"))
                + f", batches of {data['batches']['tlbench']} / {data['batches'][name]}",
                agreement=f"features differ by at most {difference:.1e} of {data['largest']:.3g}",
                is_void=not difference <= TOLERANCE * data["largest"])


def best_batch(program):
    """The batch size with the shortest pass, each tried three times."""
    def seconds(batch):
        return min(
            program.ask("backbone", batch=batch, **TASK)["seconds"] for _ in range(3))
    return min(BATCHES, key=seconds)


def differences(running, batches):
    """The largest feature, and the largest difference of tlbench's from each of the others."""
    features = {}
    with TemporaryDirectory() as folder:
        for name, program in running.items():
            file = str(Path(folder) / name)
            program.ask("backbone", batch=batches[name], features_file=file, **TASK)
            features[name] = np.fromfile(file, np.float32)
    ours = features["tlbench"]
    return {
        "largest": float(np.abs(ours).max()),
        "differences": {
            name: float(np.abs(ours - theirs).max()) for name, theirs in features.items()}}
