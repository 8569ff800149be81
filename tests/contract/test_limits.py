"""Each limit of a key under 64 racers over two processes, by a stopped clock: exact, and each answer to the letter.

Seen red: without the lock on the row of the key's window, with a burst that counts by `at` after the clock was set
back, and with one that counts longer than a second.
"""

from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from domain.accounts.window import CREDIT_WINDOW
from domain.calendar import instant
from infra.postgres.database import connect_as_table_owner
from tests.support.client import Api
from tests.support.moved_clock import MovedClock
from tests.support.organization import Organization, credit_rows
from tests.support.service import Service
from tests.support.waiting import run_at_once

RACERS = 64
MICROSECOND, SECOND, HOUR = timedelta(microseconds=1), timedelta(seconds=1), timedelta(hours=1)
START = datetime.now(UTC).replace(microsecond=250_000)
WINDOW_SECONDS = 30 * 24 * 3600


@pytest.fixture(scope="module")
def database(new_database):
    return new_database()


@pytest.fixture(scope="module")
def owner(database):
    """A connection to the database of the module, as the owner of its tables."""
    with connect_as_table_owner(database) as conn:
        yield conn


@pytest.fixture(scope="module")
def clock_of_module(owner):
    return MovedClock(owner)


@pytest.fixture
def clock(clock_of_module):
    clock_of_module.stop(START)
    return clock_of_module


@pytest.fixture(scope="module")
def url(database, clock_of_module):
    with Service(database, "--workers", "2") as service:
        yield service.url


@pytest.fixture(scope="module")
def clients(url):
    with ExitStack() as opened:
        yield [opened.enter_context(Api(url, None)) for _ in range(RACERS)]


@pytest.fixture
def organization(url, owner):
    return Organization(url, owner)


@pytest.fixture
def race(clients):
    """A function that sends one request of each client at the same moment, and returns the answers by status."""

    def send(key, path="invoices"):
        headers = {"Authorization": f"Bearer {key.raw}"}
        answers = run_at_once(RACERS, lambda number: clients[number].get(path, headers=headers))
        found: dict[int, list[httpx.Response]] = {}
        for answer in answers:
            found.setdefault(answer.status_code, []).append(answer)
        return found

    return send


def counts(found):
    return {status: len(answers) for status, answers in found.items()}


def limits_of(answers):
    """How often each pair of rate-limit headers occurs, with what the older ones say and Retry-After."""
    names = ("RateLimit-Policy", "RateLimit", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
    return Counter(tuple(answer.headers[name] for name in names) for answer in answers)


def facts_of(answers):
    """The only error of these answers, without the members that every error has, with its message and Retry-After."""
    common = ("code", "status", "details", "requestId", "docUrl")
    errors = [answer.json()["error"] for answer in answers]
    facts = [{name: value for name, value in error.items() if name not in common} for error in errors]
    assert all(each == facts[0] for each in facts) and {error["code"] for error in errors} == {"rate_limited"}
    return facts[0], {answer.headers["Retry-After"] for answer in answers}


def window(limit, remaining, seconds=WINDOW_SECONDS, more_policies="", more_states=""):
    """The rate-limit headers of a response."""
    return (
        f'"rolling-30d";q={limit};w={WINDOW_SECONDS}{more_policies}',
        f'"rolling-30d";r={remaining};t={seconds}{more_states}',
        str(limit),
        str(remaining),
        str(seconds),
    )


def with_burst(remaining, burst, left, seconds=WINDOW_SECONDS, wait=1):
    return window(1000, remaining, seconds, f', "burst";q={burst};w=1', f', "burst";r={left};t={wait}')


def test_the_window_is_exact(race, organization, clock, owner):
    key = organization.new_key(limit=10)
    passed = race(key)
    assert counts(passed) == {200: 10, 429: 54}
    assert limits_of(passed[200]) == {window(10, left): 1 for left in range(10)}
    assert limits_of(passed[429]) == {window(10, 0): 54}
    end = instant(START + CREDIT_WINDOW)
    words = (
        f"This key has spent all its 10 credits of the rolling 30 days. It can send the next request at {end}; wait "
        f"{WINDOW_SECONDS} seconds, or let an owner or admin raise the limit in the console: /settings/developer/keys/"
        f"{key.row['id']}/edit."
    )
    facts = {"limit": 10, "used": 10, "windowDays": 30, "resetAt": end, "fullyResetAt": end}
    assert facts_of(passed[429]) == ({"policy": "rolling-30d", "message": words, **facts}, {str(WINDOW_SECONDS)})
    clock.move(-HOUR)
    assert counts(race(key)) == {429: RACERS}
    clock.stop(START + CREDIT_WINDOW - MICROSECOND)
    refused = race(key)
    assert limits_of(refused[429]) == {window(10, 0, 1): RACERS} and facts_of(refused[429])[1] == {"1"}
    clock.move(MICROSECOND)
    assert counts(race(key)) == {200: 10, 429: 54}
    assert [seq for seq, _ in credit_rows(owner, key)] == list(range(1, 21))


def test_a_burst_is_exact_and_costs_nothing_beyond(race, organization, clock, owner):
    key = organization.new_key(limit=1000, burst=10)
    passed = race(key)
    assert counts(passed) == {200: 10, 429: 54}
    assert limits_of(passed[200]) == {with_burst(990 + left, 10, left): 1 for left in range(10)}
    assert limits_of(passed[429]) == {with_burst(990, 10, 0): 54}
    words = (
        "This key may send 10 requests in a second, and has. Wait 1 second and send the request again, more slowly; or "
        f"let an owner or admin raise the burst in the console: /settings/developer/keys/{key.row['id']}/edit."
    )
    end = instant(START + SECOND)
    facts = {"policy": "burst", "limit": 10, "used": 10, "windowSeconds": 1, "resetAt": end, "message": words}
    assert facts_of(passed[429]) == (facts, {"1"})
    clock.move(SECOND - MICROSECOND)
    assert facts_of(race(key)[429]) == (facts, {"1"})
    clock.move(MICROSECOND)
    passed = race(key)
    assert limits_of(passed[200]) == {with_burst(980 + left, 10, left, WINDOW_SECONDS - 1): 1 for left in range(10)}
    assert [seq for seq, _ in credit_rows(owner, key)] == list(range(1, 21))


def test_a_second_rolls_request_by_request(clients, organization, clock):
    key = organization.new_key(limit=1000, burst=3)

    def ask():
        return clients[0].get("invoices", headers={"Authorization": f"Bearer {key.raw}"})

    for _ in range(3):
        assert ask().status_code == 200
        clock.move(SECOND / 4)
    refused = ask()
    assert refused.json()["error"]["resetAt"] == instant(START + SECOND)
    clock.move(SECOND / 4)
    assert [ask().status_code for _ in range(2)] == [200, 429]
    clock.move(SECOND / 4)
    assert [ask().status_code for _ in range(2)] == [200, 429]


@pytest.mark.parametrize("back", [HOUR, timedelta(days=2), timedelta(days=40)], ids=str)
def test_a_clock_that_is_set_back_neither_stops_a_burst_nor_lifts_it(race, organization, clock, owner, back):
    key = organization.new_key(limit=1000, burst=10)
    assert counts(race(key)) == {200: 10, 429: 54}
    clock.move(-back)
    for _ in range(3):
        passed = race(key)
        assert counts(passed) == {200: 10, 429: 54}
        facts, waits = facts_of(passed[429])
        assert facts["resetAt"] == instant(clock.move(SECOND)) and waits == {"1"}
    clock.stop(START + MICROSECOND)  # it has caught up: its first pass here was long ago
    assert counts(race(key)) == {200: 10, 429: 54}
    rows = credit_rows(owner, key)
    assert [seq for seq, _ in rows] == list(range(1, 51))
    assert [at for _, at in rows] == sorted(at for _, at in rows)


def test_a_clock_that_is_set_back_by_less_than_a_second_does_not_lift_a_burst(race, organization, clock):
    key = organization.new_key(limit=1000, burst=10)
    assert counts(race(key)) == {200: 10, 429: 54}
    clock.move(-SECOND / 2)
    facts, waits = facts_of(race(key)[429])
    assert (facts["resetAt"], waits) == (instant(START + SECOND), {"2"})
    clock.stop(START + SECOND)
    assert counts(race(key)) == {200: 10, 429: 54}


def test_free_requests_are_never_beyond_a_burst_and_show_it(race, organization, clock):
    key = organization.new_key(limit=1000, burst=1)
    assert limits_of(race(key, "me")[200]) == {with_burst(1000, 1, 1, 0, 0): RACERS}
    assert counts(race(key)) == {200: 1, 429: 63}
    passed = race(key, "usage")
    assert limits_of(passed[200]) == {with_burst(999, 1, 0): RACERS}


def test_without_credit_the_window_is_named_and_the_burst_shown(race, organization, clock):
    key = organization.new_key(limit=5, burst=5)
    refused = race(key)[429]
    assert facts_of(refused)[0]["policy"] == "rolling-30d"
    policies = window(5, 0, WINDOW_SECONDS, ', "burst";q=5;w=1', ', "burst";r=0;t=1')
    assert limits_of(refused) == {policies: 59}
    clock.move(SECOND)
    assert race(key)[429][0].headers["RateLimit"].endswith(', "burst";r=5;t=0')


def test_an_expiry_is_exact_and_refused_requests_cost_nothing(race, organization, clock, owner):
    key = organization.new_key(expires_at=START + HOUR)
    clock.move(HOUR - MICROSECOND)
    assert counts(race(key)) == {200: RACERS}
    clock.move(MICROSECOND)
    refused = race(key)
    assert counts(refused) == {401: RACERS}
    message = "This API key has expired; use its newer secret or create another key."
    for answer in refused[401]:
        error = answer.json()["error"]
        assert (error["code"], error["message"], error["details"]) == ("api_key_expired", message, [])
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert not [name for name in answer.headers if "ratelimit" in name.lower() or name.lower() == "retry-after"]
    clock.move(-MICROSECOND)
    assert counts(race(key)) == {200: RACERS}
    assert len(credit_rows(owner, key)) == 2 * RACERS
