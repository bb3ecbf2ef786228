"""Networks of PyTorch as models in HDF5 that tlbench and Keras open."""

from .export import Exported, export_torch

__all__ = ["Exported", "export_torch"]
