"""TensorBoard reads what a sweep, a comparison and a training write for it.

Runs them with --tensorboard, reads the event files with TensorBoard's EventAccumulator, and compares
every number with the results file, in single precision, which event files have, or with the rounded
numbers of `train --format json`. A sweep that is killed and resumed must have one file for each run. With the
tool's path in TLBENCH:

    TLBENCH=.build/release/tlbench python check_tensorboard.py
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata

TLBENCH = os.environ["TLBENCH"]
WEIGHTS = Path(__file__).resolve().parents[2] / "Datasets" / "simple.weights.h5"
SWEEP = ["sweep", "--architecture", "simple", "--weights", WEIGHTS, "--sizes", "20,50",
         "--similarities", "low,0.9", "--replicates", "2", "--tasks", ".",
         "--strategies", "linear-probe,fine-tuning,from-scratch", "--output", "sweep.h5",
         "--tensorboard", "logs/sweep"]
# The tag of each variable of a results file.
EPOCHS = {
    "train/loss": "epoch_loss", "train/accuracy": "epoch_accuracy",
    "train/head_rate": "epoch_learning_rate", "validation/loss": "epoch_validation_loss",
    "validation/accuracy": "epoch_validation_accuracy"}
ENDS = {
    "test/accuracy": "accuracy", "test/log_loss": "log_loss", "cost/cpu_seconds": "cpu_seconds",
    "cost/flops": "flops", "cost/peak_bytes": "peak_bytes"}


def expect(condition, what):
    if not condition:
        sys.exit(f"check_tensorboard: {what}")


def tlbench(folder, *arguments):
    run = subprocess.run([TLBENCH, *map(str, arguments)], cwd=folder, capture_output=True,
                         text=True, timeout=600)
    expect(run.returncode == 0, f"{arguments}: exit code {run.returncode}\n{run.stderr}")
    return run.stdout


def event_files(folder):
    return sorted(Path(folder).rglob("*tfevents*"))


def read(folder):
    """The scalars of a run, by tag and step, and its hyperparameters."""
    expect(len(event_files(folder)) == 1, f"{folder} has one file")
    events = EventAccumulator(str(folder), size_guidance={"scalars": 0}).Reload()
    scalars = {tag: {event.step: event.value for event in events.Scalars(tag)}
               for tag in events.Tags()["scalars"]}
    times = [event.wall_time for event in events.Scalars("cost/flops")]
    expect(abs(times[0] - time.time()) < 3600, f"{folder}: the time of the end is now")
    content = events.SummaryMetadata(metadata.SESSION_START_INFO_TAG).plugin_data.content
    start = metadata.parse_session_start_info_plugin_data(content)
    content = events.SummaryMetadata(metadata.SESSION_END_INFO_TAG).plugin_data.content
    expect(metadata.parse_session_end_info_plugin_data(content).status == 1, "a success")
    hyperparameters = {name: getattr(value, value.WhichOneof("kind"))
                       for name, value in start.hparams.items()}
    return scalars, hyperparameters


def expect_scalars(scalars, epochs, ends, where, tolerance=0):
    """Compares a run with arrays by tag over epochs, NaN where nothing was measured, and numbers."""
    expected = {}
    for tag, values in epochs.items():
        known = {index + 1: value for index, value in enumerate(values) if not np.isnan(value)}
        if known:
            expected[tag] = known
    for tag, value in ends.items():
        expect(len(scalars.get(tag, [])) == 1, f"{where}: {tag} is measured once")
        expected[tag] = {step: value for step in scalars[tag]}
    steps, planned = ({tag: list(values) for tag, values in run.items()}
                      for run in (scalars, expected))
    expect(steps == planned, f"{where}: {steps}\ninstead of {planned}")
    for tag, values in expected.items():
        found = list(scalars[tag].values())
        numbers = np.array(list(values.values())).astype(np.float32)
        expect(np.allclose(found, numbers, tolerance, tolerance),
               f"{where}: {tag} is {found}\ninstead of {numbers}")


def expect_results(file, logs):
    """Compares the event files of a folder with a results file; returns the number of runs."""
    count = 0
    with h5py.File(file) as results:
        names = [value.decode() for value in results["similarity"][()]]
        strategies = [value.decode() for value in results["strategy"][()]]
        sizes = [int(value) for value in results["train_size"][()]]
        for place in np.ndindex(results["accuracy"].shape):
            if np.isnan(results["accuracy"][place]):
                continue
            count += 1
            similarity, size, strategy, replicate = (
                names[place[0]], sizes[place[1]], strategies[place[2]], place[3])
            folder = Path(logs) / similarity / f"n={size}" / strategy / f"r{replicate}"
            scalars, hyperparameters = read(folder)
            length = int(results["history_length"][place])
            expect_scalars(
                scalars, {tag: results[name][place][:length] for tag, name in EPOCHS.items()},
                {tag: results[name][place] for tag, name in ENDS.items()}, folder)
            for name, value in (("strategy", strategy), ("train_size", size),
                                ("replicate", replicate), ("task", similarity)):
                expect(hyperparameters[name] == value, f"{folder}: {name} is {value}")
    expect(len(event_files(logs)) == count, f"{logs} has {count} files")
    return count


def check_resumed_sweep(folder):
    """Kills a sweep after some runs and resumes it: no run is there twice, and none is missing."""
    process = subprocess.Popen(
        [TLBENCH, *map(str, SWEEP), "--progress-every", "0"], cwd=folder,
        stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    while process.poll() is None and len(event_files(f"{folder}/logs")) < 3:
        time.sleep(0.01)
    process.kill()
    process.wait()
    early = {path: path.read_bytes() for path in event_files(f"{folder}/logs")}
    expect(early, "files are written when runs are recorded")
    # It may have ended in the meantime.
    again = [] if os.path.exists(f"{folder}/sweep.h5.journal") else ["--overwrite"]
    tlbench(folder, *SWEEP, *again)
    count = expect_results(f"{folder}/sweep.h5", f"{folder}/logs/sweep")
    expect(count == 24, f"24 runs, and not {count}")
    kept = sum(path.read_bytes() == content for path, content in early.items())
    expect(again or kept == len(early), "resuming keeps the files of finished runs")


def write_images(path):
    random = np.random.default_rng(7)
    labels = np.arange(90) % 3
    pixels = random.integers(0, 60, (90, 16, 16, 1)).astype("uint8")
    for index, label in enumerate(labels):
        pixels[index, :, 5 * label : 5 * label + 5] += 150
    with h5py.File(path, "w") as file:
        file["images"] = pixels
        file["labels"] = labels


def check_training(folder, *options):
    logs = f"{folder}/logs/train{len(options)}"
    output = tlbench(
        folder, "train", "--weights", WEIGHTS, "--data", "mine.h5", "--strategy", "fine-tuning",
        "--epochs", "4", "--seed", "5", "--output", f"m{len(options)}.keras", "--format", "json",
        "--tensorboard", logs, *options)
    trained = json.loads(output)
    (file,) = event_files(logs)
    expect(file.parent.name == "r5", "the seed is the number of the run")
    scalars, hyperparameters = read(file.parent)
    names = {tag: name.removeprefix("epoch_") for tag, name in EPOCHS.items()}
    epochs = {tag: [np.nan if epoch[name] is None else epoch[name] for epoch in trained["history"]]
              for tag, name in names.items()}
    ends = {tag: trained[name] for tag, name in ENDS.items()
            if name in trained and trained[name] is not None}
    # JSON does not have it.
    ends["cost/peak_bytes"] = list(scalars["cost/peak_bytes"].values())[0]
    expect_scalars(scalars, epochs, ends, file, tolerance=1e-6)
    expect(("test/accuracy" in scalars) == (trained["test_examples"] is not None), "tested or not")
    expect(hyperparameters["train_size"] == trained["train_examples"], "the size of the training")


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_resumed_sweep(folder)
        write_images(f"{folder}/mine.h5")
        tlbench(folder, "compare", "--weights", WEIGHTS, "--data", "mine.h5", "--replicates", "2",
                "--strategies", "linear-probe,fine-tuning-tuned", "--output", "compare.h5",
                "--tensorboard", "logs/compare")
        expect(expect_results(f"{folder}/compare.h5", f"{folder}/logs/compare") > 0, "runs")
        check_training(folder)
        check_training(folder, "--test-share", "0")
    print("check_tensorboard: ok")


if __name__ == "__main__":
    main()
