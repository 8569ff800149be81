"""Lists with `asOf` read as many pages of 8 kB in an organization with ten times as many objects, and on a later page.

Which orders and filters are bounded, and which are not, is in docs/performance.md.
"""

import pytest

from infra.postgres.database import connect_as_table_owner
from projections.invoice import INVOICE_LIST
from tests.growth.data import LARGE, Size, fill
from tests.growth.pages import Lists
from tests.growth.past import fill_past, middle_of, without_folded

OBJECTS = 1_000, 10_000
LIMIT = 10
FLOOR = 100
"""Pages that every list with `asOf` touches, whatever it selects: it searches an index for each of 18 cells of time."""
THEN, LATELY = "2024-03-31T18:30:00Z", "2026-09-30T18:30:00Z"
BOUNDED = [
    {},
    {"sort": "createdAt"},
    {"sort": "-updatedAt"},
    {"sort": "invoiceDate"},
    {"sort": "dueDate"},
    {"sort": "invoiceNumber"},
    {"sort": "-totalAmount"},
    {"clientId": "client-0"},
    {"status": "paid"},
    {"status": "sent"},
    {"overdue": "true", "sort": "-dueDate"},
]


@pytest.fixture(scope="module")
def organizations(new_database):
    connections = []
    for objects in OBJECTS:
        connections.append(connect_as_table_owner(new_database()))
        fill(connections[-1], Size(objects, others=objects // 500), shares={"invoices": 1.0})
        fill_past(connections[-1])
    yield [(conn, Lists(conn, LARGE)) for conn in connections]
    for conn in connections:
        conn.close()


def costs(conn, lists, params):
    """The pages of 8 kB of the first page, and of one in the middle."""
    asked = {**params, "limit": str(LIMIT)}
    query = INVOICE_LIST.query(LARGE, asked)
    middle = middle_of(conn, LARGE, INVOICE_LIST.query(LARGE, params, rows=100_000))
    assert middle is not None
    later = INVOICE_LIST.query(LARGE, {**asked, "cursor": query.cursor_after(*middle)})
    return [lists.query_cost(without_folded(each)).pages for each in (query, later)]


@pytest.mark.parametrize("at", [THEN, LATELY])
@pytest.mark.parametrize("params", BOUNDED, ids=str)
def test_a_page_costs_the_same_in_a_larger_organization_and_later_in_the_list(organizations, params, at):
    small, large = (costs(conn, lists, {**params, "asOf": at}) for conn, lists in organizations)
    print(params, at, small, large)
    assert max(large) <= 1.3 * max([*small, FLOOR])
