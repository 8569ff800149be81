"""The credit window over HTTP: exactly as many requests as the limit are admitted, also when many race for the last."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from domain.accounts.key_secret import hash_secret
from domain.accounts.window import CREDIT_WINDOW
from infra.identity.budget import set_budget, show_budget
from infra.log.admission import READ_BY_KEY, AdmitRow
from infra.log.heads import LOCK_LOG, SELECT_SETTINGS
from infra.postgres.database import connect_as_table_owner
from infra.projector.rows import rebuild_organization
from projections.accounts.budget import BUDGETS
from tests.support.client import Api, error_of
from tests.support.organization import credit_rows, set_limit
from tests.support.waiting import run_at_once, wait_until


def move(owner, key, reset_in):
    """Move the ledger's times, so that the oldest request leaves the window after `reset_in`."""
    first = credit_rows(owner, key)[0][1]
    move_by(owner, key, datetime.now(UTC) + reset_in - CREDIT_WINDOW - first)


def move_by(owner, key, by):
    """Move all of the ledger's times, and the ends of the window with them."""
    id = key.row["id"]
    with owner.transaction():
        owner.execute("UPDATE credits SET at = at + %s WHERE key_id = %s", (by, id))
        sql = "UPDATE credit_windows SET first_at = first_at + %s, last_at = last_at + %s WHERE key_id = %s"
        owner.execute(sql, (by, by, id))


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


def test_admission_and_commands_read_no_table_whole(owner, key):
    """Tables of a few pages, in which each request updates a row, have many more versions of rows than rows."""
    owner.execute("ANALYZE api_key_hashes, credit_windows, api_keys, org_log, organizations")  # they are small
    with owner.transaction():
        sql = "SELECT verdict FROM admit(%s, 'GET', '/api/v1/invoices', false)"
        assert owner.execute(sql, (hash_secret(key.raw),)).fetchone() == ("admitted",)
        whole = owner.execute("SELECT relname FROM pg_stat_xact_user_tables WHERE seq_scan > 0").fetchall()
    with owner.transaction():
        owner.execute(READ_BY_KEY.sql.replace(b"$1", b"%s"), (key.row["orgId"],))
        plan = [
            line
            for sql in (LOCK_LOG, SELECT_SETTINGS)
            for line in owner.execute(f"EXPLAIN {sql}", (key.row["orgId"],)).fetchall()
        ]
    assert (whole, [line for (line,) in plan if "Seq Scan" in line]) == ([], [])


def reads_of_budgets(conn, key, free):
    """The tables of budgets that an admission has read, by rows or by an index."""
    sql = "SELECT relname, seq_scan + coalesce(idx_scan, 0) FROM pg_stat_xact_user_tables WHERE relname LIKE 'budget%'"
    with conn.transaction():
        before = dict(conn.execute(sql).fetchall())
        admit = "SELECT verdict FROM admit(%s, 'GET', '/api/v1/invoices', %s)"
        assert conn.execute(admit, (hash_secret(key.raw), free)).fetchone() == ("admitted",)
        return {name for name, scans in conn.execute(sql).fetchall() if scans > before.get(name, 0)}


def test_without_a_budget_admission_looks_for_none(owner, organization):
    """Only the first request of a key looks, because its window is new."""
    key = organization.new_key()
    assert reads_of_budgets(owner, key, free=False) == {"budget_windows"}
    assert [reads_of_budgets(owner, key, free) for free in (False, True)] == [set(), set()]
    set_budget(owner, organization.id, 10)
    assert "budget_windows" in reads_of_budgets(owner, key, free=False)
    set_budget(owner, organization.id, None)
    assert [reads_of_budgets(owner, key, free) for free in (False, True)] == [set(), set()]


def test_a_new_budget_waits_for_the_first_request_of_a_key_and_counts_it(owner, organization, shared_database):
    """Seen red when windows of keys that were never used are not made before the ledgers are read."""
    key, other = organization.new_key(), organization.new_key()
    admit = "SELECT verdict FROM admit(%s, 'GET', '/x', false, '', true)"
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%set_budget(%'"
    with (
        connect_as_table_owner(shared_database) as conn,
        connect_as_table_owner(shared_database) as other_conn,
        ThreadPoolExecutor(1) as executor,
    ):
        with conn.transaction():
            assert conn.execute(admit, (hash_secret(key.raw),)).fetchone() == ("admitted",)
            budget = executor.submit(set_budget, other_conn, organization.id, 1)
            wait_until(lambda: owner.execute(waiting).fetchone()[0] or budget.done())
        budget.result()
    assert [owner.execute(admit, (hash_secret(each.raw),)).fetchone() for each in (key, other)] == [
        ("over_budget",)
    ] * 2


def test_a_process_of_the_version_before_sees_a_budget_as_the_window(owner, organization):
    used, unused = organization.new_key(), organization.new_key()
    set_budget(owner, organization.id, 1)
    ask = "SELECT verdict, readmitted_at - asked_at, last_at, more_limits FROM admit(%s, 'GET', '/x', false, '')"
    assert owner.execute(ask, (hash_secret(used.raw),)).fetchone()[0] == "admitted"
    for key in (used, unused):
        verdict, wait, last_at, others = owner.execute(ask, (hash_secret(key.raw),)).fetchone()
        assert (verdict, others) == ("exhausted", None) and last_at is not None
        assert timedelta(days=29) < wait <= CREDIT_WINDOW
    assert [len(credit_rows(owner, key)) for key in (used, unused)] == [1, 0]


def test_a_rebuild_gives_admission_the_limit_of_the_log(owner, organization):
    key = organization.new_key()
    set_budget(owner, organization.id, 2)
    owner.execute("UPDATE budget_windows SET credit_limit = 77 WHERE org_id = %s", (organization.id,))
    rebuild_organization(owner, BUDGETS, organization.id)
    assert show_budget(owner, organization.id).limit == 2
    ask = "SELECT verdict FROM admit(%s, 'GET', '/x', false, '', true)"
    verdicts = [owner.execute(ask, (hash_secret(key.raw),)).fetchone()[0] for _ in range(3)]
    assert verdicts == ["admitted", "admitted", "over_budget"]


def test_of_64_racing_requests_exactly_as_many_pass_as_there_are_credits(keyed, owner, organization):
    key, _ = keyed(10)
    with ExitStack() as opened:
        clients = [opened.enter_context(Api(organization.url, key.raw)) for _ in range(64)]
        statuses = run_at_once(64, lambda number: clients[number].get("invoices").status_code)
    assert sorted(statuses) == [200] * 10 + [429] * 54
    assert [seq for seq, _ in credit_rows(owner, key)] == list(range(1, 11))


def test_over_http_the_next_request_passes_once_the_oldest_has_left_the_window(keyed, owner):
    key, api = keyed(4)
    for _ in range(4):
        api.read("invoices")
    move(owner, key, timedelta(minutes=10))
    assert api.get("invoices").status_code == 429
    with owner.transaction():
        for sql in (
            "UPDATE credits SET at = at - interval '10 minutes' WHERE key_id = %s AND seq = 1",
            "UPDATE credit_windows SET first_at = first_at - interval '10 minutes' WHERE key_id = %s",
        ):
            owner.execute(sql, (key.row["id"],))
    assert [api.get("invoices").status_code for _ in range(2)] == [200, 429]


def test_a_refusal_says_when_to_come_back(keyed, owner):
    key, api = keyed(2)
    for _ in range(2):
        api.read("invoices")
    move(owner, key, timedelta(minutes=10))
    (_, first), (_, last) = credit_rows(owner, key)
    response = api.get("invoices")
    error = error_of(response, 429, "rate_limited")
    assert (error["limit"], error["used"], error["windowDays"]) == (2, 2, 30)
    assert datetime.fromisoformat(error["resetAt"]) == first + CREDIT_WINDOW
    assert datetime.fromisoformat(error["fullyResetAt"]) == last + CREDIT_WINDOW
    assert 0 < int(response.headers["Retry-After"]) <= 600
    assert response.headers["Retry-After"] == response.headers["X-RateLimit-Reset"]


def test_rows_from_the_future_count_over_http(keyed, owner):
    key, api = keyed(3)
    api.read("invoices")
    move_by(owner, key, timedelta(days=1))
    assert [api.get("invoices").status_code for _ in range(3)] == [200, 200, 429]
    times = [at for _, at in credit_rows(owner, key)]
    assert times == sorted(times)


def test_a_raised_limit_admits_at_once(keyed, owner):
    key, api = keyed(2)
    assert [api.get("invoices").status_code for _ in range(3)] == [200, 200, 429]
    set_limit(owner, key, 4)
    assert [api.get("invoices").status_code for _ in range(3)] == [200, 200, 429]


def test_the_ledger_of_a_key_is_dense_and_in_order_after_a_race(keyed, owner):
    key, api = keyed(1000)
    run_at_once(16, lambda _: [api.get("invoices").status_code for _ in range(5)])
    ledger = credit_rows(owner, key)
    assert [seq for seq, _ in ledger] == list(range(1, 81))
    assert [at for _, at in ledger] == sorted(at for _, at in ledger)


def test_each_key_has_a_window_of_its_own(keyed):
    (_, first), (_, second) = keyed(1), keyed(1)
    assert [first.get("invoices").status_code for _ in range(2)] == [200, 429]
    assert second.get("invoices").status_code == 200


def test_the_ledger_has_a_partition_for_each_month_to_three_ahead(owner):
    sql = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'credits'::regclass"
    partitions = {name for (name,) in owner.execute(sql)}
    now = datetime.now(UTC)
    months = [divmod(now.year * 12 + now.month - 1 + ahead, 12) for ahead in range(4)]
    assert {f"credits_{year}_{month + 1:02d}" for year, month in months} <= partitions
    assert "credits_other" in partitions


def test_every_column_that_admit_returns_is_read_by_its_name(owner):
    result = owner.execute("SELECT * FROM admit('unknown', 'GET', '/', true)")
    assert {column.name for column in result.description} == set(AdmitRow._fields)
