"""Where the queries of callers are executed: on the primary, together with the admission."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from api.ports.admission import Caller
from infra.log.admission import PostgresAdmissionControl
from infra.postgres.outcome import Outcome
from infra.postgres.pool import Pool, borrow_wire
from infra.postgres.statements import Call

T = TypeVar("T")


class Queries:
    """Executes queries of callers on the primary."""

    def __init__(self, pool: Pool, admission_control: PostgresAdmissionControl) -> None:
        self._pool, self._admission_control = pool, admission_control

    def run(
        self,
        caller: Caller,
        calls: Sequence[Call],
        read: Callable[[Outcome], T],
        is_certain: Callable[[T], object] = bool,
        *,
        admits_last: bool = False,
    ) -> T:
        """Admit the caller if needed, execute the calls in one transaction, and return `read(outcome)`.

        If `admits_last` is true, the admission is in the same transaction, after the calls. The calls must not begin a
        transaction themselves, and must set PLAN_ONCE: with PLAN_BY_VALUE, the admission would be planned each time.

        The transaction must set the caller's organization. `is_certain` says of a result whether a standby may give
        it. By default it must not be empty, because an object that a standby does not have may exist. Raises the
        same errors as `PostgresAdmissionControl.send`.
        """
        send = self._admission_control.send_read if admits_last else self._admission_control.send
        with borrow_wire(self._pool) as wire:
            return read(send(wire, caller, calls))
