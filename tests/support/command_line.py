"""The command line: run in this process where only its answer matters, and as a process where that matters."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple
from unittest.mock import patch

from click.testing import CliRunner

from infra.cli import main

COMMAND = [sys.executable, "-c", "from infra.cli import main; main()"]


class CommandResult(NamedTuple):
    """The exit status of a command, and what it wrote to each stream."""

    status: int
    out: str
    err: str


def environment(**changes: str) -> dict[str, str]:
    """Return this machine's environment without settings of the product, and with these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SMARTDHANDHA_", "DATABASE_URL"))}
    return {**kept, **changes}


def run(*arguments: str, env: dict[str, str], status: int = 0) -> CommandResult:
    """Run the console command in this process; it must end with this status. It must not serve or set signals."""
    with (
        patch.dict(os.environ, env, clear=True),
        patch.object(sys, "argv", ["smartdhandha", *arguments]),
        CliRunner().isolation() as (out, err, _),
    ):
        code: str | int | None = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        result = CommandResult(_status(code), out.getvalue().decode(), err.getvalue().decode())
    assert result.status == status, result
    return result


def _status(code: str | int | None) -> int:
    assert not isinstance(code, str), code
    return code or 0


def run_process(
    *arguments: str, env: dict[str, str], status: int = 0, command: Sequence[str] = COMMAND
) -> CommandResult:
    """Run the console command as a process; it must end with this status."""
    process = subprocess.run([*command, *arguments], env=env, capture_output=True, text=True, timeout=60, check=False)
    result = CommandResult(process.returncode, process.stdout, process.stderr)
    assert result.status == status, result
    return result
