"""A linear probe, solved to convergence on the frozen features of 10,000 images with C = 1."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import contestant
from report import Row, Sides

TASK = {"similarity": "medium", "replicate": 0}
# How far scikit-learn's objective may lie above ours, as a share.
SLACK = 1e-6


class Probe:
    name, rounds_by_default = "probe", None

    def __init__(self, options):
        self.options = options

    def measure(self, rounds, progress):
        """Answers of both for each round, at the loosest tolerance that reaches our objective."""
        data = {"rounds": []}
        with ExitStack() as stack:
            ours = stack.enter_context(contestant.tlbench(self.options))
            theirs = stack.enter_context(contestant.sklearn())
            request = {"architecture": "medium", "batch": 100, **TASK}
            with TemporaryDirectory() as folder:
                files = {part: str(Path(folder) / part) for part in ("train", "test")}
                for part, file in files.items():
                    ours.ask("backbone", features_file=file, set=part, **request)
                theirs.ask(
                    "load", train_file=files["train"], test_file=files["test"], **TASK)
            progress("probe: scikit-learn looks for its tolerance")
            objective = ours.ask("probe", **request)["objective"]
            data["settings"] = theirs.ask("tune", objective=objective, slack=SLACK)
            for number in rounds:
                progress(f"probe: round {number + 1}")
                data["rounds"].append({
                    "tlbench": ours.ask("probe", **request),
                    "sklearn": theirs.ask("probe", **data["settings"])})
        return data

    @staticmethod
    def rows(data):
        rounds, settings = data["rounds"], data["settings"]
        sides = Sides(
            [r["tlbench"]["seconds"] for r in rounds], [r["sklearn"]["seconds"] for r in rounds])
        ours, theirs = rounds[-1]["tlbench"], rounds[-1]["sklearn"]
        yield Row(
            "linear probe, n = 10,000", "scikit-learn lbfgs", sides.ratios, at_least=1.5,
            detail=sides.medians("s") + f", {ours['iterations']} / {theirs['iterations']} "
            f"iterations (theirs {settings['kind']}, tol {settings['tolerance']:g})",
            agreement=f"objective {ours['objective']:.8f} / {theirs['objective']:.8f}, "
            f"accuracy {100 * ours['accuracy']:.2f} / {100 * theirs['accuracy']:.2f} %",
            is_void=not abs(theirs["objective"] / ours["objective"] - 1) <= 2 * SLACK)
