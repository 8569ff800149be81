"""Reads of the past read what they show, however long the history of the object and the log have become."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.aggregate import Event
from domain.calendar import zone
from infra.log.heads import get_position
from infra.log.mapper import EventMapper
from infra.log.reading.past import SELECT_UNTIL_TIME, SELECT_UNTIL_VERSION, first_since
from infra.postgres.database import connect_as_table_owner
from infra.reads import history as history_reads
from infra.reads.activity import read_activity
from infra.reads.history import read_history
from projections.folding.stored_event import FoldedEvent
from projections.views.activity import ActivityQuery
from tests.support.books import WEST, Books
from tests.support.long_history import lengthen, pages_read

LONG = 5000
FIRST_SINCE = f"SELECT {first_since('%(day)s')} FROM organizations o WHERE o.org_id = %(org)s"


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        opened.execute("SET enable_seqscan = off")  # one object has nearly all events of this database
        yield opened


@pytest.fixture(scope="module")
def ledger(conn):
    """An organization with an invoice of 20 events and one of 5 000."""
    books = Books(conn)
    short, long = books.sent_invoice(), books.sent_invoice()
    lengthen(conn, books.id, "invoice", short, 20)
    lengthen(conn, books.id, "invoice", long, LONG)
    conn.execute("VACUUM ANALYZE events")
    return books, short, long


class Reading(EventMapper):
    """A mapper that notes the version of each event that it decodes."""

    def __init__(self, versions: list[int]) -> None:
        super().__init__()
        self._seen = versions

    def event(self, record: FoldedEvent) -> Event:
        self._seen.append(record.originator_version)
        return super().event(record)


@pytest.fixture
def trips(module_pool, monkeypatch):
    """How often the connections of the pool have waited: at least once for each trip to PostgreSQL."""
    borrowed = module_pool.getconn()
    module_pool.putconn(borrowed)
    waits: list[str] = []
    wait = type(borrowed).wait

    def counted(conn, *args, **options):
        waits.append("once")
        return wait(conn, *args, **options)

    monkeypatch.setattr(type(borrowed), "wait", counted)
    return waits


def time_of(conn, id, version):
    sql = "SELECT recorded_at FROM events WHERE originator_id = %s AND originator_version = %s"
    return conn.execute(sql, (id, version)).fetchone()[0]


@pytest.mark.parametrize("version", [3, 17])
def test_an_early_version_of_a_long_history_reads_what_it_folds(conn, ledger, version):
    books, short, long = ledger
    pages = [
        pages_read(conn, SELECT_UNTIL_VERSION, {"org": books.id, "id": id, "version": version}) for id in (short, long)
    ]
    assert pages[1] <= pages[0] + 2


def test_an_early_time_of_a_long_history_reads_what_it_folds_and_looks_13_events_up(conn, ledger):
    books, short, long = ledger
    pages = []
    for id in (short, long):
        values = {"org": books.id, "id": id, "as_of": time_of(conn, id, 10)}
        assert [version for _, _, version, *_ in conn.execute(SELECT_UNTIL_TIME, values)] == [*range(1, 11)]
        pages.append(pages_read(conn, SELECT_UNTIL_TIME, values))
    assert pages[1] <= pages[0] + 13 * 5


def test_the_first_event_of_a_day_is_found_in_few_looks(conn, ledger):
    books, *_ = ledger
    head, middle = get_position(conn, books.id), 2500
    later = "UPDATE events SET recorded_at = recorded_at + interval '3 days' WHERE org_id = %s AND position >= %s"
    today = datetime.now(zone(WEST)).date()
    with conn.transaction(force_rollback=True):
        conn.execute(later, (books.id, middle))
        for days, place in ((-9, 1), (1, middle), (3, middle), (9, head + 1)):
            values = {"org": books.id, "day": today + timedelta(days)}
            assert conn.execute(FIRST_SINCE, values).fetchone() == (place,)
            assert pages_read(conn, FIRST_SINCE, values) <= 15 * 5


def test_a_page_of_a_history_decodes_its_own_events(conn, ledger, module_pool, monkeypatch):
    books, _, long = ledger
    decoded: list[int] = []
    monkeypatch.setattr(history_reads, "MAPPER", Reading(decoded))
    history = read_history(module_pool, books.id, long, 31, 10)
    assert decoded == [*range(21, 31)]
    assert [step.record.originator_version for step in history.steps] == [*range(30, 20, -1)]
    assert [step.changes() for step in history.steps[:1]] == [{"notes": ("Change 29", "Change 30")}]
    assert history.next_before == 21


def test_days_of_activity_take_no_more_trips_in_a_long_log(conn, ledger, module_pool, trips):
    books, *_ = ledger
    day = datetime.now(UTC).date()
    read_activity(module_pool, books.id, ActivityQuery())
    plain = len(trips)
    query = ActivityQuery(first=day - timedelta(2), last=day + timedelta(2))
    assert len(read_activity(module_pool, books.id, query).entries) == 50
    assert len(trips) == 2 * plain
