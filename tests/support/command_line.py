"""Runs commands of `smartdhandha`: quickly in this process, or in a separate process."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from unittest.mock import patch

from click.testing import CliRunner
from cryptography.fernet import Fernet

from infra.cli import main
from tests.support import fork_server

KEY = Fernet.generate_key().decode()
"""The key with which secrets of webhooks are encrypted."""
COMMAND = fork_server.COMMAND
"""The beginning of each command line of `smartdhandha`."""


class CommandResult(NamedTuple):
    """The exit status of a command, and what it wrote to each stream."""

    status: int
    out: str
    err: str


def environment(**changes: str) -> dict[str, str]:
    """Return the environment of this process, without its settings of the service and with these variables.

    A service runs no sender of webhooks, a further process, unless `changes` ask for one. It has a key for secrets.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SMARTDHANDHA_", "DATABASE_URL"))}
    return {**kept, "SMARTDHANDHA_SENDERS": "0", "SMARTDHANDHA_SECRET_KEY": KEY, **changes}


def run(*arguments: str, env: dict[str, str], status: int = 0) -> CommandResult:
    """Run a command in this process. It must end with the exit status `status`.

    The command must not be one that serves or handles signals.
    """
    with (
        patch.dict(os.environ, env, clear=True),
        patch.object(sys, "argv", ["smartdhandha", *arguments]),
        _own_log(),
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


def without_log(written: str) -> str:
    """Return what was written to standard error, without the lines of the program log."""
    return "".join(line for line in written.splitlines(keepends=True) if not line.startswith("{"))


@contextmanager
def _own_log() -> Iterator[None]:
    """Run the block. Afterwards, the log of this process is written to where it was before."""
    loggers = [logging.getLogger(), logging.getLogger("smartdhandha")]
    kept = [(logger, logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    try:
        yield
    finally:
        for logger, handlers, level, propagate in kept:
            logger.handlers[:], logger.propagate = handlers, propagate
            logger.setLevel(level)


def _status(code: str | int | None) -> int:
    assert not isinstance(code, str), code
    return code or 0


def run_process(
    *arguments: str, env: dict[str, str], status: int = 0, command: Sequence[str] = COMMAND
) -> CommandResult:
    """Run a command in a separate process, which may be a fork. It must end with the exit status `status`."""
    process = fork_server.run_command([*command, *arguments], env, timeout=60)
    result = CommandResult(process.returncode, process.stdout, process.stderr)
    assert result.status == status, result
    return result
