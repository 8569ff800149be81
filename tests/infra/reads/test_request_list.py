"""The list of requests: every filter and pair of filters selects the same requests as a look at each of them.

Seen red without the condition on the combination's number, and with requests that are stored without their endings.
"""

import random
from datetime import UTC, datetime, timedelta
from itertools import combinations

import msgspec
import pytest

from api.account.requests import MAX_WITH_ONE_ID, REQUEST_LIST
from domain.calendar import instant
from infra.postgres.pool import open_pool
from infra.reads.keys import PostgresKeyReads
from infra.telemetry.requests.writer import RECORD
from infra.worker.partitions import forget_request_counts
from projections.query.filters import Condition
from tests.support.postgres import logins_of

ENDINGS = [
    ("GET", 200, None),
    ("GET", 403, "insufficient_scope"),
    ("GET", 404, "not_found"),
    ("GET", 429, "rate_limited"),
    ("POST", 201, None),
    ("POST", 422, "validation_failed"),
    ("POST", 503, "unavailable"),
    ("DELETE", 405, "method_not_allowed"),
]
KEYS = {"org_a": ["key_a1", "key_a2"], "org_b": ["key_b1"]}
REQUESTS = 300
ASKED = {
    "method": ("GET", "DELETE,POST", "PATCH"),
    "status": ("403", "4xx,5xx", "2xx", "3xx"),
    "errorCode": ("not_found", "unavailable,rate_limited", "internal_error"),
    "requestId": ("id-3", "unknown"),
}


@pytest.fixture(scope="module")
def sent(conn):
    """The requests of two organizations, as they were stored: in batches with more and more kinds of endings."""
    chance = random.Random(1)
    for endings in (ENDINGS[:3], ENDINGS[:6], ENDINGS):
        entries = [_entry(chance, endings) for _ in range(REQUESTS // 3)]
        conn.execute(RECORD, (msgspec.json.encode(entries).decode(),))
    columns = "org_id, key_id, at, id, request_id, method, status, error_code"
    return conn.execute(f"SELECT {columns} FROM request_records ORDER BY at DESC, id DESC").fetchall()


@pytest.fixture(scope="module")
def reads(database):
    with open_pool(logins_of(database), 1) as pool:
        yield PostgresKeyReads(pool)


def _entry(chance, endings):
    org = chance.choice(list(KEYS))
    method, status, error = chance.choice(endings)
    return {
        "org": org,
        "key": chance.choice(KEYS[org]),
        "age": chance.random() * 20 * 24 * 3600,
        "request": f"id-{chance.randrange(40)}",
        "method": method,
        "route": None,
        "status": status,
        "error": error,
        "us": 1,
        "kept": True,
    }


def found(reads, org, key, filters, limit="40"):
    """Return the ids of all requests on all pages."""
    required = [] if key is None else [Condition("key_id = %s", key)]
    ids, cursor = [], ""
    while True:
        query = REQUEST_LIST.query(org, {**filters, "limit": limit, "cursor": cursor}, required)
        page = reads.list_requests(org, query)
        ids += [entry["requestId"] + entry["at"] for entry in map(msgspec.json.decode, page.objects)]
        if page.next_cursor is None:
            return ids
        cursor = page.next_cursor


def wanted(sent, org, key, filters):
    def is_wanted(row):
        row_org, row_key, at, _, request_id, method, status, error = row
        return (
            row_org == org
            and key in (None, row_key)
            and ("method" not in filters or method in filters["method"].split(","))
            and ("errorCode" not in filters or error in filters["errorCode"].split(","))
            and ("requestId" not in filters or request_id == filters["requestId"])
            and ("from" not in filters or instant(at) >= filters["from"])
            and ("to" not in filters or instant(at) <= filters["to"])
            and ("status" not in filters or any(_has(status, each) for each in filters["status"].split(",")))
        )

    return [row[4] + instant(row[2]) for row in sent if is_wanted(row)]


def _has(status, text):
    return str(status) == text or (text.endswith("xx") and str(status)[0] == text[0])


@pytest.mark.parametrize(("org", "key"), [("org_a", None), ("org_a", "key_a1"), ("org_b", "key_a1")])
def test_every_filter_and_pair_selects_what_it_says(sent, reads, org, key):
    ago = [instant(datetime.now(UTC) - timedelta(days=days)) for days in (15, 6)]
    asked = {**ASKED, "from": ago, "to": ago}
    singles = [(name, value) for name, values in asked.items() for value in values]
    pairs = [dict(pair) for pair in combinations(singles, 2) if pair[0][0] != pair[1][0]]
    accepted = [pair for pair in pairs if pair.get("from", "") <= pair.get("to", "9")]
    for filters in [{}, *(dict([one]) for one in singles), *accepted]:
        expected = wanted(sent, org, key, filters)
        assert found(reads, org, key, filters) == expected, filters
        if len(filters) < 2:
            assert found(reads, org, key, {**filters, "sort": "at"}) == expected[::-1], filters


def test_of_an_id_that_is_sent_again_and_again_the_newest_requests_are_looked_through(conn, reads):
    """So a client that names all its requests alike does not make a search read all of them."""
    entry = {"org": "org_c", "key": "key_c", "request": "same", "method": "GET", "status": 200, "us": 1, "kept": True}
    old = {**entry, "age": MAX_WITH_ONE_ID + 1, "method": "PUT", "status": 405, "error": "method_not_allowed"}
    batch = [old, *({**entry, "age": MAX_WITH_ONE_ID - number} for number in range(MAX_WITH_ONE_ID))]
    conn.execute(RECORD, (msgspec.json.encode(batch).decode(),))
    by_id = {"requestId": "same"}
    assert len(found(reads, "org_c", None, by_id, "100")) == MAX_WITH_ONE_ID + 1
    assert found(reads, "org_c", None, {**by_id, "method": "PUT"}) == []
    assert len(found(reads, "org_c", None, {**by_id, "sort": "at", "method": "PUT"})) == 1
    assert len(found(reads, "org_c", None, {"method": "PUT"})) == 1


def test_endings_are_forgotten_after_the_last_of_their_requests(sent, conn):
    count = "SELECT count(*) FROM request_endings WHERE org_id = 'org_a'"
    ((before,),) = conn.execute(count).fetchall()
    late = "UPDATE request_endings SET seen_on = seen_on - {} WHERE org_id = 'org_a' AND status = 404"
    assert before == len({(row[1], *row[5:]) for row in sent if row[0] == "org_a"}) + len(
        {row[5:] for row in sent if row[0] == "org_a"}
    )
    for days, left in ((30, before), (2, before - 3)):
        conn.execute(late.format(days))
        forget_request_counts(conn)
        assert conn.execute(count).fetchone() == (left,)
