"""Admission of requests: one statement, a call of the SQL function `admit`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import args_row

from api.ports.admission import Admission, CreditExhausted, ExpiredKey, RevokedKey, UnknownKey
from infra.postgres.pool import Pool, borrow_connection

_REFUSALS = {"unknown": UnknownKey, "revoked": RevokedKey, "expired": ExpiredKey}


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


ADMIT = f"SELECT {', '.join(AdmitRow._fields)} FROM admit(%s, %s, %s, %s)"
_admit_row = args_row(AdmitRow)


class PostgresAdmissionControl:
    """The AdmissionControl on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def admit(self, key_hash: bytes, method: str, route: str, free: bool) -> Admission:
        with borrow_connection(self._pool) as conn:
            cursor = conn.cursor(binary=True, row_factory=_admit_row)
            row = cursor.execute(ADMIT, (key_hash, method, route, free)).fetchone()
        assert row is not None
        if row.verdict in _REFUSALS:
            raise _REFUSALS[row.verdict]
        if row.verdict == "exhausted":
            raise CreditExhausted(row.admission())
        return row.admission()
