"""The unit of work in memory: what a handler saves can be loaded again; ids, numbers and times are the given ones."""

from datetime import UTC, datetime, timedelta

import pytest

from commands.command import Command
from commands.dispatch import handle
from commands.leave import UpdateLeave
from commands.memory import InMemoryUnitOfWork
from domain.errors import NotFound, StaleVersion
from domain.invoice import Invoice
from domain.leave import Leave
from tests.support.sample_commands import AT, request_leave


def test_what_was_saved_is_loaded_from_its_events():
    uow = InMemoryUnitOfWork(AT)
    leave = handle(request_leave(), uow)
    loaded = uow.get(Leave, leave.id)
    assert loaded is not leave
    assert (loaded.version, loaded.status, loaded.modified_on) == (1, "pending", AT)


def test_an_unknown_id_is_not_found():
    with pytest.raises(NotFound):
        InMemoryUnitOfWork(AT).get(Leave, "leave_1")


def test_an_id_of_another_kind_is_not_found():
    uow = InMemoryUnitOfWork(AT)
    leave = handle(request_leave(), uow)
    with pytest.raises(NotFound):
        uow.get(Invoice, leave.id)


def test_ids_count_up_unless_they_are_given():
    assert [InMemoryUnitOfWork(AT).new_id("inv"), InMemoryUnitOfWork(AT, new_id="{}_x".format).new_id("inv")] == [
        "inv_1",
        "inv_x",
    ]


def test_numbers_are_given_out_in_order_and_never_made_up():
    uow = InMemoryUnitOfWork(AT, numbers=("INV-1", "INV-2"))
    assert [uow.next_number(), uow.next_number()] == ["INV-1", "INV-2"]
    with pytest.raises(LookupError):
        uow.next_number()


def test_today_is_the_day_of_the_time_zone_and_moves_with_the_clock():
    uow = InMemoryUnitOfWork(datetime(2026, 1, 20, 18, 29, tzinfo=UTC))
    assert uow.today.isoformat() == "2026-01-20"
    uow.at += timedelta(minutes=1)
    assert uow.today.isoformat() == "2026-01-21"


@pytest.mark.parametrize(
    ("if_match", "is_refused"), [(None, False), ({1}, False), ({2, 1}, False), ({2}, True), ((), True)]
)
def test_a_change_is_refused_when_the_expected_version_is_not_the_current_one(if_match, is_refused):
    uow = InMemoryUnitOfWork(AT, if_match=None if if_match is None else frozenset(if_match))
    leave = handle(request_leave(), uow)
    command: Command = UpdateLeave(id=leave.id, status="approved")
    if is_refused:
        with pytest.raises(StaleVersion):
            handle(command, uow)
        assert len(uow.events) == 1
    else:
        assert handle(command, uow).version == 2
