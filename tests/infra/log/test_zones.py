"""The database and the domain agree which zone counts, which day it is, and when a day begins."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.accounts.zones import Zones
from domain.calendar import first_instant
from infra.log.reading.zones import day_at, zone_at
from infra.postgres.database import connect_as_table_owner

CHANGES = [
    ("Asia/Kolkata", "America/New_York"),
    ("America/New_York", "Asia/Kolkata"),
    ("America/Havana", "Australia/Lord_Howe"),
    ("Pacific/Tarawa", "Etc/GMT+12"),
]
ZONES = """
Africa/Cairo America/Havana America/New_York America/Santiago Antarctica/Troll Asia/Beirut Asia/Kolkata
Atlantic/Azores Australia/Lord_Howe Europe/London Pacific/Kiritimati
"""
"""Not all zones: the rules of some changed lately, and the database may know others than Python."""
CHOSEN_AT = [datetime(2026, 11, 27, 12, tzinfo=UTC), datetime(2027, 3, 13, 23, 30, tzinfo=UTC)]
SHORTEST = timedelta(microseconds=1)


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        yield opened


@pytest.mark.parametrize("chosen_at", CHOSEN_AT, ids=str)
@pytest.mark.parametrize("change", CHANGES, ids=" to ".join)
def test_the_zone_and_the_day_are_the_same_at_every_instant(conn, change, chosen_at):
    before, after = change
    for zones in (Zones(before), Zones(before).choose(after, chosen_at)):
        switch = zones.new_from or chosen_at
        times = [switch - SHORTEST, switch, *(switch + timedelta(hours=n) for n in range(-30, 50))]
        rows = conn.execute(
            f"""
            SELECT {zone_at("t")}, {day_at("t")}, zone_at(o.time_zone, o.new_time_zone, o.new_time_zone_from, t)
            FROM unnest(%s::timestamptz[]) WITH ORDINALITY AS times(t, place),
            (SELECT %s::text AS time_zone, %s::text AS new_time_zone, %s::timestamptz AS new_time_zone_from) o
            ORDER BY place
            """,
            (times, *zones),
        ).fetchall()
        assert rows == [(zones.at(each), zones.day_at(each), zones.at(each)) for each in times]


def test_a_day_begins_at_the_same_instant_in_every_zone(conn):
    """Also where the clocks skip midnight or show it twice."""
    days = [datetime(2026, month, day).date() for month in (3, 4, 9, 10, 11) for day in range(1, 31)]  # noqa: DTZ001
    sql = "SELECT first_instant(%s, d) FROM unnest(%s::date[]) WITH ORDINALITY AS days(d, place) ORDER BY place"
    for zone in ZONES.split():
        found = [instant for (instant,) in conn.execute(sql, (zone, days))]
        assert found == [first_instant(zone, day) for day in days], zone
