"""The ports of what changes logs: the command bus, which runs commands; and what only test logs have."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple, Protocol

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


class LogClock(NamedTuple):
    """The clock of a test log."""

    now: datetime
    today: date
    """The day in the organization's time zone."""
    ahead: float
    """How many seconds the clock is ahead of the service's own; 0 if it was not moved."""
    position: int
    """The position of the last event in the log."""


class TestLogs(Protocol):
    """The logs of test organizations. Each method can raise Unavailable."""

    def get_clock(self, org_id: str) -> LogClock:
        """Return the clock of the test log."""

    def move_clock(self, org_id: str, to: datetime) -> LogClock:
        """Move the clock forwards. Raises Invalid for a time that is not later than the clock."""

    def empty(self, context: Context) -> LogClock:
        """Empty the log, and put its clock right. Only the organization's active keys are in it again."""
