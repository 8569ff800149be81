"""Two organizations: neither reads or changes anything of the other, by any route."""

import re

import psycopg
import pytest

from infra.postgres.database import set_organization
from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.scenarios import LEAVES, draft_bill, draft_invoice, open_bill, pending_leave, sent_invoice

CHANGES = {"invoices": {"notes": "x"}, "bills": {"notes": "x"}, "leaves": {"status": "approved", "note": "x"}}
STEPS = {"invoices": "void", "bills": "void", "leaves": "cancelled"}
ROUTES = {
    "show": lambda api, path, change: api.get(path),
    "show, known": lambda api, path, change: api.get(path, headers={"If-None-Match": '"1"'}),
    "show as it was": lambda api, path, change: api.get(path, params={"version": 1}),
    "show its history": lambda api, path, change: api.get(f"{path}/events"),
    "change": lambda api, path, change: api.patch(path, json=change),
    "change nothing": lambda api, path, change: api.patch(path, json={}),
    "change, wrongly": lambda api, path, change: api.patch(path, json={"bogus": 1}),
    "change, stale": lambda api, path, change: api.patch(path, json=change, headers={"If-Match": '"99"'}),
    "change, safely": lambda api, path, change: api.patch(path, json=change, headers={"Idempotency-Key": "k"}),
    "step": lambda api, path, change: api.patch(path, json={"status": STEPS[path.partition("/")[0]]}),
    "pay": lambda api, path, change: api.post(f"{path}/payments", json={"amount": 1, "paidOn": "2026-01-20"}),
    "pay, wrongly": lambda api, path, change: api.post(f"{path}/payments", json={}),
}
"""Every route that names one object, and every way in which it could tell that the object is there."""
MAKERS = {
    "invoices": [draft_invoice, sent_invoice],
    "bills": [draft_bill, open_bill],
    "leaves": [pending_leave, LEAVES["approved"]],
}
TRIED = [
    (collection, make, route)
    for collection, makers in MAKERS.items()
    for make in makers
    for route in ROUTES
    if collection != "leaves" or "pay" not in route
]

QUERIES = [
    {},
    {"search": "acme"},
    {"clientId": "acme"},
    {"status": "draft,sent,partially_paid,paid,void"},
    {"overdue": "false"},
    {"dateFrom": "2026-01-10", "dateTo": "2026-01-10"},
    {"dueFrom": "2000-01-01"},
    {"updatedSince": "2000-01-01T00:00:00Z"},
    {"include": "items", "sort": "totalAmount"},
]


@pytest.fixture
def other(other_organization):
    return other_organization.api()


@all_cases(("collection", "make", "route"), TRIED)
def test_another_organization_s_object_is_not_found(api, other, collection, make, route):
    theirs = make(other)
    nobodys = theirs["id"].partition("_")[0] + "_" + "0" * 26
    foreign, missing = (ROUTES[route](api, f"{collection}/{id}", CHANGES[collection]) for id in (theirs["id"], nobodys))
    error_of(foreign, 404, "not_found")
    assert shape(foreign, theirs["id"]) == shape(missing, nobodys)
    assert other.read(f"{collection}/{theirs['id']}") == theirs


def shape(response, id):
    """The answer without what differs from one request to the next."""
    text = re.sub(r"req_[0-9a-f]+", "<request>", response.text.replace(id, "<id>"))
    return response.status_code, text, sorted(response.headers)


@pytest.mark.parametrize("query", QUERIES)
def test_another_organization_s_invoices_are_in_no_list(api, other, query):
    sent_invoice(other)
    mine = sent_invoice(api)
    assert [invoice["id"] for invoice in api.read("invoices", **query)] == [mine["id"]]


@all_cases("path", ["bills", "leaves", "events"])
def test_another_organization_s_objects_are_in_no_other_list(api, other, path):
    for make in (draft_bill, pending_leave):
        make(other)
    assert api.read(path) == []


def test_another_organization_s_numbers_are_free(api, other):
    assert draft_invoice(other)["invoiceNumber"] == draft_invoice(api)["invoiceNumber"]
    assert draft_invoice(other, invoiceNumber="A/1")["id"] != draft_invoice(api, invoiceNumber="A/1")["id"]


def test_another_organization_s_cursor_is_refused(api, other):
    for _ in range(2):
        draft_invoice(other)
        draft_invoice(api)
    cursor = other.get("invoices", params={"limit": 1}).json()["pagination"]["nextCursor"]
    error_of(api.get("invoices", params={"limit": 1, "cursor": cursor}), 400, "invalid_cursor")


def test_the_account_is_that_of_the_key(api, other, organization, other_organization):
    accounts = [mine.read("me") for mine in (api, other)]
    assert [account["organization"]["id"] for account in accounts] == [organization.id, other_organization.id]
    assert accounts[0]["key"]["id"] != accounts[1]["key"]["id"]


def test_another_organization_s_requests_cost_no_credit_here(api, other):
    draft_invoice(other)
    assert api.read("me")["credits"]["used"] == 0


VIEWS = ["invoice_list", "api_key_list", "credit_list", "credit_window_list", "organizations", "org_log", "events"]


@all_cases("view", VIEWS)
def test_a_query_without_a_condition_on_the_organization_returns_only_its_rows(api, other, organization, pool, view):
    draft_invoice(api)
    draft_invoice(other)
    with pool.connection() as conn, conn.transaction():
        conn.execute(set_organization(organization.id))
        seen = {row[0] for row in conn.execute(f"SELECT DISTINCT org_id FROM {view}")}
    assert seen == {organization.id}


@all_cases("view", VIEWS)
def test_a_query_outside_any_organization_returns_nothing(api, pool, view):
    draft_invoice(api)
    with pool.connection() as conn:
        assert conn.execute(f"SELECT count(*) FROM {view}").fetchone() == (0,)


@pytest.mark.parametrize(("table", "column"), [("invoices", "org_id"), ("org_log", "position")])
def test_an_update_in_the_name_of_another_organization_changes_nothing(api, pool, table, column):
    draft_invoice(api)
    with pool.connection() as conn, conn.transaction():
        conn.execute(set_organization("nobody"))
        assert conn.execute(f"UPDATE {table} SET {column} = {column}").rowcount == 0


@pytest.mark.parametrize("statement", ["UPDATE events SET name = ''", "DELETE FROM events", "DELETE FROM invoices"])
def test_the_application_cannot_rewrite_history(pool, statement):
    with pool.connection() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement)
