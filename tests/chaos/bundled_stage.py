"""The service on a bundled PostgreSQL of its own, for one scenario."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.chaos.under_load import Place, on_bundled
from tests.support.bundled import Bundled
from tests.support.postgres import folder_for_servers

QUIET: dict[str, Any] = {"SMARTDHANDHA_ACCESS_LOG": "false"}


@contextmanager
def bundled_service(*options: str) -> Iterator[tuple[Bundled, Place]]:
    """Run the service with two server processes on new data, until the end of the block."""
    with folder_for_servers() as folder:
        bundled = Bundled(folder, "--workers", "2", *options, **QUIET)
        with bundled.service:
            yield bundled, on_bundled(bundled)
