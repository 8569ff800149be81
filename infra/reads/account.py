"""Queries on the account of an API key: the key, its organization, and its credits. Each query takes one round trip."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec
from psycopg.rows import args_row

from api.ports.account import CreditBucket, EndsBucket
from api.ports.admission import Caller
from domain.accounts.mode import is_live
from domain.calendar import instant
from domain.tax.states import state_name
from domain.tax.supplier import Supplier
from infra.log.admission import PLAN_ONCE, PostgresAdmissionControl
from infra.log.reading.zones import PRESENT
from infra.postgres.database import open_pipeline_of
from infra.postgres.pool import Pool, borrow_connection
from infra.postgres.statements import call_of
from infra.reads.queries import Queries
from projections.views.account import AccountFacts, KeyFacts, OrganizationFacts, OrganizationProfile

_decode_supplier = msgspec.json.Decoder(Supplier).decode

SELECT_ACCOUNT = f"""
SELECT o.org_id, o.name, o.time_zone, k.id, k.name, k.last_four, k.scopes, k.created_at, k.expires_at,
       k.manages_keys, coalesce(k.allowed_cidrs, '{{}}'), k.burst,
       (SELECT w.last_at FROM credit_window_list w WHERE w.org_id = %s AND w.key_id = %s AND w.last_seq > 0)
FROM {PRESENT} o JOIN api_key_list k ON k.org_id = o.org_id WHERE o.org_id = %s AND k.id = %s
"""

SELECT_ORGANIZATION = f"SELECT o.org_id, o.name, o.time_zone, o.supplier FROM {PRESENT} o WHERE o.org_id = %s"

# A key's requests are numbered without gaps, and their times never decrease (see admit()). So the credits of a bucket
# are the number of the first request of the next bucket, minus the number of the first request of this bucket. An index
# finds both requests, so the time of the query does not depend on the number of requests.
SELECT_USAGE = f"""
WITH bounds AS (
    SELECT least(newest.seq, oldest.seq + %(most)s::bigint - 1) + 1 AS stop
    FROM (
        SELECT c.seq FROM credit_list c
        WHERE c.org_id = %(org)s AND c.key_id = %(key)s AND c.at > %(start)s AND c.at <= %(end)s
        ORDER BY c.at, c.seq LIMIT 1
    ) oldest, (
        SELECT c.seq FROM credit_list c
        WHERE c.org_id = %(org)s AND c.key_id = %(key)s AND c.at > %(start)s AND c.at <= %(end)s
        ORDER BY c.at DESC, c.seq DESC LIMIT 1
    ) newest
), buckets AS (
    SELECT bucket.start, least(coalesce(reached.seq, bounds.stop), bounds.stop) AS seq, bounds.stop
    FROM {PRESENT} o
    CROSS JOIN LATERAL generate_series(
        date_trunc(%(unit)s, %(start)s::timestamptz, o.time_zone), %(end)s::timestamptz, %(step)s::interval, o.time_zone
    ) bucket(start)
    LEFT JOIN bounds ON true
    LEFT JOIN LATERAL (
        SELECT c.seq FROM credit_list c
        WHERE bounds.stop IS NOT NULL AND c.org_id = %(org)s AND c.key_id = %(key)s
        AND c.at > %(start)s AND c.at >= bucket.start AND c.at <= %(end)s
        ORDER BY c.at, c.seq LIMIT 1
    ) reached ON true
    WHERE o.org_id = %(org)s
)
SELECT start, coalesce(lead(seq, 1, stop) OVER (ORDER BY start) - seq, 0)::bigint FROM buckets ORDER BY start
"""

# Time zones differ by quarters of an hour, so each row of the counts is in one bucket.
SELECT_ENDS = f"""
WITH buckets AS (
    SELECT bucket.start, o.time_zone FROM {PRESENT} o CROSS JOIN LATERAL generate_series(
        date_trunc(%(unit)s, %(start)s::timestamptz, o.time_zone), %(end)s::timestamptz, %(step)s::interval, o.time_zone
    ) bucket(start) WHERE o.org_id = %(org)s
), counts AS (
    SELECT date_trunc(%(unit)s, c.at, o.time_zone) AS start, sum(c.answered) AS answered, sum(c.refused) AS refused,
        sum(c.limited) AS limited
    FROM {PRESENT} o JOIN request_count_list c ON c.org_id = o.org_id
    WHERE o.org_id = %(org)s AND c.key_id = %(key)s AND c.at > %(start)s AND c.at <= %(end)s GROUP BY 1
)
SELECT b.start, coalesce(c.answered, 0)::bigint, coalesce(c.refused, 0)::bigint, coalesce(c.limited, 0)::bigint
FROM buckets b LEFT JOIN counts c ON c.start = b.start ORDER BY b.start
"""


class AccountRow(NamedTuple):
    """A row of SELECT_ACCOUNT."""

    org_id: str
    organization: str
    time_zone: str
    key_id: str
    key: str
    last_four: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    manages_keys: bool
    allowed_cidrs: tuple[str, ...]
    burst: int | None
    last_used_at: datetime | None


class PostgresAccountReads:
    """Implements the port AccountReads with a pool of connections."""

    def __init__(self, pool: Pool, admission_control: PostgresAdmissionControl) -> None:
        self._pool, self._queries = pool, Queries(pool, admission_control)

    def get_account(self, caller: Caller, presented_last_four: str) -> AccountFacts:
        call = call_of(SELECT_ACCOUNT, (caller.owner.org_id, caller.owner.key_id) * 2)
        row = self._queries.run(
            caller, (PLAN_ONCE.call(caller.owner.org_id), call), lambda outcome: AccountRow(*outcome.rows()[0])
        )
        key = KeyFacts(
            id=row.key_id,
            name=row.key,
            last_four=row.last_four,
            scopes=tuple(row.scopes),
            created_at=instant(row.created_at),
            expires_at=_instant_or_none(row.expires_at),
            allowed_cidrs=tuple(row.allowed_cidrs),
            burst=row.burst,
            last_used_at=_instant_or_none(row.last_used_at),
            presented_last_four=presented_last_four,
            manages_keys=row.manages_keys,
        )
        organization = OrganizationFacts(row.org_id, row.organization, row.time_zone)
        return AccountFacts(organization, key, is_live(row.org_id))

    def get_organization(self, caller: Caller) -> OrganizationProfile:
        org_id = caller.owner.org_id
        call = call_of(SELECT_ORGANIZATION, (org_id,))
        id, name, time_zone, supplier = self._queries.run(
            caller, (PLAN_ONCE.call(org_id), call), lambda outcome: outcome.rows()[0]
        )
        known = Supplier(name=name) if supplier is None else _decode_supplier(supplier)
        return OrganizationProfile(
            id=id,
            name=name,
            time_zone=time_zone,
            legal_name=known.legal_name,
            trade_name=known.trade_name,
            gstin=known.gstin,
            pan=known.pan,
            state_code=known.state_code,
            state_name=None if known.state_code is None else state_name(known.state_code),
            address=known.address,
            email=known.email,
            lut_number=known.lut_number,
            composition=known.composition,
            logo=known.logo,
            annual_returns=known.annual_returns,
        )

    def list_usage(
        self, org_id: str, key_id: str, granularity: str, start: datetime, end: datetime, most: int | None = None
    ) -> list[CreditBucket]:
        values = {"org": org_id, "key": key_id, "start": start, "end": end, "most": most}
        values |= {"unit": granularity, "step": f"1 {granularity}"}
        with borrow_connection(self._pool) as conn, open_pipeline_of(conn, org_id):
            cursor = conn.cursor(binary=True, row_factory=args_row(CreditBucket))
            cursor.execute(SELECT_USAGE, values)
        return cursor.fetchall()

    def list_ends(self, org_id: str, key_id: str, granularity: str, start: datetime, end: datetime) -> list[EndsBucket]:
        values = {"org": org_id, "key": key_id, "start": start, "end": end}
        values |= {"unit": granularity, "step": f"1 {granularity}"}
        with borrow_connection(self._pool) as conn, open_pipeline_of(conn, org_id):
            cursor = conn.cursor(binary=True, row_factory=args_row(EndsBucket))
            cursor.execute(SELECT_ENDS, values)
        return cursor.fetchall()


def _instant_or_none(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
