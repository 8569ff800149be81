"""The command bus: where commands are handled."""

from __future__ import annotations

from typing import Protocol

from commands.command import Command, Context
from commands.unit_of_work import CommandResult


class CommandBus(Protocol):
    """Handles commands, each in a transaction of its own."""

    def execute(self, command: Command, context: Context) -> CommandResult:
        """Handle the command and store its events. Raises DomainError when it is refused, and Unavailable."""
