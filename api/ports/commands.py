"""The command bus: where commands are handled."""

from __future__ import annotations

from typing import Protocol

from api.ports.admission import Caller
from commands.command import Command, Context
from commands.unit_of_work import CommandResult


class CommandBus(Protocol):
    """Handles commands, each in a transaction of its own."""

    def execute(self, command: Command, context: Context, caller: Caller | None = None) -> CommandResult:
        """Handle the command and store its events. Raises DomainError when it is refused, and Unavailable.

        A caller who is not admitted yet is admitted in the same trip to the database; then it raises what
        `AdmissionControl.admit` raises. Without a caller, the command comes from a person who has signed in.
        """
