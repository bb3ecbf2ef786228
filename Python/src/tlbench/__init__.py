"""tlbench in Python: labelled sets, networks of PyTorch, and the program itself.

    import tlbench

    pictures = tlbench.image_folder("photos/", 96)
    pictures.write("data.h5")
    tlbench.export_torch(model, "net.h5", (3, 96, 96), preprocess="torch")
    results = tlbench.compare("net.h5", "data.h5", budget="5m")
    tlbench.report(results)
    tlbench.advise("net.h5", "data.h5", budget="5m").strategy

Only NumPy and h5py are always needed. Pillow, xarray, pandas and PyTorch are imported by the
functions that use them, which say what to install if one is missing.
"""

from .advice import Advice, advise
from .commands import compare, predict, sweep
from .datasets import write_dataset
from .errors import BrokenPictures, NotExported, TlbenchError
from .pages import Report, report
from .pictures import Pictures, image_folder
from .program import find_program, run
from .tokens import token_dataset
from .torch_export import Exported, export_torch

__version__ = "0.1.0"

__all__ = [
    "Advice", "BrokenPictures", "Exported", "NotExported", "Pictures", "Report", "TlbenchError",
    "advise", "compare", "export_torch", "find_program", "image_folder", "predict", "report",
    "run", "sweep", "token_dataset", "write_dataset",
]
