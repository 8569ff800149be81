"""The same words mean the same instant through every entry: the command line, the form of the console, the audit."""

import json
import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.calendar import instant
from tests.support.client import Api
from tests.support.command_line import environment, run
from tests.support.console import SESSION, Console, new_user, open_session
from tests.support.organization import Organization
from tests.support.scenarios import draft_invoice

PATH = "/settings/developer"
SCOPES = ("--scope", "billing:read")
ENDS = [
    ("Asia/Kolkata", "2098-03-31", "2098-03-31T18:30:00.000000Z"),
    ("Pacific/Kiritimati", "2098-03-31", "2098-03-31T10:00:00.000000Z"),
    ("America/Los_Angeles", "2098-12-31", "2099-01-01T08:00:00.000000Z"),
    ("Europe/Berlin", "2098-03-30", "2098-03-30T22:00:00.000000Z"),
    ("UTC", "2096-02-29", "2096-03-01T00:00:00.000000Z"),
    ("Asia/Kathmandu", "2098-12-01 18:30", "2098-12-01T12:45:00.000000Z"),
    ("Asia/Kolkata", "2098-12-01T18:30:07", "2098-12-01T13:00:07.000000Z"),
    ("America/St_Johns", "2098-12-01T18:30:07.5+05:30", "2098-12-01T13:00:07.500000Z"),
    ("Asia/Tokyo", "2098-12-01 18:30Z", "2098-12-01T18:30:00.000000Z"),
]
"""Time zone, what is written, and when it ends."""
REFUSED = [
    *[("Asia/Kolkata", "soon"), ("Asia/Kolkata", "31.03.2098"), ("UTC", "2098-02-29"), ("UTC", "2098-12-01 24:00")],
    *[("Europe/Berlin", "2030-03-31 02:30"), ("Europe/Berlin", "2030-10-27 02:30"), ("Asia/Tokyo", "2098-12-01 6pm")],
]


@pytest.fixture
def env(shared_database):
    return environment(DATABASE_URL=shared_database)


@pytest.fixture
def located(service, owner):
    """Make an organization in a time zone."""
    return lambda time_zone: Organization(service.url, owner, time_zone=time_zone)


def by_command_line(organization, owner, env, text, *, is_refused=False):
    """Create a key that expires then; return the reason of the refusal, empty when there is none."""
    create = ("key", "create", "--org", organization.id, "--name", "x", *SCOPES, "--expires", text)
    done = run(*create, env=env, status=2 if is_refused else 0)
    return re.findall(r"'?--expires'?: (must .*?)(?:, not '.*)?\.\n", done.err)


def by_console(organization, owner, env, text, *, is_refused=False):
    with Console(organization.url) as browser:
        token = open_session(owner, new_user(owner, organization.id).user.id)
        browser.cookies.set(SESSION, token, domain="127.0.0.1")
        page = browser.fill(f"{PATH}/new", {"name": "x", "scope": "billing:read", "limit": "10", "expires": text})
    assert page.status_code == (422 if is_refused else 200)
    return re.findall(r'id="expires-problem" role="alert">The expiry (must .*)\.</p>', page.text)


ENTRIES = {"the command line": by_command_line, "the console": by_console}


@pytest.mark.parametrize(("time_zone", "text", "end"), ENDS)
@pytest.mark.parametrize("entry", ENTRIES)
def test_an_expiry_is_the_same_instant_through_every_entry(located, owner, env, entry, time_zone, text, end):
    organization = located(time_zone)
    assert ENTRIES[entry](organization, owner, env, text) == []
    sql = "SELECT expires_at FROM api_keys WHERE org_id = %s"
    assert owner.execute(sql, (organization.id,)).fetchall() == [(datetime.fromisoformat(end),)]


@pytest.mark.parametrize(("time_zone", "text"), REFUSED)
def test_what_is_no_time_is_refused_through_every_entry(located, owner, env, time_zone, text):
    """Both say what to write instead. The console names it with the words of its form."""
    organization = located(time_zone)
    (one,), (other,) = (entry(organization, owner, env, text, is_refused=True) for entry in ENTRIES.values())
    assert one.split()[:4] == other.split()[:4]
    assert (time_zone in one) == (time_zone in other)
    assert owner.execute("SELECT FROM api_keys WHERE org_id = %s", (organization.id,)).fetchall() == []


MIDNIGHTS = [
    ("Asia/Kolkata", "2026-10-31", "2026-10-31T18:30:00.000000Z"),
    ("America/Los_Angeles", "2026-10-31", "2026-11-01T07:00:00.000000Z"),
    ("Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00.000000Z"),
    ("Pacific/Kiritimati", "2026-11-01", "2026-11-01T10:00:00.000000Z"),
    ("America/Havana", "2026-10-31", "2026-11-01T04:00:00.000000Z"),
]
"""Time zone, a day, and the first instant of the next one."""


@pytest.mark.parametrize("time_zone", ["Asia/Kolkata", "America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo", "UTC"])
def test_a_key_works_until_the_end_of_its_day_and_not_in_the_next_one(located, owner, env, time_zone):
    organization = located(time_zone)
    day = datetime.now(ZoneInfo(time_zone)).date() + timedelta(days=1)
    create = ("key", "create", "--org", organization.id, "--name", "x", *SCOPES, "--expires", day.isoformat(), "--json")
    key = json.loads(run(*create, env=env).out)
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(time_zone))
    with Api(organization.url, key["key"]) as api:
        # The clock cannot be moved, so the expiry is: by what is missing to half a minute before, or to midnight.
        for left, status in ((timedelta(seconds=30), 200), (timedelta(0), 401)):
            sql = "UPDATE api_keys SET expires_at = expires_at - (%s - clock_timestamp() - %s) WHERE id = %s"
            owner.execute(sql, (midnight, left, key["id"]))
            midnight -= midnight - datetime.now(UTC) - left
            assert api.get("me").status_code == status


@pytest.mark.parametrize(("time_zone", "day", "midnight"), MIDNIGHTS)
def test_as_of_a_day_shows_what_its_last_instant_left_and_nothing_of_the_next_day(
    located, owner, env, time_zone, day, midnight
):
    organization, next_day = located(time_zone), datetime.fromisoformat(midnight)
    with organization.api() as api:
        invoice = draft_invoice(api)
        api.update(f"invoices/{invoice['id']}", {"notes": "on the day"})
        api.update(f"invoices/{invoice['id']}", {"notes": "the day after"})
    for version, at in ((2, next_day - timedelta(microseconds=1)), (3, next_day)):
        sql = "UPDATE events SET recorded_at = %s WHERE originator_id = %s AND originator_version = %s"
        owner.execute(sql, (at, invoice["id"], version))
    sql = "UPDATE events SET recorded_at = %s WHERE originator_id = %s AND originator_version = 1"
    owner.execute(sql, (next_day - timedelta(days=1), invoice["id"]))
    for text in (day, instant(next_day - timedelta(microseconds=1)), f"{day} 23:59:59.999999"):
        shown = run("audit", "show", invoice["id"], "--as-of", text, "--json", env=env)
        assert json.loads(shown.out)["notes"] == "on the day"
    shown = run("audit", "show", invoice["id"], "--as-of", midnight, "--json", env=env)
    assert json.loads(shown.out)["notes"] == "the day after"


@pytest.mark.parametrize("text", ["soon", "2026-02-29", "31.10.2026", "2026-10-31T24:00", "2026-10-31 18:30 IST"])
def test_as_of_what_is_no_time_is_refused(env, text):
    done = run("audit", "show", "inv_1", "--as-of", text, env=env, status=2)
    assert "must be a day (2027-03-31), a time in your time zone (2027-03-31 18:30), or one with an offset" in done.err
