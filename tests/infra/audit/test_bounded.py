"""Long logs are verified, exported and imported in parts: nothing holds a snapshot or a transaction for a whole log."""

import io

import pytest

from infra.audit.copies import import_logs as importing
from infra.audit.copies.export_logs import export_logs
from infra.audit.refusals import ImportRefused
from infra.audit.replay import verify_chain
from infra.log.proofs import chain
from infra.log.reading import cursors
from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books

EVERYTHING = (
    "SELECT (SELECT count(*) FROM organizations), (SELECT count(*) FROM events), (SELECT count(*) FROM org_log)"
)
EVENTS = 14
PAGE = 4


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        yield opened


@pytest.fixture(scope="module")
def books(conn):
    """Two organizations, each with a log of some pages."""
    made = [Books(conn), Books(conn)]
    for each in made:
        for _ in range(EVENTS // 2):
            each.sent_invoice()
    return made


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(cursors, "STREAM_ROWS", PAGE)
    monkeypatch.setattr(importing, "TRANSACTION_EVENTS", PAGE)


@pytest.fixture
def holds_snapshot(conn, database):
    """Return a function that says whether the connection holds back the removal of old rows now."""
    sql = "SELECT backend_xmin IS NOT NULL OR backend_xid IS NOT NULL FROM pg_stat_activity WHERE pid = %s"
    with connect_as_table_owner(database) as observer:
        yield lambda: observer.execute(sql, (conn.info.backend_pid,)).fetchone() == (True,)


@pytest.fixture
def copy(conn, books):
    out = io.BytesIO()
    assert export_logs(conn, [each.id for each in books], out) >= 2 * EVENTS
    return out.getvalue().splitlines(keepends=True)


@pytest.fixture
def empty(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


def test_an_export_holds_no_snapshot_while_it_writes_events(conn, books, holds_snapshot):
    class Out(io.BytesIO):
        def write(self, line):
            assert not holds_snapshot()
            return super().write(line)

    assert export_logs(conn, [books[0].id], Out()) >= EVENTS


def test_an_export_ends_at_the_head_of_its_beginning(conn, books):
    class Out(io.BytesIO):
        def write(self, line):
            if b'"type":"organization"' in line:
                books[0].sent_invoice()
            return super().write(line)

    before = conn.execute("SELECT position FROM org_log WHERE org_id = %s", (books[0].id,)).fetchone()[0]
    assert export_logs(conn, [books[0].id], Out()) == before


def test_a_verification_holds_no_snapshot_and_bears_new_events(conn, books, holds_snapshot, monkeypatch):
    link, seen = chain.link, list[bool]()

    def observed(*arguments):
        seen.append(holds_snapshot())
        if len(seen) == 2:
            books[1].sent_invoice()
        return link(*arguments)

    monkeypatch.setattr("infra.log.proofs.chain.link", observed)
    (before,) = conn.execute("SELECT position FROM org_log WHERE org_id = %s", (books[1].id,)).fetchone()
    assert verify_chain(conn, books[1].id) is None
    assert seen == [False] * before


def test_an_import_is_several_transactions_and_one_at_the_end(empty, copy):
    result = importing.import_logs(empty, copy)
    assert result.organizations == 2 and result.events >= 2 * EVENTS
    sizes = empty.execute("SELECT count(*) FROM events GROUP BY xmin::text").fetchall()
    assert max(sizes) <= (PAGE,)
    assert empty.execute("SELECT count(DISTINCT o.xmin::text) FROM organizations o").fetchone() == (1,)
    assert all(verify_chain(empty, id) is None for (id,) in empty.execute("SELECT org_id FROM organizations"))


def test_an_import_that_ends_early_leaves_nothing(empty, copy):
    def lines():
        yield from copy[: EVENTS + 8]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.import_logs(empty, lines())
    assert empty.execute(EVERYTHING).fetchone() == (0, 0, 0)


def test_what_a_killed_import_has_left_is_replaced(empty, copy, monkeypatch):
    def lines():
        yield from copy[: EVENTS + 8]
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(importing, "_delete_unfinished", lambda *_: None)
        with pytest.raises(KeyboardInterrupt):
            importing.import_logs(empty, lines())
    assert empty.execute("SELECT count(*) > 0 FROM events").fetchone() == (True,)
    importing.import_logs(empty, copy)
    assert all(verify_chain(empty, id) is None for (id,) in empty.execute("SELECT org_id FROM organizations"))


def test_a_second_import_at_once_is_refused(empty, own_database, copy):
    with connect_as_table_owner(own_database) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (importing.LOCK,))
        with pytest.raises(ImportRefused, match="Another import is running"):
            importing.import_logs(empty, copy)
