"""The project's folders and files as a reader sees them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "commands", "projections", "api", "infra")
_GENERATED = re.compile(r"__pycache__|\..*|.*\.egg-info")


def module_folders(root: Path = ROOT) -> list[Path]:
    """Return every folder of the rooms that holds Python modules, relative to the root."""
    modules = (path for room in ROOMS for path in (root / room).rglob("*.py"))
    return sorted({path.parent.relative_to(root) for path in modules})


def entries(folder: Path) -> list[str]:
    """Return the names in a folder: files and subfolders, without what Python and tools generate."""
    return sorted(path.name for path in folder.iterdir() if not _GENERATED.fullmatch(path.name))


def section(document: str, heading: str) -> str:
    """Return the text under a second-level heading of a Markdown document. Raises ValueError when there is none."""
    _, separator, after = document.partition(f"\n## {heading}\n")
    if not separator:
        raise ValueError(f"There is no section '{heading}'.")
    return after.partition("\n## ")[0]
