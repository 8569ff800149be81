"""A list that is requested often has a statement of its own, which selects the same rows and is refused as before."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from infra.postgres.statements import call_of, with_constants
from infra.reads.objects import own_plans
from infra.reads.objects.own_plans import OFTEN, OwnPlans
from tests.support.organization import credit_rows
from tests.support.scenarios import invoice_body

VALUES = [
    "",
    "it's a \\' trap $1; DROP TABLE invoices --",
    "\\",
    "ज्ञान",
    True,
    -(2**62),
    b"\x00\xff",
    date(2000, 2, 29),
    datetime(2026, 11, 26, 12, 0, 0, 1, UTC),
    Decimal("-12.3400"),
    ["a", "", "b'c\\", "NULL", "{d,e}"],
    None,
]


@pytest.mark.parametrize("conforming", ["on", "off"])
def test_constants_mean_the_same_as_values(owner, conforming):
    values = tuple(value for value in VALUES if value is not None)
    call = call_of(f"SELECT {', '.join(['%s'] * len(values))}", values)
    with owner.transaction():
        owner.execute(f"SET LOCAL standard_conforming_strings = {conforming}")
        owner.execute("SET LOCAL escape_string_warning = off")
        row = owner.execute(with_constants(call).sql).fetchone()
    assert row == values


def test_null_keeps_its_type(owner):
    call = call_of("SELECT %s", ("",))._replace(parameters=[None])
    assert with_constants(call).sql == b"SELECT NULL::text"


def test_only_what_is_requested_often_gets_a_statement(monkeypatch):
    plans, call, other = OwnPlans(), call_of("SELECT %s", ("a",)), call_of("SELECT %s", ("b",))
    assert [plans.find(call) is None for _ in range(OFTEN)] == [True] * (OFTEN - 1) + [False]
    assert plans.find(other) is None
    own = plans.find(call)
    assert own is not None
    assert own.statement.sql == b"SELECT E'a'::text"
    monkeypatch.setattr(own_plans, "MAX_COUNTED", 1)
    assert plans.find(call) is None  # counting begins again


def test_a_list_is_the_same_before_and_after(trips, key, owner):
    for name in ("O'Hara", "O'Hara", "Acme"):
        assert trips.send(key.raw, "POST", "invoices", json=invoice_body(clientName=name)).status_code == 201
    query = "search=O'Hara&dateFrom=2000-01-01&sort=totalAmount&limit=1"
    before = len(credit_rows(owner, key))
    pages = [trips.get(key.raw, "invoices", query_string=query) for _ in range(OFTEN + 2)]
    assert {page.status_code for page in pages} == {200}
    assert {page.content for page in pages} == {pages[0].content}
    assert pages[0].json["data"][0]["clientName"] == "O'Hara"
    assert len(credit_rows(owner, key)) == before + len(pages)
    remaining = [int(page.headers["X-RateLimit-Remaining"]) for page in pages]
    assert remaining == sorted(remaining, reverse=True)
    with trips.counted() as count:
        trips.get(key.raw, "invoices", query_string=query)
    assert count == [1]


def test_a_list_that_fails_costs_its_credit(trips, key, owner, monkeypatch):
    """The admission is in the transaction of the list. When the list fails, the admission is sent again."""
    before = len(credit_rows(owner, key))
    failing = "SELECT 1/0, {columns} FROM {source} ORDER BY {order} LIMIT {limit}"
    monkeypatch.setattr("projections.query.page._PAGE", failing)
    with trips.counted() as count:
        assert trips.get(key.raw, "invoices", query_string="limit=7").status_code == 500
    assert count == [2]
    assert len(credit_rows(owner, key)) == before + 1
