"""Admission through the server function `admit`: one round trip, one statement."""

from __future__ import annotations

from api.ports.admission import Admission, CreditExhausted, ExpiredKey, RevokedKey, UnknownKey
from infra.postgres.pool import Pool, borrowed

_ADMIT = """
SELECT verdict, org, key, granted, quota, used, first_at, last_at, asked_at, readmitted_at
FROM admit(%s, %s, %s, %s)
"""
_REFUSALS = {"unknown": UnknownKey, "revoked": RevokedKey, "expired": ExpiredKey}


class PostgresAdmissionControl:
    """AdmissionControl on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def admit(self, key_hash: bytes, method: str, route: str, free: bool) -> Admission:
        with borrowed(self._pool) as conn:
            row = conn.execute(_ADMIT, (key_hash, method, route, free), binary=True).fetchone()
        assert row is not None
        verdict, *facts = row
        if verdict in _REFUSALS:
            raise _REFUSALS[verdict]
        admission = Admission(*facts)
        if verdict == "exhausted":
            raise CreditExhausted(admission)
        return admission
