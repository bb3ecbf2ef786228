"""Writes the event file of a run with TensorBoard's own messages and record writer.

    python make_event_fixture.py    # writes run.tfevents beside this file

Needs tensorboard; the fixture was made with 2.21. EventFileTests compares the bytes with what
tlbench writes for the same run.
"""

from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.hparams import metadata, plugin_data_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

START = 1_700_000_000.25
HYPERPARAMETERS = {
    "architecture": "simple", "family": "fine-tuning", "rate/early": 1e-5, "rate/head": 1e-3,
    "rate/late": 1e-4, "rate/middle": 1e-4, "replicate": 2.0, "similarity": 1.0,
    "strategy": "fine-tuning", "task": "high", "train_size": 100.0}
# Seconds and scalars of each epoch; the second one has no held-out examples.
EPOCHS = [
    (0.5, {
        "train/loss": 1.5, "train/accuracy": 0.25, "train/head_rate": 1e-3,
        "validation/loss": 1.25, "validation/accuracy": 0.4}),
    (0.75, {"train/loss": 0.0, "train/accuracy": 1.0, "train/head_rate": 0.0})]
WALL_SECONDS = 2.5
EPOCH_COUNT = 300
END = {
    "test/accuracy": 0.875, "test/log_loss": 0.3, "cost/cpu_seconds": 2.25, "cost/flops": 1.2e12,
    "cost/peak_bytes": 123_456_789.0}


def scalars(values):
    return Summary(
        value=[Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()])


def session(tag, data):
    """A summary of the plugin hparams, as its own functions make it."""
    value = Summary.Value(tag=tag, metadata=metadata.create_summary_metadata(data))
    # The hyperparameters in the order of their names: that of a map is otherwise open.
    value.metadata.plugin_data.content = data.SerializeToString(deterministic=True)
    value.tensor.CopyFrom(metadata.NULL_TENSOR)
    return Summary(value=[value])


def main():
    start = plugin_data_pb2.SessionStartInfo(start_time_secs=START)
    for name, value in HYPERPARAMETERS.items():
        if isinstance(value, str):
            start.hparams[name].string_value = value
        else:
            start.hparams[name].number_value = value
    end = plugin_data_pb2.SessionEndInfo(
        status=1, end_time_secs=START + WALL_SECONDS)  # STATUS_SUCCESS
    events = [
        Event(wall_time=START, file_version="brain.Event:2"),
        Event(wall_time=START, summary=session(
            metadata.SESSION_START_INFO_TAG,
            plugin_data_pb2.HParamsPluginData(session_start_info=start)))]
    time = START
    for index, (seconds, values) in enumerate(EPOCHS):
        time += seconds
        events.append(Event(wall_time=time, step=index + 1, summary=scalars(values)))
    events.append(Event(
        wall_time=START + WALL_SECONDS, step=EPOCH_COUNT, summary=scalars(END)))
    events.append(Event(wall_time=START + WALL_SECONDS, summary=session(
        metadata.SESSION_END_INFO_TAG,
        plugin_data_pb2.HParamsPluginData(session_end_info=end))))
    with open(Path(__file__).with_name("run.tfevents"), "wb") as file:
        writer = RecordWriter(file)
        for event in events:
            writer.write(event.SerializeToString())
        writer.flush()


if __name__ == "__main__":
    main()
