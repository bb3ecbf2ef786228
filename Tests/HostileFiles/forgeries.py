"""Writes files that refer to other files, declare content that they do not have or, as pickles, ask
Python to run a program.

    python forgeries.py FOLDER

Prints a line of JSON for each: its path, and the words of which a refusal must contain one; none if
the file may also be read.
"""

import json
import os
import pickle
import sys
import zipfile
import zlib
from pathlib import Path

import h5py
import numpy as np

# A file that every system has, and that is none of tlbench's business.
SYSTEM_FILE = "/etc/passwd"
ELSEWHERE = ["other files", "another file", "virtual", "leads nowhere", "none of tlbench's",
             "there is no"]
ABSURD = ["more than one read", "stores only", "bytes", "does not fit", "no image is that large"]
NOTHING = ["there is no", "no images", "processor time"]


class Call:
    """An object whose pickle makes Python call a function."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


class Forgeries:
    def __init__(self, folder):
        self.folder = folder

    def task(self, name, words, tests=True):
        """A task but for its /train/x."""
        path = self.folder / f"{name}.h5"
        print(json.dumps({"path": str(path), "words": words}))
        file = h5py.File(path, "w", libver=("v110", "v110"))
        if tests:
            file["test/x"] = np.zeros((4, 2, 2, 1), "u1")
            file["test/y"] = np.arange(4) % 2
        file["train/y"] = np.arange(4) % 2
        return file

    def references(self):
        with self.task("external-storage", ELSEWHERE) as file:
            file.create_dataset("train/x", (4, 2, 2, 1), "u1", external=[(SYSTEM_FILE, 0, 16)])
        with self.task("external-link", ELSEWHERE) as file:
            file["train/x"] = h5py.ExternalLink(SYSTEM_FILE, "/train/x")
        with self.task("external-group", ELSEWHERE) as file:
            del file["train"]
            file["train"] = h5py.ExternalLink("external-storage.h5", "/train")
        with self.task("soft-link-to-external", ELSEWHERE) as file:
            file["there"] = h5py.ExternalLink("external-storage.h5", "/test/x")
            file["train/x"] = h5py.SoftLink("/there")
        with self.task("virtual-dataset", ELSEWHERE) as file:
            layout = h5py.VirtualLayout((4, 2, 2, 1), "u1")
            layout[:] = h5py.VirtualSource("external-storage.h5", "/test/x", (4, 2, 2, 1))
            file.create_virtual_dataset("train/x", layout)
        with self.task("soft-link-loop", ELSEWHERE) as file:
            file["a"] = h5py.SoftLink("/b")
            file["b"] = h5py.SoftLink("/a")
            file["train/x"] = h5py.SoftLink("/a")

    def sizes(self):
        with self.task("never-written", ABSURD, tests=False) as file:
            file.create_dataset("train/x", (4, 1 << 15, 1 << 15, 1), "u1", chunks=(1, 256, 256, 1))
        with self.task("overflow", ABSURD, tests=False) as file:
            file.create_dataset("train/x", (4, 1 << 31, 1 << 31, 1 << 10), "u1",
                                chunks=(1, 1, 1 << 10, 1))
        with self.task("sparse", ABSURD + ["memory"], tests=False) as file:
            # 64 GiB in a file that takes kilobytes on the disk.
            file.create_dataset("train/x", (4, 1 << 17, 1 << 17, 1), "u1")[-1, -1, -1] = 1
        for mebibytes in (200, 1000, 4000):
            self.bomb(mebibytes)
        with self.task("unknown-filter", ["not part of HDF5"]) as file:
            properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            properties.set_chunk((4, 32, 32, 1))
            properties.set_filter(32001, h5py.h5z.FLAG_OPTIONAL, (2, 2, 1, 4096))
            space = h5py.h5s.create_simple((4, 32, 32, 1))
            h5py.h5d.create(
                file.require_group("train").id, b"x", h5py.h5t.STD_U8LE, space, properties)

    def bomb(self, mebibytes):
        """One chunk of zeros, a thousand times smaller in the file; small ones may be read."""
        words = ABSURD + ["memory"] if mebibytes > 256 else []
        with self.task(f"bomb-{mebibytes}-mib", words, tests=False) as file:
            shape = (4, mebibytes << 8, 1 << 10, 1)
            dataset = file.create_dataset("train/x", shape, "u1", chunks=shape, compression="gzip")
            packer = zlib.compressobj(9)
            packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(mebibytes))
            dataset.id.write_direct_chunk((0, 0, 0, 0), packed + packer.flush())

    def depths(self):
        with self.task("deep", NOTHING) as file:
            group = file["train"]
            for _ in range(3000):
                group = group.create_group("g")
        with self.task("loop", NOTHING) as file:
            file["train/train"] = file["/"]
        with self.task("many-links", ["100000 links"]) as file:
            for index in range(120_000):
                file["train"][f"{index}"] = h5py.SoftLink("/test/x")
        with self.task("long-text", []) as file:
            file["train/x"] = np.zeros((4, 2, 2, 1), "u1")
            file.attrs.create("class_names", ["x" * (100 << 20)] * 2, dtype=h5py.string_dtype())

    def pickles(self):
        run = f"touch {self.folder / 'ran'}"
        for protocol in (2, 4):
            self.pickle(f"system-{protocol}", {"a.weight": Call(os.system, run)}, protocol,
                        ["'posix.system'"])
            self.pickle(f"eval-{protocol}", {"a": Call(eval, f"__import__('os').system('{run}')")},
                        protocol, ["eval'"])
        self.pickle("bytes", {"a.weight": b"text"}, 2, ["'_codecs.encode'"])
        deep = []
        for _ in range(400):
            deep = [deep, {"a": deep}]
        self.pickle("shared", {"state_dict": deep}, 2, ["no tensors"])
        itself = {}
        itself["state_dict"] = itself
        self.pickle("itself", itself, 4, ["no tensors"])

    def pickle(self, name, value, protocol, words):
        path = self.folder / f"{name}.pth"
        with zipfile.ZipFile(path, "w") as file:
            file.writestr(f"{name}/data.pkl", pickle.dumps(value, protocol))
        print(json.dumps({"path": str(path), "words": words}))


if __name__ == "__main__":
    forgeries = Forgeries(Path(sys.argv[1]))
    forgeries.references()
    forgeries.sizes()
    forgeries.depths()
    forgeries.pickles()
