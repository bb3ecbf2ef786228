"""What several tests share. The tests that run the program need its path in TLBENCH."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))


@pytest.fixture
def program() -> Path:
    """The built program."""
    path = os.environ.get("TLBENCH")
    if not path:
        pytest.skip("TLBENCH does not name the built program")
    return Path(path)
