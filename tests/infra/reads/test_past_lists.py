"""Lists with `asOf` are those that the log gives when it is replayed to that instant."""

from datetime import timedelta
from random import Random

import pytest

from api.ports.reads import PastRowsMissing
from infra.log.reading import past_lists
from infra.projector.following.past_rows import PastRowTable
from infra.reads.objects.members import PostgresMemberReads
from projections.registry import PAST_ROWS
from tests.support.life import GSTINS, TYPES, Life, list_as_of, list_then

TABLE = PastRowTable(PAST_ROWS)
TIMES = "SELECT recorded_at FROM events WHERE org_id = %s ORDER BY position"
FILTERS = {
    "invoices": {
        "status": ("sent", "draft,sent", "void", "paid,partially_paid,draft,sent,void"),
        "clientId": ("acme", "zeta"),
        "dateFrom": ("2026-02-19",),
        "dueTo": ("2026-04-30",),
        "overdue": ("true", "false"),
        "search": ("acme", "INV-2025-26-0003", "inv-2025-26-0002", "ur", "0001"),
        "metadata[order]": ("a",),
        "include": ("items",),
    },
    "bills": {
        "status": ("open", "draft,open", "void"),
        "vendorId": ("mills",),
        "dateTo": ("2026-03-31",),
        "dueFrom": ("2026-02-19",),
        "overdue": ("true", "false"),
        "search": ("mills", "later", "B-1"),
        "metadata[order]": ("b",),
    },
    "leaves": {
        "status": ("pending", "approved,pending", "cancelled"),
        "employeeId": ("e-1", "e-4"),
        "dateFrom": ("2026-02-19",),
        "dateTo": ("2026-04-30",),
        "type": ("earned", "sick,earned"),
        "search": ("asha", "urgent", "e-"),
        "metadata[order]": ("b",),
    },
    "parties": {
        "status": ("active", "archived", "archived,active"),
        "role": ("client", "vendor"),
        "externalId": ("own-3", "own-7"),
        "gstin": GSTINS[1:],
        "search": ("acme", "mi", "own-1", "27AAPFU"),
        "metadata[order]": ("a",),
    },
    "employees": {
        "status": ("active", "archived"),
        "externalId": ("own-3", "own-7"),
        "search": ("zeta", "ac", "own-1"),
        "metadata[order]": ("b",),
    },
}


@pytest.fixture(scope="module")
def reads(module_pool):
    return PostgresMemberReads(module_pool)


def random_query(random, path, times):
    """Random filters and a random order of a list."""
    sorts = [f"{sign}{name}" for name in TYPES[path].listing.sorts for sign in ("", "-")]
    names = random.sample(sorted(FILTERS[path]), random.choice((0, 0, 1, 2)))
    params = {name: random.choice(FILTERS[path][name]) for name in names}
    if random.random() < 0.2:
        params["updatedSince"] = random.choice(times).isoformat()
    return {**params, **({"sort": random.choice(sorts)} if random.random() < 0.8 else {})}


def random_instant(random, times):
    """The instant of an event, or one just before or after it."""
    return random.choice(times) + random.choice((timedelta(0), timedelta(0), timedelta(microseconds=-1)))


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (2, 3))])
def test_a_list_with_as_of_is_the_list_that_the_log_gives(books, reads, seed):
    random, life = Random(seed), Life(books, seed)
    compared = rows = 0
    for _ in range(6):
        for _ in range(40):
            life.step()
            if seed % 2:
                life.pass_time()
        if random.random() < 0.8:  # the worker may be behind
            TABLE.add_page(books.conn, books.id, limit=random.choice((10, 1000)))
        times = [at for (at,) in books.conn.execute(TIMES, (books.id,))]
        for _ in range(20):
            path, at = random.choice(list(TYPES)), random_instant(random, times)
            params = random_query(random, path, times)
            expected = list_then(books, path, params, at)
            assert list_as_of(reads, books, path, params, at) == expected, (path, params, at)
            compared, rows = compared + 1, rows + len(expected)
    assert compared == 120 and rows > 200


def test_a_list_is_refused_while_the_worker_lacks_too_many_events(books, reads, monkeypatch):
    books.sent_invoice()
    (first, *_, last) = [at for (at,) in books.conn.execute(TIMES, (books.id,))]
    monkeypatch.setattr(past_lists, "MAX_BEHIND", 1)
    for at in (first, last):
        with pytest.raises(PastRowsMissing):
            list_as_of(reads, books, "invoices", {}, at)
    while TABLE.add_page(books.conn, books.id):
        pass
    assert list_as_of(reads, books, "invoices", {}, last) == list_then(books, "invoices", {}, last)
