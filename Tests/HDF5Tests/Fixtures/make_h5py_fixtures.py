"""Writes h5py.h5 and v110.h5: what h5py makes of every kind of element that the tests read.

Run with h5py 3 and numpy: python make_h5py_fixtures.py
"""

import pathlib

import h5py
import numpy as np

here = pathlib.Path(__file__).parent


def fill(file):
    values = np.array([[0, 1, 2], [3, 4, 120]])
    for kind in "i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8 >i2 >u4 >f4 >f8".split():
        name = kind.replace(">", "big-endian-")
        file.create_dataset(f"numbers/{name}", data=values.astype(kind))
    file["numbers/extremes-u8"] = np.array([0, 2**64 - 1], "u8")
    file["numbers/extremes-i8"] = np.array([-(2**63), 2**63 - 1], "i8")
    file["numbers/bool"] = np.array([True, False, True])
    file["numbers/scalar"] = np.float64(2.5)
    file["numbers/no-rows"] = np.zeros((0, 3), "f4")
    file["numbers/null"] = h5py.Empty("f4")

    images = np.arange(10 * 4 * 4, dtype="u1").reshape(10, 4, 4)
    file.create_dataset(
        "chunked/gzip", data=images, chunks=(3, 4, 4), compression="gzip", shuffle=True,
        fletcher32=True)
    # Chunks that do not shrink would be stored unfiltered.
    file.create_dataset("chunked/lzf", data=images * 0, chunks=(5, 4, 4), compression="lzf")

    file["strings/variable"] = ["low", "größe", ""]
    file["strings/fixed"] = np.array([b"cat", b"horse", b""])
    file["strings/fixed-utf8"] = np.array(
        ["größe".encode(), b"x"], dtype=h5py.string_dtype("utf-8", 8))
    spaces = h5py.h5t.C_S1.copy()
    spaces.set_size(6)
    spaces.set_strpad(h5py.h5t.STR_SPACEPAD)
    extent = h5py.h5s.create_simple((2,))
    padded = h5py.h5d.create(file["strings"].id, b"space-padded", spaces, extent)
    padded.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([b"ab    ", b"c d   "]), spaces)
    file["strings/scalar"] = "one text"

    file["other/compound"] = np.zeros(2, [("a", "i4"), ("b", "f4")])
    file["other/opaque"] = np.zeros(2, "V2")

    root = file.attrs
    root["text"] = "größe"
    root["empty"] = ""
    root["bytes"] = np.bytes_(b"fixed")
    root["texts"] = ["conv2d", "dense"]
    root["fixed-texts"] = np.array([b"conv2d", b"dense"])
    root["no-texts"] = np.zeros((0,), "f8")
    root["number"] = 0.25
    root["numbers"] = np.array([1, 2, 3], "i2")
    root["flag"] = True

    file["links/hard"] = file["numbers/i1"]
    file["links/soft"] = h5py.SoftLink("/numbers/i1")
    file["links/dangling"] = h5py.SoftLink("/nowhere")
    file["links/external"] = h5py.ExternalLink("v110.h5", "/numbers/i1")
    file["links/soft-to-external"] = h5py.SoftLink("/links/external")
    file.create_dataset(
        "elsewhere/external-storage", (4,), "u1", external=[("make_h5py_fixtures.py", 0, 4)])
    # Headers that promise more than the file holds.
    file.create_dataset("forged/never-written", (1 << 33,), "u1", chunks=(1 << 16,))
    file.create_dataset("forged/overflow", (1 << 40, 1 << 40), "f8", chunks=(1, 1 << 10))
    file.create_dataset("forged/small", (7,), "f4", chunks=(7,), fillvalue=1.5)

    scale = file.create_dataset("scales/size", data=np.array([100, 1000, 10000]))
    scale.make_scale("size")
    named = file.create_dataset("scales/accuracy", data=np.zeros((2, 3)))
    named.dims[1].attach_scale(scale)


with h5py.File(here / "h5py.h5", "w", libver=("earliest", "v108")) as file:
    fill(file)
with h5py.File(here / "v110.h5", "w", libver=("v110", "v110"), track_order=True) as file:
    fill(file)
    layout = h5py.VirtualLayout((2, 3), "i1")
    layout[:] = h5py.VirtualSource("h5py.h5", "/numbers/i1", (2, 3))
    file.create_virtual_dataset("elsewhere/virtual", layout)
