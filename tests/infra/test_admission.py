"""The credit window: exact to the microsecond, whoever races and whatever the clock does."""

from datetime import UTC, datetime, timedelta

import pytest

from api.dependencies import CreditExhausted
from domain.secret import hashed
from infra.admission import PostgresGate
from tests.support import Api, at_once, error_of

WINDOW = timedelta(hours=720)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def clock(pool, owner):
    """A clock that the test sets, on the one connection that the gate is given: `admit` itself is untouched."""
    owner.execute("CREATE SCHEMA IF NOT EXISTS stopped")
    owner.execute(
        "CREATE OR REPLACE FUNCTION stopped.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS "
        "$$ SELECT current_setting('stopped.now')::timestamptz $$"
    )
    owner.execute("GRANT USAGE ON SCHEMA stopped TO smartdhandha_app")
    with pool.connection() as conn:
        conn.execute("SET search_path = stopped, pg_catalog, public")
        yield Clock(conn)
        conn.execute("RESET search_path")


class Clock:
    """Admission at an instant of the test's choice."""

    def __init__(self, conn):
        self._conn = conn

    def getconn(self):
        return self._conn

    def putconn(self, conn):
        pass

    def admit(self, raw, at, free=False):
        self._conn.execute("SELECT set_config('stopped.now', %s, false)", (at.isoformat(),))
        gate = PostgresGate(self)  # type: ignore[arg-type]  # all of a pool that it uses
        return gate.admit(hashed(raw), "GET", "/test", free)


def spent(owner, key):
    """The key's ledger."""
    return owner.execute("SELECT seq, at FROM credits WHERE key_id = %s ORDER BY seq", (key.row["id"],)).fetchall()


def move(owner, key, reset_in):
    """Move the ledger's times, so that the oldest request leaves the window after `reset_in`."""
    first = spent(owner, key)[0][1]
    by = datetime.now(UTC) + reset_in - WINDOW - first
    owner.execute("UPDATE credits SET at = at + %s WHERE key_id = %s", (by, key.row["id"]))


def set_limit(owner, key, limit):
    owner.execute("UPDATE api_keys SET credit_limit = %s WHERE id = %s", (limit, key.row["id"]))


@pytest.fixture
def keyed(organization):
    """A key with that limit, and the API through it."""
    opened = []

    def make(limit):
        key = organization.new_key(limit=limit)
        opened.append(Api(organization.url, key.raw))
        return key, opened[-1]

    yield make
    for api in opened:
        api.close()


def test_of_64_racing_requests_exactly_as_many_pass_as_there_are_credits(keyed, owner):
    key, api = keyed(10)
    statuses = at_once(64, lambda _: api.get("invoices").status_code)
    assert sorted(statuses) == [200] * 10 + [429] * 54
    assert [seq for seq, _ in spent(owner, key)] == list(range(1, 11))


def test_a_request_at_the_reset_is_admitted_and_one_a_microsecond_before_is_not(clock, organization):
    raw = organization.new_key(limit=3).raw
    start = datetime.now(UTC)
    for number in range(3):
        clock.admit(raw, start + number * MICROSECOND)
    with pytest.raises(CreditExhausted) as refused:
        clock.admit(raw, start + WINDOW - MICROSECOND)
    assert refused.value.admission.reset_at == start + WINDOW
    assert clock.admit(raw, start + WINDOW).used == 3
    with pytest.raises(CreditExhausted):
        clock.admit(raw, start + WINDOW)


def test_credit_returns_one_by_one_as_the_window_rolls(clock, organization):
    raw = organization.new_key(limit=5).raw
    start = datetime.now(UTC)
    for number in range(5):
        clock.admit(raw, start + timedelta(hours=number))
    left = [clock.admit(raw, start + WINDOW + timedelta(hours=number), free=True).remaining for number in range(6)]
    assert left == [1, 2, 3, 4, 5, 5]


def test_the_window_that_is_empty_again_names_no_reset(clock, organization):
    raw = organization.new_key(limit=5).raw
    start = datetime.now(UTC)
    clock.admit(raw, start)
    later = clock.admit(raw, start + WINDOW, free=True)
    assert (later.used, later.reset_at, later.fully_reset_at) == (0, None, None)


def test_over_http_the_next_request_passes_once_the_oldest_has_left_the_window(keyed, owner):
    key, api = keyed(4)
    for _ in range(4):
        api.got("invoices")
    move(owner, key, timedelta(minutes=10))
    assert api.get("invoices").status_code == 429
    owner.execute("UPDATE credits SET at = at - interval '10 minutes' WHERE key_id = %s AND seq = 1", (key.row["id"],))
    assert [api.get("invoices").status_code for _ in range(2)] == [200, 429]


def test_a_refusal_says_when_to_come_back(keyed, owner):
    key, api = keyed(2)
    for _ in range(2):
        api.got("invoices")
    move(owner, key, timedelta(minutes=10))
    (_, first), (_, last) = spent(owner, key)
    answer = api.get("invoices")
    error = error_of(answer, 429, "rate_limited")
    assert (error["limit"], error["used"], error["windowDays"]) == (2, 2, 30)
    assert datetime.fromisoformat(error["resetAt"]) == first + WINDOW
    assert datetime.fromisoformat(error["fullyResetAt"]) == last + WINDOW
    assert 0 < int(answer.headers["Retry-After"]) <= 600
    assert answer.headers["Retry-After"] == answer.headers["X-RateLimit-Reset"]


def test_a_client_that_waits_as_long_as_it_was_told_is_admitted_though_the_clock_was_set_back(clock, organization):
    raw = organization.new_key(limit=2).raw
    start = datetime.now(UTC)
    for _ in range(2):
        clock.admit(raw, start)
    back = start - timedelta(hours=1)
    with pytest.raises(CreditExhausted) as refused:
        clock.admit(raw, back)
    admission = refused.value.admission
    assert admission.reset_at
    clock.admit(raw, back + (admission.reset_at - admission.asked_at))


def test_after_the_clock_was_set_back_times_stand_still_and_nothing_is_forgotten(clock, organization, owner):
    key = organization.new_key(limit=5)
    start = datetime.now(UTC)
    clock.admit(key.raw, start)
    clock.admit(key.raw, start + timedelta(hours=1))
    assert clock.admit(key.raw, start).used == 3
    assert spent(owner, key)[1:] == [(2, start + timedelta(hours=1)), (3, start + timedelta(hours=1))]


def test_rows_from_the_future_count_over_http(keyed, owner):
    key, api = keyed(3)
    api.got("invoices")
    owner.execute("UPDATE credits SET at = at + interval '1 day' WHERE key_id = %s", (key.row["id"],))
    assert [api.get("invoices").status_code for _ in range(3)] == [200, 200, 429]
    times = [at for _, at in spent(owner, key)]
    assert times == sorted(times)


def test_a_raised_limit_admits_at_once(keyed, owner):
    key, api = keyed(2)
    assert [api.get("invoices").status_code for _ in range(3)] == [200, 200, 429]
    set_limit(owner, key, 4)
    assert [api.get("invoices").status_code for _ in range(3)] == [200, 200, 429]


def test_a_lowered_limit_refuses_until_enough_has_left_the_window(clock, organization, owner):
    key = organization.new_key(limit=5)
    start = datetime.now(UTC)
    for number in range(5):
        clock.admit(key.raw, start + timedelta(hours=number))
    set_limit(owner, key, 2)
    with pytest.raises(CreditExhausted) as refused:
        clock.admit(key.raw, start + timedelta(hours=5))
    admission = refused.value.admission
    assert (admission.used, admission.remaining, admission.reset_at) == (5, 0, start + timedelta(hours=3) + WINDOW)
    with pytest.raises(CreditExhausted):
        clock.admit(key.raw, start + timedelta(hours=3) + WINDOW - MICROSECOND)
    assert clock.admit(key.raw, start + timedelta(hours=3) + WINDOW).used == 2


def test_the_ledger_of_a_key_is_dense_and_in_order_after_a_race(keyed, owner):
    key, api = keyed(1000)
    at_once(16, lambda _: [api.get("invoices").status_code for _ in range(5)])
    ledger = spent(owner, key)
    assert [seq for seq, _ in ledger] == list(range(1, 81))
    assert [at for _, at in ledger] == sorted(at for _, at in ledger)


def test_a_pause_longer_than_the_window_leaves_the_ledger_dense(clock, organization, owner):
    key = organization.new_key(limit=5)
    start = datetime.now(UTC)
    for at in (start, start + 2 * WINDOW):
        clock.admit(key.raw, at)
    assert [seq for seq, _ in spent(owner, key)] == [1, 2]


def test_each_key_has_a_window_of_its_own(keyed):
    (_, first), (_, second) = keyed(1), keyed(1)
    assert [first.get("invoices").status_code for _ in range(2)] == [200, 429]
    assert second.get("invoices").status_code == 200


def test_the_ledger_has_a_partition_for_each_month_to_three_ahead(owner):
    sql = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'credits'::regclass"
    found = {name for (name,) in owner.execute(sql)}
    now = datetime.now(UTC)
    months = [divmod(now.year * 12 + now.month - 1 + ahead, 12) for ahead in range(4)]
    assert {f"credits_{year}_{month + 1:02d}" for year, month in months} <= found
    assert "credits_other" in found
