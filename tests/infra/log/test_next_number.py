"""The next number of the series passes numbers that were taken by hand, however many they are."""

import random

import pytest

from domain.accounts.series import series_number
from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.copied_rows import copy_row
from tests.support.long_history import pages_read

NEXT = "SELECT serial, number FROM next_invoice_number(%s, 2025)"
SERIES = "UPDATE org_log SET series = jsonb_build_object('2025', %s::int), unkeyed_numbers = %s WHERE org_id = %s"


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        yield opened


@pytest.fixture
def books(conn):
    return Books(conn)


def take(conn, books, *serials):
    """Let invoices have these numbers, which were taken by hand."""
    id = books.sent_invoice()
    conn.execute("UPDATE invoices SET number_key = '2025 by hand ' || id WHERE id = %s", (id,))
    for run in serials:
        copy_row(conn, "invoices", id, run, number_key="'2025 ' || lower(series_number('INV', 2025, n))")


def ask(conn, books, last, waiting=False):
    conn.execute(SERIES, (last, waiting, books.id))
    with conn.transaction():
        conn.execute("SELECT set_config('app.org', %s, true)", (books.id,))
        return conn.execute(NEXT, (books.id,)).fetchone(), pages_read(conn, NEXT, (books.id,))


def test_it_is_the_first_number_that_is_not_taken(conn, books):
    """Compared with a search one by one, where numbers have four, five and six digits."""
    numbers = random.Random(16)
    places = [1, 9_990, 99_990]
    taken = {place + n for place in places for n in range(40) if numbers.random() < 0.8}
    taken |= set(range(9_995, 10_020))
    take(conn, books, *(range(serial, serial + 1) for serial in taken))
    for place in places:
        for last in range(place - 1, place + 40, 3):
            free = next(serial for serial in range(last + 1, 200_000) if serial not in taken)
            for waiting in (False, True):
                (serial, number), _ = ask(conn, books, last, waiting)
                assert serial == free, (last, waiting)
                assert number == (f"INV-2025-26-{free:04d}" if free < 10_000 else f"INV-25-26-{free}")


def test_a_run_of_5000_numbers_is_passed_in_a_few_steps(conn, books):
    take(conn, books, range(2, 5002))
    conn.execute("VACUUM ANALYZE invoices")
    (serial, _), pages = ask(conn, books, 1)
    assert serial == 5002
    assert pages < 1000, pages
    _, plain = ask(conn, books, 6000)
    assert plain <= 12, plain


PREFIXES = ["INV", "A", "SHRMA", "SHARMA", "SHARMATX", "SHARMATEXT", "ST/", "SH/26-27/", "A-B/C"]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_database_forms_the_same_numbers(conn, prefix):
    serials = [1, 42, 9_999, 10_000, 99_999, 100_000, 999_999, 1_000_000, 10_000_000]
    sql = "SELECT series_number(%s, %s, s) FROM unnest(%s::integer[]) WITH ORDINALITY AS n(s, place) ORDER BY place"
    for year in (1999, 2026, 2099):
        found = [number for (number,) in conn.execute(sql, (prefix, year, serials))]
        assert found == [series_number(prefix, year, serial) for serial in serials]


def test_a_series_without_room_for_another_number_has_none(conn, books):
    conn.execute("UPDATE organizations SET series_prefix = 'SHARMATEXT' WHERE org_id = %s", (books.id,))
    for last, number in ((99_998, "SHARMATEXT-99999"), (99_999, None)):
        series = "UPDATE org_log SET series = jsonb_build_object('SHARMATEXT 2025', %s::int) WHERE org_id = %s"
        conn.execute(series, (last, books.id))
        with conn.transaction():
            conn.execute("SELECT set_config('app.org', %s, true)", (books.id,))
            assert conn.execute(NEXT, (books.id,)).fetchone()[1] == number
