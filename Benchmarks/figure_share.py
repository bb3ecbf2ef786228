"""The fraction of a from-scratch run's processor time that is spent in oneDNN's primitives."""

import json
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import contestant
from report import Row

RUN = {
    "architecture": "medium", "similarity": "medium", "replicate": 0, "sizes": [10_000],
    "arms": ["from-scratch"]}


class Share:
    name, rounds_by_default = "share", None

    def __init__(self, options):
        self.options = options

    def measure(self, rounds, progress):
        """Seconds in primitives and of the whole run, for each round."""
        if sys.platform != "linux":
            return {"rounds": [], "failure": "needs LD_PRELOAD"}
        data = {"rounds": [], "failure": ""}
        for number in rounds:
            progress(f"share: round {number + 1}")
            with TemporaryDirectory() as folder:
                file = Path(folder) / "time"
                environment = {
                    "LD_PRELOAD": self.options.primitive_time, "PRIMITIVE_TIME_FILE": str(file)}
                with contestant.tlbench(self.options, environment) as program:
                    answer = program.ask("cells", **RUN)
                inside = json.loads(file.read_text())
            data["rounds"].append({"cell": answer["cpu_seconds"], **inside})
        return data

    @staticmethod
    def rows(data):
        rounds = data["rounds"]
        row = Row(
            "from-scratch run, fraction in primitives", "",
            [100 * r["seconds"] / r["cell"] for r in rounds], unit="%", at_least=85,
            agreement=data["failure"])
        if rounds:
            row.detail = (
                f"{median(r['seconds'] for r in rounds):.2f} of "
                f"{median(r['cell'] for r in rounds):.2f} CPU s, {rounds[0]['calls']:,} calls")
        yield row
