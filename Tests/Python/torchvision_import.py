"""Imports torchvision, also if its own operators are built for another PyTorch.

    python torchvision_import.py SCRIPT [ARGUMENT...]    # runs a script after that
"""

import runpy
import sys

import torch

OPERATORS = (
    "nms qnms roi_align qroi_align _roi_align_backward ps_roi_align _ps_roi_align_backward "
    "roi_pool _roi_pool_backward ps_roi_pool _ps_roi_pool_backward deform_conv2d "
    "_deform_conv2d_backward")
libraries = []


def import_torchvision():
    """torchvision; no classifier needs its operators, but importing it does."""
    try:
        import torchvision
    except RuntimeError:
        for name in [name for name in sys.modules if name.startswith("torchvision.")]:
            del sys.modules[name]
        sys.modules.pop("torchvision", None)
        libraries.append(torch.library.Library("torchvision", "DEF"))
        for operator in OPERATORS.split():
            libraries[0].define(f"{operator}(Tensor x) -> Tensor")
        import torchvision
    return torchvision


if __name__ == "__main__":
    import_torchvision()
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")
