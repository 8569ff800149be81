"""Admission of requests: one statement, a call of the database function `admit`."""

from __future__ import annotations

from api.ports.admission import Admission, CreditExhausted, ExpiredKey, RevokedKey, UnknownKey
from infra.postgres.pool import Pool, borrow_connection

ADMIT = """
SELECT verdict, org, key, granted, quota, used, first_at, last_at, asked_at, readmitted_at
FROM admit(%s, %s, %s, %s)
"""
"""The verdict, and the fields of an Admission in their order."""
_REFUSALS = {"unknown": UnknownKey, "revoked": RevokedKey, "expired": ExpiredKey}


class PostgresAdmissionControl:
    """The AdmissionControl on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def admit(self, key_hash: bytes, method: str, route: str, free: bool) -> Admission:
        with borrow_connection(self._pool) as conn:
            row = conn.execute(ADMIT, (key_hash, method, route, free), binary=True).fetchone()
        assert row is not None
        verdict, *fields = row
        if verdict in _REFUSALS:
            raise _REFUSALS[verdict]
        admission = Admission(*fields)
        if verdict == "exhausted":
            raise CreditExhausted(admission)
        return admission
