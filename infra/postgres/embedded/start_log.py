"""Reads the server's output and logs, to find the reason why the server could not start."""

import re
from pathlib import Path

_ERROR = re.compile(r"(?:FATAL|PANIC):\s+(.+)")
_TO_CLIENTS = ("terminating connection", "the database system is", "connection to client lost")
"""The beginnings of messages about refused or ended connections. They do not explain why a server cannot start."""


class StartLog:
    """The file that receives the server's output until the server opens its own log, which is in the same folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / "start.log"

    def clear(self) -> None:
        """Delete the output of an earlier start."""
        self._path.unlink(missing_ok=True)

    @property
    def text(self) -> str:
        """The output of the last start; empty if there is no file."""
        return _text(self._path)

    def reason(self) -> str:
        """Return PostgreSQL's last error message, from its own log or from its output before it opened that log."""
        logs = [self._path]
        if "redirecting log output" in self.text:
            logs += sorted(self._folder.glob("postgresql-*.log"), key=_age)
        for log in logs:
            said = [line for line in _ERROR.findall(_text(log)) if not line.startswith(_TO_CLIENTS)]
            if said:
                return f"{said[-1].strip().rstrip('.')}."
        output = self.text.strip().splitlines() or [f"see {self._folder}"]
        return f"{output[-1].strip().rstrip('.')}."


def _text(log: Path) -> str:
    return log.read_text(errors="replace") if log.exists() else ""


def _age(path: Path) -> float:
    return -path.stat().st_mtime
