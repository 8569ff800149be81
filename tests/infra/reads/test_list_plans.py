"""Lists with one plan for all values: an index has their rows in order, so no value makes another plan better."""

import psycopg
import pytest

from api.account.requests import REQUEST_LIST
from infra.postgres.statements import call_of
from tests.growth.data import Size, fill
from tests.projections.test_listing import LISTINGS, STATUS, VALUES

ONLY_INDEX_SCANS = [f"SET enable_{way} = off" for way in ("seqscan", "bitmapscan", "sort", "incremental_sort")]
VALUE_OF_SORT = {"timestamptz": "2026-01-31T00:00:00Z", "date": "2026-01-31", "numeric": "1.00", "text": "x"}


@pytest.fixture(scope="module")
def planner(database):
    """A connection to a database with some rows: among none, PostgreSQL takes any index for as good as another."""
    with psycopg.connect(database, autocommit=True) as conn:
        fill(conn, Size(1000, others=2))
        for statement in ONLY_INDEX_SCANS:
            conn.execute(statement)
        yield conn


def plan_of(planner, query):
    sql = call_of(query.sql, query.args).statement.sql.decode()
    return [line for (line,) in planner.execute(f"EXPLAIN (GENERIC_PLAN) {sql}")]


def queries_with_one_plan():
    for name, listing in LISTINGS.items():
        values = {**VALUES, "status": STATUS[name]}
        for sort in listing.sorts:
            for filter in (None, *listing.same_plan.get(sort, ())):
                for sign in ("", "-"):
                    yield name, sign + sort, {} if filter is None else {filter: values[filter]}


@pytest.mark.parametrize(("name", "sort", "filters"), [*queries_with_one_plan()])
@pytest.mark.parametrize("continues", [False, True], ids=["first page", "next page"])
def test_an_index_has_the_rows_in_order(planner, name, sort, filters, continues):
    listing = LISTINGS[name]
    query = listing.query("org_1", {**filters, "sort": sort})
    assert not query.plans_by_value
    if continues:
        _, kind = listing.sorts[sort.lstrip("-")]
        cursor = query.cursor_after(kind.parse(VALUE_OF_SORT[kind.sql]), "id_1")
        query = listing.query("org_1", {**filters, "sort": sort, "cursor": cursor})
    plan = plan_of(planner, query)
    assert any("Index Scan" in line for line in plan)
    # The key by which a Merge Append takes rows that come in order is no sort.
    sorts = [line for line in plan if "Sort" in line.replace("Sort Key", "")]
    assert not [*sorts, *(line for line in plan if line.strip().startswith("Filter:"))], "\n".join(plan)


@pytest.mark.parametrize("name", LISTINGS)
def test_any_other_list_is_planned_for_its_values(name):
    words = ",".join(LISTINGS[name].filters["status"].parameter().choices[:2])
    for filters in ({"search": "acme"}, {"status": words}, {"dateFrom": "2026-01-31"}, {"metadata[a]": "b"}):
        assert LISTINGS[name].query("org_1", filters).plans_by_value, filters


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"status": "4xx"},
        {"status": "404"},
        {"method": "GET"},
        {"errorCode": "not_found"},
    ],
)
def test_requests_are_not_planned_each_time_for_a_year_of_partitions(filters):
    assert not REQUEST_LIST.query("org_1", filters).plans_by_value


@pytest.mark.parametrize("name", ["from", "to"])
def test_times_are_planned_by_their_value(name):
    """With one plan for all times, a later page reads from the beginning of the time: 1 035 instead of 200 blocks."""
    assert REQUEST_LIST.query("org_1", {name: "2026-01-31T00:00:00Z"}).plans_by_value


def test_an_id_that_clients_may_repeat_is_planned_by_its_value():
    """With one plan for all ids, half of all requests under one id are read for a page: 460 instead of 15 ms."""
    assert REQUEST_LIST.query("org_1", {"requestId": "constant"}).plans_by_value
