"""Each limit under 64 racers over two processes, by a stopped clock: exact, and each answer to the letter.

Seen red: without the lock on the row of the key's window, with a burst that counts by `at` after the clock was set
back, and with one that counts longer than a second; without the lock on the window of the budget, and with a 429 that
always names the budget.
"""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest

from domain.accounts.window import CREDIT_WINDOW
from domain.calendar import instant
from infra.identity.budget import set_budget
from infra.identity.keys import revoke_key, update_key
from infra.postgres.database import connect_as_table_owner
from tests.support.client import Api
from tests.support.limits import (
    WINDOW_SECONDS,
    by_status,
    change_meanwhile,
    counts,
    facts_of,
    limits_of,
    used_of,
    window,
)
from tests.support.moved_clock import MovedClock
from tests.support.organization import Organization, credit_rows
from tests.support.service import Service
from tests.support.waiting import run_at_once

RACERS = 64
FEW_RACERS = 24
"""How many send requests while a limit is changed, in `make test`: each sends several, one after the other."""
MICROSECOND, SECOND, HOUR = timedelta(microseconds=1), timedelta(seconds=1), timedelta(hours=1)
START = datetime.now(UTC).replace(microsecond=250_000)


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
        return by_status(run_at_once(RACERS, lambda number: clients[number].get(path, headers=headers)))

    return send


@pytest.fixture
def race_keys(clients):
    """The same with several keys, which the racers use in turn."""

    def send(keys):
        headers = [{"Authorization": f"Bearer {key.raw}"} for key in keys]
        return by_status(
            run_at_once(RACERS, lambda number: clients[number].get("invoices", headers=headers[number % len(keys)]))
        )

    return send


@pytest.fixture(params=[FEW_RACERS, pytest.param(RACERS, marks=pytest.mark.long)], ids="{} racers".format)
def change_while_racing(clients, request):
    """A function that makes a change while clients send requests with these keys, each with its own in turn."""

    def send(keys, change):
        headers = [{"Authorization": f"Bearer {key.raw}"} for key in keys]

        def racer(number):
            own = cycle(headers[number :: request.param] or [headers[number % len(keys)]])
            return lambda: clients[number].get("invoices", headers=next(own))

        return change_meanwhile([racer(number) for number in range(request.param)], change)

    return send


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
        "This key may send 10 requests in a second, and has already done so. Wait 1 second and send the "
        "request again, more slowly; or "
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


# ── The budget of the organization ──────────────────────────────────────────────────────────────────────────────────


def with_budget(key_left, budget, left, seconds=WINDOW_SECONDS, wait=WINDOW_SECONDS, limit=1000):
    policies, states = f', "organization";q={budget};w={WINDOW_SECONDS}', f', "organization";r={left};t={wait}'
    return window(limit, key_left, seconds, policies, states)


def budget_facts(limit, used, at, seconds=WINDOW_SECONDS, until=None):
    """The error of a request beyond the budget."""
    words = (
        f"Your organization has spent all the {limit} credits of its budget for the rolling 30 days, which its keys "
        f"share. Its keys can send the next request at {at}; wait {seconds} second{'' if seconds == 1 else 's'}, "
        "or let an owner or admin raise the budget in the console: /settings/developer/budget."
    )
    facts = {"limit": limit, "used": used, "windowDays": 30, "resetAt": at, "fullyResetAt": until or at}
    return {"policy": "organization", "message": words, **facts}


def ledger(owner, organization):
    """The numbers in the ledger of the budget, and whether its times never decrease."""
    rows = owner.execute("SELECT seq, at FROM budget_credits WHERE org_id = %s ORDER BY seq", (organization.id,))
    numbers, times = zip(*rows.fetchall(), strict=True)
    return list(numbers), list(times) == sorted(times)


def spent(owner, keys):
    return [len(credit_rows(owner, key)) for key in keys]


def test_a_budget_is_exact_over_all_keys_and_costs_nothing_beyond(race_keys, organization, clock, owner):
    keys = [organization.new_key(limit=1000) for _ in range(4)]
    set_budget(owner, organization.id, 10)
    passed = race_keys(keys)
    assert counts(passed) == {200: 10, 429: 54}
    assert sorted(used_of(answer, "organization") for answer in passed[200]) == list(range(1, 11))
    end = instant(START + CREDIT_WINDOW)
    assert facts_of(passed[429]) == (budget_facts(10, 10, end), {str(WINDOW_SECONDS)})
    assert sum(spent(owner, keys)) == 10 and ledger(owner, organization) == ([*range(1, 11)], True)
    clock.move(-HOUR)
    assert counts(race_keys(keys)) == {429: RACERS}
    clock.stop(START + CREDIT_WINDOW - MICROSECOND)
    refused = race_keys(keys)
    assert facts_of(refused[429]) == (budget_facts(10, 10, end, 1), {"1"})
    clock.move(MICROSECOND)
    assert counts(race_keys(keys)) == {200: 10, 429: 54}
    assert sum(spent(owner, keys)) == 20 and ledger(owner, organization) == ([*range(1, 21)], True)


def test_each_answer_lists_the_budget_and_free_requests_show_it(race, organization, clock, owner):
    key = organization.new_key(limit=1000)
    set_budget(owner, organization.id, 70)
    assert limits_of(race(key, "me")[200]) == {with_budget(1000, 70, 70, 0, 0): RACERS}
    passed = race(key)[200]
    assert limits_of(passed) == {with_budget(936 + left, 70, 6 + left): 1 for left in range(RACERS)}
    end = instant(START + CREDIT_WINDOW)
    shown = {"limit": 70, "used": 64, "remaining": 6, "windowDays": 30, "resetAt": end, "fullyResetAt": end}
    for path in ("me", "usage"):
        found = race(key, path)[200]
        assert limits_of(found) == {with_budget(936, 70, 6): RACERS}
        assert all(answer.json()["data"]["organizationCredits"] == shown for answer in found)


def test_a_new_budget_counts_what_was_used_before(race, race_keys, organization, clock, owner):
    first, second, revoked = (organization.new_key(limit=limit) for limit in (3, 1000, 2))
    assert [counts(race(key))[200] for key in (first, revoked)] == [3, 2]
    revoke_key(owner, revoked.row["id"])
    clock.move(HOUR)
    set_budget(owner, organization.id, 15)
    assert counts(race(second)) == {200: 10, 429: 54}
    minute = START.replace(second=0, microsecond=0) + timedelta(minutes=1)
    end, latest = instant(minute + CREDIT_WINDOW), instant(START + HOUR + CREDIT_WINDOW)
    wait = WINDOW_SECONDS - 3600 + 60 - START.second  # rounded up: START is at a quarter of a second
    facts, waits = facts_of(race(second)[429])
    assert (facts, waits) == (budget_facts(15, 15, end, wait, latest), {str(wait)})
    clock.stop(minute + CREDIT_WINDOW - MICROSECOND)
    assert counts(race_keys([first, second])) == {429: RACERS}
    clock.move(MICROSECOND)
    assert counts(race_keys([first, second])) == {200: 5, 429: 59}
    set_budget(owner, organization.id, None)
    assert counts(race(second)) == {200: RACERS}
    set_budget(owner, organization.id, 1)  # what was used while there was none counts, too
    facts, _ = facts_of(race(second)[429])
    assert facts["used"] == sum(spent(owner, [first, second, revoked])) - 5


def test_of_two_windows_that_are_used_up_the_one_with_the_longer_wait_is_named(race, organization, clock, owner):
    early, late = organization.new_key(limit=4), organization.new_key(limit=10)
    set_budget(owner, organization.id, 10)
    assert counts(race(early)) == {200: 4, 429: 60}
    clock.move(HOUR)
    assert counts(race(late)) == {200: 6, 429: 58}
    assert facts_of(race(late)[429])[0]["policy"] == "organization"
    facts, waits = facts_of(race(early)[429])  # both are used up until the same moment: the key's own window is named
    assert (facts["policy"], waits) == ("rolling-30d", {str(WINDOW_SECONDS - 3600)})
    set_budget(owner, organization.id, 5)
    facts, waits = facts_of(race(early)[429])
    assert facts == budget_facts(5, 10, instant(START + HOUR + CREDIT_WINDOW), until=None)
    assert waits == {str(WINDOW_SECONDS)}


def test_a_burst_comes_before_a_budget_only_while_there_is_credit(race, organization, clock, owner):
    key = organization.new_key(limit=1000, burst=10)
    set_budget(owner, organization.id, 15)
    assert facts_of(race(key)[429])[0]["policy"] == "burst"
    clock.move(SECOND)
    passed = race(key)
    assert counts(passed) == {200: 5, 429: 59}
    assert facts_of(passed[429])[0]["policy"] == "organization"
    more = (
        f', "burst";q=10;w=1, "organization";q=15;w={WINDOW_SECONDS}',
        f', "burst";r=5;t=1, "organization";r=0;t={WINDOW_SECONDS - 1}',
    )
    assert limits_of(passed[429]) == {window(1000, 985, WINDOW_SECONDS - 1, *more): 59}


@pytest.mark.parametrize("back", [HOUR, timedelta(days=40)], ids=str)
def test_a_clock_that_is_set_back_gives_no_credit_of_a_budget_again(race, organization, clock, owner, back):
    keys = [organization.new_key(limit=1000) for _ in range(2)]
    set_budget(owner, organization.id, 10)
    assert counts(race(keys[0])) == {200: 10, 429: 54}
    clock.move(-back)
    facts, waits = facts_of(race(keys[1])[429])
    wait = WINDOW_SECONDS + int(back.total_seconds())
    assert (facts, waits) == (budget_facts(10, 10, instant(START + CREDIT_WINDOW), wait), {str(wait)})


def test_the_keys_of_a_new_budget_are_found_whatever_they_do_meanwhile(change_while_racing, organization, clock, owner):
    keys = [organization.new_key(limit=1000) for _ in range(4 * RACERS)]  # none was used before
    found = change_while_racing(keys, lambda: set_budget(owner, organization.id, 1))
    assert {answer.status_code for answer in found.before} == {200}
    assert {answer.status_code for answer in found.after} == {429}
    facts, _ = facts_of(found.after)
    assert facts["used"] == len(by_status(found.all)[200]) == sum(spent(owner, keys))


# ── Limits that are changed while requests are sent ─────────────────────────────────────────────────────────────────


def is_dense(found, policy="rolling-30d"):
    """Whether each admitted request had a number of its own, without gaps, whatever the limit was."""
    numbers = sorted(used_of(answer, policy) for answer in by_status(found.all)[200])
    return numbers == [*range(1, len(numbers) + 1)]


@pytest.mark.parametrize(("first", "then"), [(5, 40), (100_000, 5)])
def test_a_limit_that_is_changed_meanwhile_is_exact(change_while_racing, organization, clock, owner, first, then):
    key = organization.new_key(limit=first)
    found = change_while_racing([key], lambda: update_key(owner, key.row["id"], credit_limit=then))
    admitted = by_status(found.all)[200]
    assert is_dense(found) and len(admitted) == len(credit_rows(owner, key))
    assert len(admitted) == 40 if first < then else {answer.status_code for answer in found.after} == {429}
    assert len(by_status(found.before).get(200, [])) <= first
    errors = [answer.json()["error"] for answer in by_status(found.after)[429]]
    assert {error["limit"] for error in errors} == {then}
    assert max(error["used"] for error in errors) == len(
        admitted
    )  # one that was admitted during the change may come later


@pytest.mark.parametrize(("first", "then"), [(5, 40), (100_000, 5)])
def test_a_budget_that_is_changed_meanwhile_is_exact(change_while_racing, organization, clock, owner, first, then):
    keys = [organization.new_key(limit=100_000) for _ in range(4)]
    set_budget(owner, organization.id, first)
    found = change_while_racing(keys, lambda: set_budget(owner, organization.id, then))
    admitted = by_status(found.all)[200]
    assert is_dense(found, "organization") and len(admitted) == sum(spent(owner, keys))
    assert ledger(owner, organization) == ([*range(1, len(admitted) + 1)], True)
    assert len(admitted) == 40 if first < then else {answer.status_code for answer in found.after} == {429}
    facts = {
        (answer.json()["error"]["limit"], answer.json()["error"]["used"]) for answer in by_status(found.after)[429]
    }
    assert facts == {(then, len(admitted))}


def test_a_budget_that_is_removed_meanwhile_stops_nothing_more(change_while_racing, organization, clock, owner):
    key = organization.new_key()
    set_budget(owner, organization.id, 5)
    found = change_while_racing([key], lambda: set_budget(owner, organization.id, None))
    assert counts(by_status(found.before))[200] <= 5
    assert {answer.status_code for answer in found.after} == {200} and is_dense(found)
    assert not [answer for answer in found.after if "organization" in answer.headers["RateLimit"]]


def test_a_burst_that_is_changed_meanwhile_is_exact(change_while_racing, organization, clock, owner):
    key = organization.new_key(limit=100_000)
    found = change_while_racing([key], lambda: update_key(owner, key.row["id"], burst=7))
    assert {answer.status_code for answer in found.before} == {200} and is_dense(found)
    assert {answer.status_code for answer in found.after} == {429}  # the clock stands still, and 7 were sent by now
    facts, waits = facts_of(found.after)
    assert (facts["policy"], facts["limit"], facts["used"], waits) == ("burst", 7, 7, {"1"})
    assert len(by_status(found.all)[200]) == len(credit_rows(owner, key))


CHANGES = [
    ({"expires_at": START + HOUR}, {"expires_at": None}, 401, "api_key_expired"),  # the service's clock is past it
    ({"allowed_cidrs": ("203.0.113.0/24",)}, {"allowed_cidrs": ()}, 403, "address_not_allowed"),
]


@pytest.mark.parametrize(("changes", "undone", "status", "code"), CHANGES, ids=["an expiry", "a network"])
def test_what_a_change_forbids_is_refused_from_then_on_and_what_it_allows_passes(
    change_while_racing, organization, clock, owner, changes, undone, status, code
):
    clock.stop(START + 2 * HOUR)
    key = organization.new_key(limit=100_000)
    found = change_while_racing([key], lambda: update_key(owner, key.row["id"], **changes))
    assert {answer.status_code for answer in found.before} == {200} and is_dense(found)
    assert {(answer.status_code, answer.json()["error"]["code"]) for answer in found.after} == {(status, code)}
    back = change_while_racing([key], lambda: update_key(owner, key.row["id"], **undone))
    assert {answer.status_code for answer in back.before} == {status}
    assert {answer.status_code for answer in back.after} == {200}
    assert len(credit_rows(owner, key)) == sum(answer.status_code == 200 for answer in [*found.all, *back.all])
