"""Admission of requests: a call of the SQL function `admit`, alone or in one trip with a query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from api.ports.admission import (
    Admission,
    Caller,
    CreditExhausted,
    ExpiredKey,
    InsufficientScope,
    RevokedKey,
    UnknownKey,
)
from commands.unit_of_work import Unavailable
from infra.postgres.database import Row
from infra.postgres.pool import Pool, borrow_wire
from infra.postgres.statements import Call, statement

_REFUSALS = {"unknown": UnknownKey, "revoked": RevokedKey, "expired": ExpiredKey}
MAX_KEYS = 10_000
"""For how many keys a process remembers the organization. At this number, it forgets all of them and begins again."""


class AdmitRow(NamedTuple):
    """The row that `admit` returns, by the names of its columns.

    For an unknown key, all columns but `verdict` and `asked_at` are null.
    """

    verdict: str
    org: str
    key: str
    granted: Sequence[str]
    quota: int
    used: int
    first_at: datetime | None
    last_at: datetime | None
    readmitted_at: datetime | None
    asked_at: datetime

    def admission(self) -> Admission:
        """Return the Admission of a key that is known."""
        return Admission(
            org_id=self.org,
            key_id=self.key,
            scopes=self.granted,
            limit=self.quota,
            used=self.used,
            first_at=self.first_at,
            last_at=self.last_at,
            asked_at=self.asked_at,
            readmitted_at=self.readmitted_at,
        )


ADMIT = statement(f"SELECT {', '.join(AdmitRow._fields)} FROM admit($1, $2, $3, $4)", bytes, str, str, bool)
SET_ORGANIZATION = statement("SELECT set_config('app.org', $1, true)", str)


class PostgresAdmissionControl:
    """The port AdmissionControl, on a pool of connections. `on_verdict` is called with each verdict of `admit`."""

    def __init__(self, pool: Pool, on_verdict: Callable[[str], None] = lambda _: None) -> None:
        self._pool, self._on_verdict = pool, on_verdict
        self._organizations: dict[bytes, str] = {}

    def expected_org_id(self, key_hash: bytes) -> str | None:
        return self._organizations.get(key_hash)

    def admit(self, caller: Caller) -> None:
        caller.is_asked = True
        with borrow_wire(self._pool, caller.deadline) as wire:
            row = AdmitRow(*wire.send(caller.deadline, [_admit(caller)])[0].rows()[0])
        self._decide(caller, row)

    def query(self, caller: Caller, call: Call) -> list[Row]:
        """Return the rows of a query on the caller's organization. The caller's admission is sent in the same trip.

        A caller who is already admitted is not admitted again. Raises the same errors as `admit`.
        """
        org_id, asks = caller.org_id, not caller.is_asked
        caller.is_asked = True
        query = [SET_ORGANIZATION.call(org_id), call]
        with borrow_wire(self._pool, caller.deadline) as wire:
            if not asks:
                return wire.send(caller.deadline, query)[0].rows()
            admitted, found = wire.send(caller.deadline, [_admit(caller)], query)
            self._decide(caller, AdmitRow(*admitted.rows()[0]))
            if caller.org_id != org_id:
                raise Unavailable("the key belongs to another organization than before")
            return found.rows()

    def _decide(self, caller: Caller, row: AdmitRow) -> None:
        """Store the caller's admission, or raise the refusal for this verdict."""
        self._on_verdict(row.verdict)
        if row.verdict in _REFUSALS:
            raise _REFUSALS[row.verdict]
        caller.admission = admission = row.admission()
        if row.verdict == "exhausted":
            raise CreditExhausted(admission)
        self._remember(caller.key_hash, row.org)
        if caller.scope is not None and caller.scope not in admission.scopes:
            raise InsufficientScope(caller.scope, admission.scopes)

    def _remember(self, key_hash: bytes, org_id: str) -> None:
        if len(self._organizations) >= MAX_KEYS:
            self._organizations.clear()
        self._organizations[key_hash] = org_id


def _admit(caller: Caller) -> Call:
    return ADMIT.call(caller.key_hash, caller.method, caller.route, caller.free)
