"""Where commands are handled."""

from __future__ import annotations

from typing import Protocol

from commands.command import Command, Context
from commands.unit_of_work import CommandResult


class CommandBus(Protocol):
    """Where commands are handled."""

    def execute(self, command: Command, context: Context) -> CommandResult:
        """Handle it; raises a DomainError when it is refused."""
