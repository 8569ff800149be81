"""Wrappers of two ports, admission control and the command bus, that count what passes through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.ports.admission import (
    Admission,
    AdmissionControl,
    CreditExhausted,
    KeyRefused,
)
from api.ports.commands import CommandBus
from commands.command import Command, Context
from commands.unit_of_work import CommandResult

if TYPE_CHECKING:
    from infra.telemetry.metrics import Metrics


class CountedAdmissionControl:
    """Admission control that counts its verdicts."""

    def __init__(self, admission_control: AdmissionControl, metrics: Metrics) -> None:
        self._admission_control, self._counts = admission_control, metrics.admissions

    def admit(self, key_hash: bytes, method: str, route: str, free: bool) -> Admission:
        try:
            admission = self._admission_control.admit(key_hash, method, route, free)
        except (KeyRefused, CreditExhausted) as refusal:
            self._counts[type(refusal)].inc()
            raise
        self._counts[None].inc()
        return admission


class CountedCommandBus:
    """A command bus that counts the events it appends."""

    def __init__(self, command_bus: CommandBus, metrics: Metrics) -> None:
        self._command_bus, self._events = command_bus, metrics.events

    def execute(self, command: Command, context: Context) -> CommandResult:
        result = self._command_bus.execute(command, context)
        self._events.inc(result.events)
        return result
