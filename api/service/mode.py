"""The resources `/test/clock` and `/test/reset`, which only test mode has."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar

import falcon
import msgspec

from api.http.address import ClientOf
from api.http.body import parse_body, refuse_body
from api.http.command_context import naming_sender
from api.http.envelope import success_of
from api.http.parameters import refuse_parameters
from api.http.request import Request
from api.operation import Operation, OperationKind, ResponseType
from api.ports.commands import LogClock
from api.ports.dependencies import Dependencies
from commands.command import Actor, Context
from commands.fields.others import Instant
from domain.accounts.mode import is_live
from domain.calendar import Timestamp, instant
from domain.errors import LiveMode
from domain.registry import SCOPES

WRITE_SCOPES = tuple(scope for scope in SCOPES if scope.endswith(":write"))
"""A key needs one of these scopes to change the test log, so a key that only reads leaves it as it is."""


class MoveClock(msgspec.Struct, rename="camel", kw_only=True):
    """Move the clock of the test log forwards."""

    now: Annotated[datetime, Instant()]


class TestLog(msgspec.Struct, frozen=True, rename="camel"):
    """The test log and its clock."""

    now: Timestamp
    today: str
    ahead_seconds: float
    position: int


def _operation(id: str, **options: Any) -> Operation:
    return Operation(
        id=id,
        tag="Test mode",
        kind=OperationKind.REPORT,
        response=ResponseType("TestLog", (TestLog,)),
        envelope="TestLogAnswer",
        refusals=(LiveMode,),
        **options,
    )


class _TestMode:
    """The base of the resources that only test mode has."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._logs = dependencies.test_logs

    def log_of(self, req: Request) -> str:
        """Return the organization of the test log. Raises LiveMode for a key of live mode."""
        org_id = req.context.required_admission.org_id
        if is_live(org_id):
            raise LiveMode
        return org_id


class TestClock(_TestMode):
    """The resource `/test/clock`. `GET` shows the clock of the test log, and `POST` moves it forwards."""

    operations: ClassVar[dict[str, Operation]] = {
        "GET": _operation("getTestClock", free=True),
        "POST": _operation("moveTestClock", body=MoveClock, any_scope=WRITE_SCOPES),
    }

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        refuse_parameters(req)
        resp.data = _answer(self._logs.get_clock(self.log_of(req)))

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        refuse_parameters(req)
        org_id = self.log_of(req)
        resp.data = _answer(self._logs.move_clock(org_id, parse_body(req, MoveClock).now))


class TestReset(_TestMode):
    """The resource `/test/reset`. `POST` begins a new test log with nothing but the active keys."""

    operations: ClassVar[dict[str, Operation]] = {"POST": _operation("resetTestMode", any_scope=WRITE_SCOPES)}

    def __init__(self, dependencies: Dependencies, client: ClientOf) -> None:
        super().__init__(dependencies)
        self._client = client

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        refuse_parameters(req)
        org_id = self.log_of(req)
        refuse_body(req)
        actor = Actor("api_key", req.context.required_admission.key_id)
        context = Context(org_id=org_id, actor=actor, request_id=req.context.request_id)
        resp.data = _answer(self._logs.empty(naming_sender(context, self._client(req))))


def _answer(clock: LogClock) -> bytes:
    return success_of(TestLog(instant(clock.now), clock.today.isoformat(), clock.ahead, clock.position))
