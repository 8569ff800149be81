"""A command bus that counts events for the metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.ports.admission import Caller
from api.ports.commands import CommandBus
from commands.command import Command, Context
from commands.unit_of_work import CommandResult

if TYPE_CHECKING:
    from infra.telemetry.metrics import Metrics


class CountedCommandBus:
    """Passes commands on to another command bus, and counts the events that their execution appends."""

    def __init__(self, command_bus: CommandBus, metrics: Metrics) -> None:
        self._command_bus, self._events = command_bus, metrics.events

    def execute(self, command: Command, context: Context, caller: Caller | None = None) -> CommandResult:
        result = self._command_bus.execute(command, context, caller)
        self._events.inc(result.events)
        return result
