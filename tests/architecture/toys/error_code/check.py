"""The rule refuses with its own code, status and message."""

from datetime import date

import pytest

from api.http.errors.table import api_error_of
from commands.dispatch import handle
from commands.leave import UpdateLeave
from commands.memory import InMemoryUnitOfWork
from domain.errors.leave import LeaveIsOver
from tests.support.sample_commands import AT, request_leave


def test_the_refusal_has_its_code():
    uow = InMemoryUnitOfWork(AT)
    leave = handle(request_leave(start_date=date(2025, 2, 3), end_date=date(2025, 2, 4)), uow)

    with pytest.raises(LeaveIsOver) as refused:
        handle(UpdateLeave(id=leave.id, status="denied"), uow)

    failure = api_error_of(refused.value)
    assert (failure.status, failure.code) == (409, "leave_is_over")
    assert failure.message == "The leave is over; it can no longer be denied."
