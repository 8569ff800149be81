"""For how many pages PostgreSQL plans a list: more where it would expect to meet the wanted rows too soon."""

import re

from projections.invoice import INVOICE_LIST
from projections.leave import LEAVE_LIST
from tests.support.cases import all_cases

LATE = {"dateFrom": "2026-11-10"}
INVOICES = [
    ({}, 1),
    ({**LATE}, 1),
    ({**LATE, "sort": "invoiceDate"}, 1),
    ({**LATE, "sort": "dueDate"}, 1),
    ({**LATE, "sort": "createdAt"}, 100),
    ({**LATE, "sort": "-createdAt"}, 4),
    ({**LATE, "sort": "totalAmount"}, 4),
    ({**LATE, "sort": "createdAt", "status": "paid"}, 20),
    ({**LATE, "sort": "-createdAt", "status": "paid"}, 1),
    ({**LATE, "sort": "createdAt", "overdue": "false"}, 100),
    ({**LATE, "sort": "createdAt", "metadata[a]": "b"}, 20),
    ({"dateTo": "2021-01-15", "sort": "-createdAt"}, 100),
    ({"dateTo": "2021-01-15", "sort": "createdAt"}, 4),
    ({"status": "sent", "overdue": "false", "sort": "invoiceDate"}, 100),
    ({"status": "sent", "overdue": "false", "sort": "-invoiceDate"}, 1),
    ({"status": "sent", "overdue": "false", "sort": "createdAt"}, 1),
    ({"status": "sent", "overdue": "false", "sort": "totalAmount"}, 4),
    ({"clientId": "c", "search": "acme"}, 20),
    ({"metadata[a]": "b"}, 4),
]
LEAVES = [
    ({**LATE, "sort": "startDate"}, 1),
    ({"status": "pending", "sort": "updatedAt"}, 100),
    ({"status": "pending", "sort": "createdAt"}, 1),
    ({"employeeId": "e"}, 1),
    ({"employeeId": "e", "sort": "startDate"}, 20),
    ({"search": "acme"}, 20),
]


def planned_pages(query):
    return max(int(limit) for limit in re.findall(r"LIMIT (\d+)", query.sql)) // (query.limit + 1)


@all_cases(
    ("listing", "params", "pages"),
    [*((INVOICE_LIST, *each) for each in INVOICES), *((LEAVE_LIST, *each) for each in LEAVES)],
)
def test_a_list_is_planned_for_so_many_pages_and_reads_one(listing, params, pages):
    query = listing.query("org_1", params)
    assert planned_pages(query) == pages
    assert query.sql.rstrip().endswith(f"LIMIT {query.limit + 1}")


def test_a_later_page_is_planned_for_itself():
    params = {**LATE, "sort": "createdAt"}
    first = INVOICE_LIST.query("org_1", params)
    cursor = first.cursor_after("2026-11-20T00:00:00Z", "inv_1")
    assert planned_pages(INVOICE_LIST.query("org_1", {**params, "cursor": cursor})) == 1
