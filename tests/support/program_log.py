"""The program log of a service, read from the file to which its standard error goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx


class ProgramLog:
    """The lines of a program log."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def text(self) -> str:
        return self.path.read_text()

    def lines(self, logger: str = "") -> list[dict[str, Any]]:
        """Return all lines, or only the lines of one logger."""
        lines = [json.loads(line) for line in self.text().splitlines()]
        return [line for line in lines if logger in ("", line["logger"])]

    def requests(self) -> list[dict[str, Any]]:
        return self.lines("smartdhandha.access")

    def of(self, response: httpx.Response) -> dict[str, Any]:
        """Return the line of the request with this response."""
        return self.of_request(response.headers["X-Request-Id"])

    def of_request(self, request_id: str) -> dict[str, Any]:
        (line,) = (line for line in self.requests() if line["requestId"] == request_id)
        return line
