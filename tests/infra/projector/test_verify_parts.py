"""An organization is verified in parts, each in a snapshot of its own, while commands append to its log."""

import pytest

from infra.postgres.database import connect_as_table_owner
from infra.projector import verify, verify_sums
from infra.projector.differences import find_differences
from infra.projector.event_sums import EventSums
from infra.projector.verify import row_differences
from infra.projector.verify_sums import event_sum_differences
from projections.balances import BALANCES
from projections.registry import ROWS
from tests.support.books import Books
from tests.support.copied_rows import copy_row

INVOICES = ROWS["invoice"]
OBJECTS = 8


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        yield opened


@pytest.fixture
def own(database):
    """A second connection: commands use the other one meanwhile."""
    with connect_as_table_owner(database) as opened:
        yield opened


@pytest.fixture
def books(conn, monkeypatch):
    for module in (verify, verify_sums):
        monkeypatch.setattr(module, "PART_EVENTS", 4)
    return Books(conn)


@pytest.fixture
def ids(books):
    made = sorted(books.sent_invoice() for _ in range(OBJECTS))
    EventSums(BALANCES).add_new(books.conn)
    return made


@pytest.fixture
def between(monkeypatch):
    """Let this happen after each part was compared; return the snapshots in which the parts were compared."""

    def set_up(happens):
        snapshots = []

        def observed(conn, *args):
            snapshots.append(conn.execute("SELECT pg_current_snapshot()::text").fetchone()[0])
            found = find_differences(conn, *args)
            happens()
            return found

        for module in (verify, verify_sums):
            monkeypatch.setattr(module, "find_differences", observed)
        return snapshots

    return set_up


def test_rows_are_compared_in_several_snapshots_while_they_change(own, books, ids, between):
    def changed():
        books.update(ids[0], notes="changed")
        books.update(ids[-1], notes="changed")
        books.sent_invoice()

    snapshots = between(changed)
    assert list(row_differences(own, INVOICES, books.id)) == []
    assert len(set(snapshots)) == len(snapshots) > 2


def test_each_row_is_compared_once_whatever_its_id(conn, own, books, ids):
    conn.execute("UPDATE invoices SET client_id = 'forged' WHERE org_id = %s", (books.id,))
    copy_row(conn, "invoices", ids[3], range(1, 3), number_key="NULL")
    conn.execute("UPDATE invoices SET id = '0' WHERE id = %s", (f"{ids[3]}_1",))
    conn.execute("UPDATE invoices SET id = 'z' WHERE id = %s", (f"{ids[3]}_2",))
    conn.execute("DELETE FROM invoices WHERE id = %s", (ids[5],))
    found = [(each.id, each.column) for each in row_differences(own, INVOICES, books.id)]
    presence = {ids[5], "0", "z"}
    assert found == [(id, "*" if id in presence else "client_id") for id in ["0", *ids, "z"]]


def test_sums_are_compared_while_the_checkpoint_moves(own, books, ids, between):
    def paid():
        for id in (ids[0], ids[-1]):
            books.pay(id, "1.00")
        books.sent_invoice()
        EventSums(BALANCES).add_new(books.conn)

    snapshots = between(paid)
    assert list(event_sum_differences(own, BALANCES, books.id)) == []
    assert len(set(snapshots)) == len(snapshots) > 2


def test_a_wrong_sum_is_found_after_the_checkpoint_has_moved(conn, own, books, ids, between):
    between(lambda: (books.pay(ids[0], "1.00"), EventSums(BALANCES).add_new(books.conn)))
    conn.execute("UPDATE balances SET objects = objects + 1 WHERE org_id = %s", (books.id,))
    found = [(each.column, each.expected, each.stored) for each in event_sum_differences(own, BALANCES, books.id)]
    assert found == [("objects", str(OBJECTS), str(OBJECTS + 1))]
