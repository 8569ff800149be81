"""The port of the command bus, which runs commands."""

from __future__ import annotations

from typing import Protocol

from api.ports.admission import Caller
from commands.command import Command, Context
from commands.unit_of_work import CommandResult


class CommandBus(Protocol):
    """Runs each command in its own transaction."""

    def execute(self, command: Command, context: Context, caller: Caller | None = None) -> CommandResult:
        """Run the command and store its events. Raises DomainError when the command is refused, and Unavailable.

        A caller without an admission is admitted in the same round trip to the database. Then the method can also raise
        the errors of `AdmissionControl.admit`. `caller` is None for a command of a signed-in user.
        """
