"""`/clock`: the time of the service."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

import falcon
import msgspec

from api.http.envelope import success_of
from api.http.parameters import refuse_parameters
from api.http.request import Request
from api.operation import Operation, OperationKind, ResponseType
from domain.calendar import instant


class ClockTime(msgspec.Struct, frozen=True):
    """The time of the service."""

    now: str


class Clock:
    """`GET` returns the time of the service; free of charge."""

    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            id="getClock",
            tag="Account",
            kind=OperationKind.REPORT,
            response=ResponseType("ClockTime", (ClockTime,)),
            envelope="ClockAnswer",
            free=True,
        )
    }

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        refuse_parameters(req)
        resp.data = success_of(ClockTime(instant(datetime.now(UTC))))
