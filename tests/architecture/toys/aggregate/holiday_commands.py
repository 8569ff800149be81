"""Planning and cancelling holidays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

from domain.holiday import Holiday

from commands.command import Command
from commands.fields import Choice, Day, Text
from commands.unit_of_work import Handler, UnitOfWork
from domain.aggregate import Aggregate

_COMPUTED = frozenset({"id", "createdAt", "updatedAt", "version", "availableActions"})


class PlanHoliday(Command, frozen=True, kw_only=True):
    """Plan a holiday."""

    target: ClassVar[type[Aggregate]] = Holiday
    read_only: ClassVar[frozenset[str]] = _COMPUTED | {"status"}

    name: Annotated[str, Text(100)]
    day: Annotated[date, Day()]


class CancelHoliday(Command, frozen=True, kw_only=True):
    """Cancel a holiday."""

    target: ClassVar[type[Aggregate]] = Holiday
    read_only: ClassVar[frozenset[str]] = _COMPUTED | {"name", "day"}

    id: str
    status: Annotated[str, Choice(("cancelled",))]


def plan_holiday(command: PlanHoliday, uow: UnitOfWork) -> Holiday:
    holiday = Holiday.plan(uow.new_id(Holiday.id_prefix), at=uow.at, name=command.name, day=command.day)
    uow.save(holiday)
    return holiday


def cancel_holiday(command: CancelHoliday, uow: UnitOfWork) -> Holiday:
    holiday = uow.get(Holiday, command.id)
    uow.check_version(holiday)
    holiday.cancel(uow.at)
    uow.save(holiday)
    return holiday


HANDLERS: Mapping[type[Command], Handler[Any]] = {PlanHoliday: plan_holiday, CancelHoliday: cancel_holiday}
