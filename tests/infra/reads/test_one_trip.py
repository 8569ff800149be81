"""A read is one trip to the database, and is refused as if its key had been looked up before anything else."""

import html

import pytest

from api.console.objects.kinds import OBJECT_PAGES
from api.ports.admission import KeyOwner
from commands.unit_of_work import Unavailable
from infra.identity.keys import revoke_key
from infra.log.admission import PLAN_ONCE, PostgresAdmissionControl
from infra.postgres.outcome import Outcome
from infra.postgres.statements import call_of
from infra.reads.queries import Queries
from tests.support.console import new_user, open_session
from tests.support.organization import Organization, credit_rows, set_limit
from tests.support.scenarios import bill_body, employee_body, invoice_body, leave_body, party_body
from tests.support.senders import new_webhook
from tests.support.trips import caller_of

LISTS = ["invoices", "invoices?status=draft&sort=dueDate", "invoices?search=acme", "bills", "leaves"]
LISTS += ["invoices?clientId=acme", "parties?role=client&sort=name", "employees"]
EVENTS = ["events", "events?order=desc", "events?order=desc&before=5&type=invoice.drafted", "events?after=1"]


def error_code(result):
    return result.status_code, result.json["error"]["code"]


@pytest.mark.parametrize("path", [*LISTS, *EVENTS, "me"])
def test_a_list_and_an_account_are_one_trip(trips, key, path):
    assert trips.send(key.raw, "POST", "invoices", json=invoice_body()).status_code == 201
    path, _, query = path.partition("?")
    with trips.counted() as count:
        assert trips.get(key.raw, path, query_string=query).status_code == 200
    assert count == [1]


def test_one_object_is_one_trip(trips, key):
    id = trips.send(key.raw, "POST", "invoices", json=invoice_body()).json["data"]["id"]
    with trips.counted() as count:
        assert trips.get(key.raw, f"invoices/{id}").json["data"]["id"] == id
        assert error_code(trips.get(key.raw, "invoices/inv_none")) == (404, "not_found")
    assert count == [2]


FILTERS = {"invoices": "status=sent&sort=dueDate", "bills": "search=acme", "leaves": "status=pending&type=sick"}
FILTERS |= {"debit-notes": "status=issued", "vendor-credits": "search=mills"}
FILTERS |= {"credit-notes": "status=draft&search=acme", "parties": "role=client&sort=name", "employees": "search=asha"}
PAGES = [
    *(path for kind in OBJECT_PAGES for path in (kind.path, f"{kind.path}?{FILTERS[kind.type.path]}&limit=1")),
    "/home/leaves/away",
    "/home/leaves/away?month=2099-03",
    "/settings/webhooks",
]
"""The lists of the console: of every kind of object, of who is away, and of webhooks."""


@pytest.fixture
def member(trips, local, owner):
    """The session of a user who has opened a page; the organization has two objects of each kind, and a saved view."""
    user = new_user(owner, local.id).user
    session, key = open_session(owner, user.id), local.new_key().raw
    bodies = (("invoices", invoice_body), ("bills", bill_body), ("leaves", leave_body), ("parties", party_body))
    for kind, body in (*bodies, ("employees", employee_body)):
        for _ in range(2):
            assert trips.send(key, "POST", kind, json=body()).status_code == 201
    new_webhook(owner, local.id, "https://127.0.0.1/hook")
    views = "INSERT INTO saved_views VALUES (%s, %s, %s, 'invoice', 'Mine', 'status=draft', true)"
    owner.execute(views, (local.id, f"view_{user.id}", user.id))
    assert trips.page(session, "/home/invoices").status_code == 200
    return session


@pytest.mark.parametrize("path", PAGES)
def test_a_list_of_the_console_is_one_trip_after_that_for_the_session(trips, member, path):
    with trips.counted() as count:
        assert trips.page(member, path).status_code == 200
    assert count == [2]


def test_the_second_page_of_a_list_of_the_console_is_one_trip(trips, member):
    first = trips.page(member, "/home/bills?limit=1").text
    following = html.unescape(first.partition('rel="next" href="')[2].partition('"')[0])
    with trips.counted() as count:
        assert trips.page(member, following).status_code == 200
    assert count == [2]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_the_events_of_one_object_are_one_trip(trips, key, order):
    id = trips.send(key.raw, "POST", "invoices", json=invoice_body()).json["data"]["id"]
    with trips.counted() as count:
        events = trips.get(key.raw, f"invoices/{id}/events", query_string=f"order={order}").json["data"]
    assert [event["type"] for event in events] == ["invoice.drafted"]
    assert count == [1]


def test_a_key_that_is_new_to_the_process_is_looked_up_first(trips, local):
    raw = local.new_key().raw
    with trips.counted() as count:
        assert trips.get(raw, "invoices").status_code == 200
    assert count == [2]


@pytest.mark.parametrize("path", ["invoices", "events", "invoices/inv_none/events", "me", "usage"])
def test_a_known_key_that_was_revoked_sees_nothing(trips, key, owner, path):
    revoke_key(owner, key.row["id"])
    assert error_code(trips.get(key.raw, path)) == (401, "api_key_revoked")
    assert error_code(trips.get(key.raw, path, query_string="x=1")) == (401, "api_key_revoked")


@pytest.mark.parametrize("path", ["invoices", "events", "invoices/inv_none/events"])
def test_a_known_key_without_credit_sees_nothing(trips, key, owner, path):
    set_limit(owner, key, 1)
    for query in ("", "x=1"):
        refused = trips.get(key.raw, path, query_string=query)
        assert error_code(refused) == (429, "rate_limited")
        assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert len(credit_rows(owner, key)) == 1


@pytest.mark.parametrize("path", ["invoices", "invoices/inv_none/events"])
def test_a_known_key_without_the_scope_sees_nothing_and_pays(trips, local, owner, path):
    key = local.new_key(["leaves:read"])
    assert trips.get(key.raw, "leaves").status_code == 200
    for query in ("", "x=1"):
        assert error_code(trips.get(key.raw, path, query_string=query)) == (403, "insufficient_scope")
    assert len(credit_rows(owner, key)) == 3


def test_a_known_key_without_credit_sees_its_account_for_nothing(trips, key, owner):
    set_limit(owner, key, 1)
    assert trips.get(key.raw, "me").json["data"]["credits"]["used"] == 1
    assert error_code(trips.get(key.raw, "me", query_string="x=1")) == (400, "unknown_parameter")
    assert len(credit_rows(owner, key)) == 1


@pytest.mark.parametrize("path", ["invoices", "invoices/inv_none", "events", "invoices/inv_none/events"])
def test_a_refused_query_costs_its_credit_and_shows_it(trips, key, owner, path):
    refused = trips.get(key.raw, path, query_string="x=1")
    assert error_code(refused) == (400, "unknown_parameter")
    assert len(credit_rows(owner, key)) == 2
    assert refused.headers["X-RateLimit-Remaining"] == str(1_000_000 - 2)


@pytest.mark.parametrize("wrong", ["organization", "scopes"])
def test_what_was_found_for_another_owner_is_thrown_away(trips, pool, local, owner, wrong):
    """What the process remembers of a key is no proof: here it is wrong."""
    key, other = local.new_key(["leaves:read"]), Organization("http://localhost", owner)
    remembered = {
        "organization": KeyOwner(other.id, key.row["id"], ("leaves:read",)),
        "scopes": KeyOwner(local.id, key.row["id"], ("billing:read", "leaves:read")),
    }
    caller = caller_of(key.raw, expected_owner=remembered[wrong])
    if wrong == "scopes":
        assert caller.scopes == ("billing:read", "leaves:read")  # the query is made for them
    names = call_of("SELECT org_id FROM organizations", ())
    queries = Queries(pool, PostgresAdmissionControl(pool))
    with pytest.raises(Unavailable):
        queries.run(caller, (PLAN_ONCE.call(caller.owner.org_id), names), Outcome.rows)
    assert queries.run(caller, (PLAN_ONCE.call(caller.owner.org_id), names), Outcome.rows) == [(local.id,)]
