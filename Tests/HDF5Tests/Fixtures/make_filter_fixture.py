"""Makes filters.h5: chunks compressed with h5py's lzf, whole and damaged.

    python make_filter_fixture.py     (h5py 3.16, NumPy 2.4)

`lzf/NAME` is compressed, `plain/NAME` is the same. `damaged/NAME` has one chunk of 64 bytes whose
stream is wrong; `blosc` went through a filter that is not there.
"""

import struct
from pathlib import Path

import h5py
import numpy as np

random = np.random.default_rng(2)
SETS = {
    "zeros": np.zeros((40, 100), "u1"),
    # Repetitions that reach into themselves, and longer ones than a short length holds.
    "periods": np.tile(np.arange(7, dtype="u1"), (40, 20)),
    "text": np.frombuffer((b"the bits of the frozen layers " * 140)[:4000], "u1").reshape(40, 100),
    # Repetitions of what lies almost as far back as they reach.
    "far": np.tile(random.integers(0, 256, 5180), 2).astype("u1").reshape(28, 370),
    "noise": random.integers(0, 256, (40, 50)).astype("u1"),
    "floats": random.integers(0, 50, (40, 20)).astype("f8") / 4,
}

DAMAGED = {
    "cut-literals": bytes([31, 1, 2, 3]),
    "cut-reference": bytes([0, 1, 0x20]),
    "cut-length": bytes([0, 1, 0xE0]),
    "before-the-start": bytes([0, 1, 0x20, 5]) + bytes([31] + [0] * 32) * 2,
    "too-short": bytes([9] + [7] * 10),
    "too-long": bytes([0, 1]) + bytes([0xE0, 255, 0]),
}

# Chunks of these lengths; none else has them.
WRONG_SIZE = {"size-of-another": 66, "no-size": 65}


def create(file, name, filter, values, length=64):
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk((length,))
    properties.set_filter(filter, h5py.h5z.FLAG_OPTIONAL, values)
    space = h5py.h5s.create_simple((length,))
    links = h5py.h5p.create(h5py.h5p.LINK_CREATE)
    links.set_create_intermediate_group(True)
    return h5py.Dataset(
        h5py.h5d.create(file.id, name.encode(), h5py.h5t.STD_U8LE, space, properties, links))


with h5py.File("filters.h5", "w") as file:
    for name, values in SETS.items():
        plain = file.create_dataset(f"plain/{name}", data=values, compression="gzip")
        for kind, options in {
            "": {}, "-shuffled": {"shuffle": True}, "-checked": {"fletcher32": True},
        }.items():
            file.create_dataset(
                f"lzf/{name}{kind}", data=values, chunks=(27, values.shape[1]), compression="lzf",
                **options)
            if kind:
                file[f"plain/{name}{kind}"] = plain
    for name, stream in DAMAGED.items():
        create(file, f"damaged/{name}", 32000, (4, 261, 64)).id.write_direct_chunk((0,), stream)
    # h5py sets the size of the chunks itself, so these are changed in the finished file.
    whole = bytes([31] + [0] * 32) * 2
    for name, length in WRONG_SIZE.items():
        create(file, f"damaged/{name}", 32000, (4, 261), length).id.write_direct_chunk((0,), whole)
    create(file, "blosc", 32001, (2, 2, 1, 64))

# A size of another chunk, and none, make the library read beyond what is decoded.
content = bytearray(Path("filters.h5").read_bytes())


def replace(old, new):
    assert content.count(old) == 1, old
    position = content.index(old)
    content[position:position + len(new)] = new


values = {name: struct.pack("<3I", 4, 261, length) for name, length in WRONG_SIZE.items()}
replace(values["size-of-another"], struct.pack("<3I", 4, 261, 32))
# The filter: number, length of the name, flags, number of values, name, values.
head = struct.pack("<4H8s", 32000, 8, 1, 3, b"lzf")
replace(head + values["no-size"], struct.pack("<4H8s", 32000, 8, 1, 2, b"lzf"))
Path("filters.h5").write_bytes(content)
