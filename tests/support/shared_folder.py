"""The folder that all workers of pytest-xdist share: it holds what each of them would make anew."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "PYTEST_PREPARED_FOLDER"
"""The variable with the path of the folder."""


def shared_folder() -> Path | None:
    """Return the folder; None without pytest-xdist."""
    path = os.environ.get(VARIABLE)
    return None if path is None else Path(path)
