"""Training steps on batches of 32: images per second."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import contestant
import tasks
from contestant import ContestantFailed
from report import Row, Sides

TASK = {"similarity": "medium", "replicate": 0}
# Passes over 2,048 images in a round.
PASSES = {"simple": 4, "medium": 3, "deep": 1}
CHANNELS = {"simple": (16, 32), "medium": (16, 32, 64)}
# The mean loss of the first pass, from one start over the same batches, may differ by this share.
TOLERANCE = 0.005
# Architecture, contestant, target.
COMPARISONS = (
    ("medium", "user", 5),
    ("medium", "channels_last", 4.3),
    ("medium", "expert", 4),
    ("medium", "compiled", 4),
    ("medium", "onednn", 3.1),
    ("simple", "channels_last", 4.5),
    ("simple", "onednn", None),
    ("deep", "channels_last", 2.8),
)
NAMES = {
    "user": "PyTorch eager", "channels_last": "PyTorch channels_last",
    "expert": "PyTorch expert (fused Adam)", "compiled": "torch.compile",
    "onednn": "plain oneDNN loop"}


class Step:
    name, rounds_by_default = "step", None

    def __init__(self, options):
        self.options = options

    def measure(self, rounds, progress):
        """Seconds by architecture and contestant for each round, and what the first pass lost."""
        data = {
            "rounds": [{} for _ in rounds], "losses": {}, "failures": {}, "flops": {},
            "kernels": {}}
        for architecture in PASSES:
            with ExitStack() as stack:
                self.measure_architecture(architecture, stack, data, rounds, progress)
        return data

    def measure_architecture(self, architecture, stack, data, rounds, progress):
        request = {"architecture": architecture, "passes": PASSES[architecture], **TASK}
        losses = data["losses"][architecture] = {}
        failures = data["failures"][architecture] = {}
        running = {}
        for name in ["tlbench"] + [c[1] for c in COMPARISONS if c[0] == architecture]:
            progress(f"step {architecture}: {name} warms up")
            try:
                running[name] = stack.enter_context(self.start(name, architecture, stack))
                answer = running[name].ask("step", **request)
                losses[name] = answer["losses"][0]
                if name == "tlbench":
                    steps = request["passes"] * tasks.STEP_IMAGES / tasks.STEP_BATCH
                    data["flops"][architecture] = steps * answer["flops"]
                    data["kernels"][architecture] = running[name].ask(
                        "kernels", architecture=architecture)["kernels"]
            except ContestantFailed as error:
                if name != "compiled":
                    raise
                failures[name] = str(error)
                running.pop(name, None)
        for position, number in enumerate(rounds):
            progress(f"step {architecture}: round {number + 1}")
            data["rounds"][position][architecture] = {
                name: program.ask("step", **request)["seconds"]
                for name, program in contestant.by_turns(running, number)}

    def start(self, name, architecture, stack):
        if name == "tlbench":
            return contestant.tlbench(self.options)
        if name == "onednn":
            folder = stack.enter_context(TemporaryDirectory())
            start = Path(folder) / "start"
            tasks.write_start(start, architecture, **TASK)
            return contestant.onednn(self.options, str(start), CHANNELS[architecture])
        return contestant.torch(name)

    @staticmethod
    def rows(data):
        kernels = dict(data.get("kernels", {}))
        for architecture, name, target in COMPARISONS:
            row = Row(f"training step, {architecture}", NAMES[name], [], at_least=target)
            failure = data["failures"][architecture].get(name)
            if failure:
                row.agreement = f"did not run: {failure}"
                yield row
                continue
            rounds = [r[architecture] for r in data["rounds"]]
            sides = Sides([r["tlbench"] for r in rounds], [r[name] for r in rounds])
            row.values = sides.ratios
            row.detail = (
                sides.rates(PASSES[architecture] * tasks.STEP_IMAGES, "images/s")
                + sides.shares(data.get("flops", {}).get(architecture), data.get("peak")))
            losses = data["losses"][architecture]
            ours, theirs = losses["tlbench"], losses[name]
            # A loss that is not a number agrees with none.
            row.is_void = not abs(ours - theirs) <= TOLERANCE * theirs
            row.agreement = f"first loss {ours:.4f} / {theirs:.4f}"
            # Once for an architecture.
            if names := kernels.pop(architecture, None):
                row.agreement += f"; kernels of tlbench: {', '.join(names)}"
            yield row
