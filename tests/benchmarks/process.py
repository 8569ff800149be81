"""What a server process needs: its memory after many requests, and the time until a new service answers."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from infra.settings import default_data
from tests.support.service import Service

MEBIBYTE = 1024 * 1024
REQUESTS = 100_000
"""How many requests a service has answered before its memory is measured."""


def memory(python: int) -> dict[str, float]:
    """Return the resident memory, in MiB, of the largest server process below this process."""
    sizes = [child.memory_info().rss for child in psutil.Process(python).children()]
    return {"rate": round(max(sizes) / MEBIBYTE, 1)}


def start(data: Path) -> dict[str, float]:
    """Return the seconds from the start of a service with the bundled PostgreSQL to its first response."""
    began = time.monotonic()
    with Service(None, SMARTDHANDHA_DATA=str(data), SMARTDHANDHA_LOG_LEVEL="warning") as service:
        httpx.get(f"{service.url}/healthz", trust_env=False).raise_for_status()
        return {"rate": round(time.monotonic() - began, 2)}


@contextmanager
def data_folder() -> Iterator[Path]:
    """Make a folder for a bundled PostgreSQL beside the program's own data, so that it uses the same disk."""
    parent = default_data()
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-start-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
