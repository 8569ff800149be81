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
    ) -> T:
        """Admit the caller if needed, execute the calls in one transaction, and return `read(outcome)`.

        The transaction must set the caller's organization. `is_certain` says of a result whether a standby may give
        it. By default it must not be empty, because an object that a standby does not have may exist. Raises the
        same errors as `PostgresAdmissionControl.send`.
        """
        with borrow_wire(self._pool) as wire:
            return read(self._admission_control.send(wire, caller, calls))
