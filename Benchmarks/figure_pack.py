"""`tlbench pack` with two workers against Pillow in one process, on 1,000 JPEG files."""

import resource
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import contestant
from figure_process import run
from report import Row, Sides

COUNT, SIDE, WORKERS = 1000, 224, 2
# Libraries of JPEG, and versions of Pillow, round differently.
SLACK = 2


def processor_seconds():
    """Of all processes that have ended and were waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def difference(output, folder):
    """The largest difference of a pixel of both sets."""
    import h5py
    import numpy as np
    theirs = np.load(folder / "pixels.npy").astype(np.int16)
    with h5py.File(output) as file:
        return int(np.abs(file["x"][:] - theirs).max())


class Pack:
    name, rounds_by_default = "pack", None

    def __init__(self, options):
        self.options = options

    def measure(self, rounds, progress):
        data = {"rounds": []}
        with contestant.pillow() as pillow, TemporaryDirectory() as folder:
            photos, output = Path(folder, "photos"), Path(folder, "photos.h5")
            photos.mkdir()
            progress(f"pack: {COUNT:,} pictures are made")
            pillow.ask("make", folder=str(photos), count=COUNT)
            for number in rounds:
                progress(f"pack: round {number + 1}")
                contestants = {"tlbench": lambda: self.ours(photos, output),
                               "pillow": lambda: pillow.ask("fit", folder=str(photos), side=SIDE)}
                data["rounds"].append({
                    name: measured()
                    for name, measured in contestant.by_turns(contestants, number)})
            data["difference"] = difference(output, photos)
        return data

    def ours(self, photos, output):
        start = processor_seconds()
        seconds, _ = run([
            self.options.tlbench, "pack", str(photos), "--size", str(SIDE), "--jobs", str(WORKERS),
            "--output", str(output), "--overwrite", "--quiet"])
        return {"seconds": seconds, "cpu_seconds": processor_seconds() - start}

    @staticmethod
    def rows(data):
        rounds = data["rounds"]
        wall, cpu = (
            Sides(*([r[side][figure] for r in rounds] for side in ("tlbench", "pillow")))
            for figure in ("seconds", "cpu_seconds"))
        yield Row(
            f"pack {COUNT:,} JPEGs of 500×375, {WORKERS} workers", "Pillow, one process",
            wall.ratios, at_least=2,
            detail=wall.rates(COUNT, "pictures/s") + f"; CPU {cpu.medians('s')}, "
            f"{median(cpu.ratios):.2f} ×",
            agreement=f"largest difference of a pixel: {data['difference']}",
            is_void=data["difference"] > SLACK)
