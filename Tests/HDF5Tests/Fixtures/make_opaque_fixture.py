"""Writes opaque.h5: elements that HDF5 has no numbers for, as h5py stores those of other libraries.

Run with h5py 3 and numpy: python make_opaque_fixture.py
"""

import pathlib

import h5py
import numpy as np

with h5py.File(pathlib.Path(__file__).parent / "opaque.h5", "w") as file:
    file["two"] = np.frombuffer(bytes([1, 2, 3, 4, 5, 6]), "V2")
    file["number"] = np.array([1, 2], "i2")
