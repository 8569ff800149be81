"""The names of the processes of a service, which `ps -o comm` and `top` show."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

SERVER_NAME = "sd-server"
"""A process that handles requests."""
BACKGROUND_NAME = "sd-background"
"""The process of the background worker."""


def name_process(name: str) -> None:
    """Give this process a name of at most 15 characters. Do nothing on a system other than Linux."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name)
