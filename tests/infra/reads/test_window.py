"""The credit window by a clock that the test sets: exact to the microsecond, forwards and back."""

from datetime import UTC, datetime, timedelta

import pytest

from api.ports.admission import CreditExhausted
from domain.accounts.window import CREDIT_WINDOW
from infra.log.admission import PostgresAdmissionControl
from tests.support.organization import credit_rows, set_limit
from tests.support.trips import caller_of

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def clock(pool, owner):
    """A clock that the test sets, on the one connection of admission control, which calls a copy of `admit`.

    The copy differs in the schema of the clock alone.
    """
    owner.execute("CREATE SCHEMA IF NOT EXISTS stopped")
    owner.execute(
        "CREATE OR REPLACE FUNCTION stopped.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS "
        "$$ SELECT current_setting('stopped.now')::timestamptz $$"
    )
    (admit,) = owner.execute("SELECT pg_get_functiondef('public.admit'::regproc)").fetchone()
    owner.execute(admit.replace("public.admit", "stopped.admit").replace("pg_catalog.clock", "stopped.clock"))
    owner.execute("GRANT USAGE ON SCHEMA stopped TO smartdhandha_app")
    with pool.connection() as conn:
        conn.execute("SET search_path = stopped, pg_catalog, public")
        yield Clock(conn)
        conn.execute("RESET search_path")
    owner.execute("DROP SCHEMA stopped CASCADE")


class Clock:
    """Admission at an instant of the test's choice."""

    def __init__(self, conn):
        self._conn = conn

    timeout = 1.0

    def getconn(self, timeout):
        return self._conn

    def putconn(self, conn):
        pass

    def admit(self, raw, at, free=False):
        self._conn.execute("SELECT set_config('stopped.now', %s, false)", (at.isoformat(),))
        admission_control = PostgresAdmissionControl(self)  # type: ignore[arg-type]  # all of a pool that it uses
        caller = caller_of(raw)
        caller.free = free
        admission_control.admit(caller)
        return caller.admission


def test_a_request_at_the_reset_is_admitted_and_one_a_microsecond_before_is_not(clock, organization):
    raw = organization.new_key(limit=3).raw
    start = datetime.now(UTC)
    for number in range(3):
        clock.admit(raw, start + number * MICROSECOND)
    with pytest.raises(CreditExhausted) as refused:
        clock.admit(raw, start + CREDIT_WINDOW - MICROSECOND)
    assert refused.value.admission.reset_at == start + CREDIT_WINDOW
    assert clock.admit(raw, start + CREDIT_WINDOW).used == 3
    with pytest.raises(CreditExhausted):
        clock.admit(raw, start + CREDIT_WINDOW)


def test_credit_returns_one_by_one_as_the_window_rolls(clock, organization):
    raw = organization.new_key(limit=5).raw
    start = datetime.now(UTC)
    for number in range(5):
        clock.admit(raw, start + timedelta(hours=number))
    left = [
        clock.admit(raw, start + CREDIT_WINDOW + timedelta(hours=number), free=True).remaining for number in range(6)
    ]
    assert left == [1, 2, 3, 4, 5, 5]


def test_the_window_that_is_empty_again_names_no_reset(clock, organization):
    raw = organization.new_key(limit=5).raw
    start = datetime.now(UTC)
    clock.admit(raw, start)
    later = clock.admit(raw, start + CREDIT_WINDOW, free=True)
    assert (later.used, later.reset_at, later.fully_reset_at) == (0, None, None)


def test_a_client_that_waits_for_the_time_of_retry_after_is_admitted_though_the_clock_was_set_back(clock, organization):
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
    assert credit_rows(owner, key)[1:] == [(2, start + timedelta(hours=1)), (3, start + timedelta(hours=1))]


def test_a_lowered_limit_refuses_until_enough_has_left_the_window(clock, organization, owner):
    key = organization.new_key(limit=5)
    start = datetime.now(UTC)
    for number in range(5):
        clock.admit(key.raw, start + timedelta(hours=number))
    set_limit(owner, key, 2)
    with pytest.raises(CreditExhausted) as refused:
        clock.admit(key.raw, start + timedelta(hours=5))
    admission = refused.value.admission
    assert (admission.used, admission.remaining, admission.reset_at) == (
        5,
        0,
        start + timedelta(hours=3) + CREDIT_WINDOW,
    )
    with pytest.raises(CreditExhausted):
        clock.admit(key.raw, start + timedelta(hours=3) + CREDIT_WINDOW - MICROSECOND)
    assert clock.admit(key.raw, start + timedelta(hours=3) + CREDIT_WINDOW).used == 2


def test_a_pause_longer_than_the_window_leaves_the_ledger_dense(clock, organization, owner):
    key = organization.new_key(limit=5)
    start = datetime.now(UTC)
    for at in (start, start + 2 * CREDIT_WINDOW):
        clock.admit(key.raw, at)
    assert [seq for seq, _ in credit_rows(owner, key)] == [1, 2]
