"""Rebuilding whole tables: the new table is the same in rows and definition, and nothing is left behind."""

import json
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from infra.log.reading.parts import plan_parts
from infra.postgres.database import connect_as_table_owner
from infra.projector.tables.lock import LOCK, only_rebuild
from infra.projector.tables.rebuild import TableRebuild, rebuild_table
from infra.projector.tables.shadow import drop_shadows
from projections.registry import ROWS
from tests.support.command_line import run
from tests.support.organization import Organization
from tests.support.scenarios import BILLS, INVOICES, LEAVES, draft_invoice
from tests.support.service import Service
from tests.support.waiting import wait_until

TABLES = {"invoices": "invoice_list", "bills": "bill_list", "leaves": "leave_list"}

PROJECTION = ROWS["invoice"]

CATALOG = {
    "columns": """
        SELECT attname, format_type(atttypid, atttypmod), attnotnull, attcollation, attacl FROM pg_attribute
        WHERE attrelid = %(table)s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
    """,
    "constraints": """
        SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %(table)s::regclass ORDER BY 1
    """,
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname || '.' || tablename = %(table)s ORDER BY 1",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %(table)s::regclass ORDER BY tgname",
    "policies": "SELECT * FROM pg_policies WHERE schemaname || '.' || tablename = %(table)s ORDER BY policyname",
    "walls": """
        SELECT relname, relrowsecurity, relforcerowsecurity, relacl, reloptions, relowner, relkind, relpersistence
        FROM pg_class WHERE oid IN (%(table)s::regclass, %(view)s::regclass) ORDER BY relname
    """,
    "view": "SELECT pg_get_viewdef(%(view)s::regclass)",
}
SHADOW = "SELECT count(*) FROM pg_namespace WHERE nspname = 'shadow'"
WAITING_FOR_LOCK = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
TRYING_LOCK = """
SELECT count(*) FROM pg_stat_activity other JOIN pg_stat_activity own ON own.pid = pg_backend_pid()
WHERE other.datname = current_database() AND other.backend_start > own.backend_start
AND other.query LIKE 'SELECT pg_try_advisory_lock%'
"""
"""How many connections have tried an advisory lock as their latest statement. Only connections that are younger than
this one count: the service's background workers also try a lock, on older connections."""


def catalog(conn, table):
    where = {"table": f"public.{table}", "view": f"public.{TABLES[table]}"}
    return {name: conn.execute(sql, where).fetchall() for name, sql in CATALOG.items()}


def rows(conn, table):
    return conn.execute(f"SELECT t::text FROM {table} t ORDER BY org_id, id").fetchall()


def rows_of(conn, organization):
    return conn.execute("SELECT t::text FROM invoices t WHERE org_id = %s ORDER BY id", (organization.id,)).fetchall()


@pytest.fixture(scope="module")
def service(database):
    with Service(database) as running_service:
        yield running_service


@pytest.fixture(scope="module")
def organizations(service, owner):
    """Two organizations with documents and leaves in every status."""
    organizations = [Organization(service.url, owner), Organization(service.url, owner, "Other Traders")]
    for organization in organizations:
        api = organization.api()
        for makers in (INVOICES, BILLS, LEAVES):
            for make in makers.values():
                make(api)
    yield organizations
    for organization in organizations:
        organization.close()


@pytest.mark.parametrize("table", TABLES)
def test_a_rebuilt_table_has_the_same_rows(table, organizations, owner, env):
    before = rows(owner, table)
    assert len(before) >= 8
    run("projections", "rebuild", table, env=env)
    assert rows(owner, table) == before


@pytest.mark.parametrize("table", TABLES)
def test_a_rebuilt_table_is_defined_like_the_one_before(table, organizations, owner, env):
    before, oid = catalog(owner, table), owner.execute(f"SELECT '{table}'::regclass::oid").fetchone()
    run("projections", "rebuild", table, env=env)
    assert owner.execute(f"SELECT '{table}'::regclass::oid").fetchone() != oid
    assert catalog(owner, table) == before


def test_a_rebuild_leaves_nothing_behind(organizations, owner, env):
    run("projections", "rebuild", env=env)
    assert owner.execute(SHADOW).fetchone() == (0,)
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
    assert owner.execute(held, (LOCK,)).fetchone() == (0,)


def test_a_rebuild_restores_deleted_and_altered_rows(organizations, owner, env):
    before = rows(owner, "invoices")
    owner.execute("DELETE FROM invoices WHERE status = 'paid'")
    owner.execute("UPDATE invoices SET total_amount = 1 WHERE status = 'sent'")
    run("projections", "rebuild", "invoices", env=env)
    assert rows(owner, "invoices") == before


def test_a_log_that_is_loaded_in_parts_has_the_same_rows(organizations, owner, database, monkeypatch):
    before = rows(owner, "invoices")
    monkeypatch.setattr("infra.log.reading.parts.PART_EVENTS", 4)
    parts = [part for part in plan_parts(owner, "invoice") if part.org_id == organizations[0].id]
    assert len(parts) > 3
    rebuilt = rebuild_table(database, PROJECTION)
    assert (rows(owner, "invoices"), rebuilt.rows) == (before, len(before))


def test_a_log_of_which_one_part_cannot_be_read_keeps_its_served_rows(organizations, owner, database, monkeypatch):
    other, damaged = rows_of(owner, organizations[1]), "org_id = %s AND position = (SELECT max(position) FROM events"
    damaged += " WHERE org_id = %s AND name LIKE 'invoice.%%')"
    org_ids = (organizations[0].id,) * 2
    owner.execute("UPDATE invoices SET total_amount = 1")
    before = rows_of(owner, organizations[0])
    (kept,) = owner.execute(f"SELECT state FROM events WHERE {damaged}", org_ids).fetchone()
    monkeypatch.setattr("infra.log.reading.parts.PART_EVENTS", 4)
    owner.execute(f"UPDATE events SET state = '{{}}' WHERE {damaged}", org_ids)
    try:
        rebuilt = rebuild_table(database, PROJECTION)
    finally:
        owner.execute(f"UPDATE events SET state = %s WHERE {damaged}", (kept, *org_ids))
    assert (len(rebuilt.failures), rebuilt.rows) == (1, len(other))
    assert rows_of(owner, organizations[0]) == before
    assert rows_of(owner, organizations[1]) == other
    assert rebuild_table(database, PROJECTION).failures == []
    assert rows_of(owner, organizations[0]) != before


def test_keys_are_rebuilt_in_place_together_with_their_hashes(organizations, owner, env):
    key = organizations[0].new_key()
    owner.execute("UPDATE api_keys SET credit_limit = 0 WHERE id = %s", (key.row["id"],))
    owner.execute("DELETE FROM api_key_hashes WHERE key_id = %s", (key.row["id"],))
    run("projections", "rebuild", "api_keys", env=env)
    keys = owner.execute(
        "SELECT credit_limit, key_hash = encode(hash, 'hex') FROM api_keys k JOIN api_key_hashes ON key_id = id "
        "WHERE id = %s",
        (key.row["id"],),
    ).fetchall()
    assert keys == [(1_000_000, True)]


def test_a_rebuild_reports_the_number_of_events(organizations, owner, ask_loud):
    (count,) = owner.execute("SELECT count(*) FROM events WHERE name LIKE 'invoice.%'").fetchone()
    (rebuilt,) = ask_loud("projections", "rebuild", "invoices")["rebuilt"]
    assert (rebuilt["name"], rebuilt["events"]) == ("invoices", count)
    assert rebuilt["eventsPerSecond"] > 0


def test_without_a_terminal_progress_is_shown_as_lines(organizations, env):
    done = run("projections", "rebuild", "invoices", env=env)
    last = done.err.splitlines()[-1].split()
    assert last[:2] == ["rebuilding", "invoices:"] and last[2] == last[4]


def test_a_second_rebuild_is_refused(organizations, owner, env):
    owner.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
    try:
        done = run("projections", "rebuild", "invoices", env=env, status=1)
    finally:
        owner.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
    assert "Another rebuild is running" in done.err


def test_an_interrupted_rebuild_removes_its_shadow_as_soon_as_the_lock_is_free(organizations, owner, database):
    """The server may hold the lock of an interrupted connection for a moment: here another connection takes it over."""
    with connect_as_table_owner(database) as successor, ThreadPoolExecutor(1) as executor:
        taken: list[Future[None]] = []

        def interrupt(events):
            if not taken:
                taken.append(executor.submit(hold_lock_until_it_is_tried, successor))
                wait_until(lambda: owner.execute(WAITING_FOR_LOCK, (LOCK,)).fetchone() == (1,))
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            rebuild_table(database, PROJECTION, interrupt, processes=1)
        taken[0].result()
    assert owner.execute(SHADOW).fetchone() == (0,)


def hold_lock_until_it_is_tried(conn):
    """Take the lock, and release it once another connection has tried in vain to get it."""
    conn.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
    wait_until(lambda: conn.execute(TRYING_LOCK).fetchone() == (1,))
    conn.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))


def test_invoices_may_exchange_their_numbers_during_a_rebuild(organizations, database, monkeypatch):
    """The second draft takes the first one's old number; with a page size of 1 they are folded one by one."""
    monkeypatch.setattr("infra.projector.tables.rebuild.PAGE_AGGREGATES", 1)
    api = organizations[0].api()
    drafts = [draft_invoice(api, invoiceNumber=f"SWAP-{n}") for n in range(2)]
    with connect_as_table_owner(database) as conn, only_rebuild(conn):
        rebuild = TableRebuild(database, conn, PROJECTION, processes=1)
        rebuild.load()
        for n, number in ((0, "SWAP-2"), (1, "SWAP-0"), (0, "SWAP-1")):
            api.update(f"invoices/{drafts[n]['id']}", {"invoiceNumber": number})
        assert (rebuild.catch_up(), rebuild.failures) == (3, {})
        drop_shadows(conn)


@pytest.fixture
def ask_loud(env):
    """Like `ask`, for a command that writes its progress to standard error."""
    return lambda *words: json.loads(run(*words, "--json", env=env).out)
