"""Lists of an organization with ten times as many objects read as many pages of 8 kB: see docs/performance.md."""

import pytest

from infra.postgres.database import connect_as_table_owner
from tests.growth.data import LARGE, Size, fill
from tests.growth.pages import Lists
from tests.growth.shapes import VALUES
from tests.growth.verdicts import compare, compare_events

INVOICES = 2_000, 20_000


@pytest.fixture(scope="module")
def organizations(new_database):
    """The lists of a small organization and of one with ten times as many objects, each in a database of its own."""
    connections = []
    for invoices in INVOICES:
        connections.append(connect_as_table_owner(new_database()))
        fill(connections[-1], Size(invoices, others=invoices // 500))
    yield [Lists(conn, LARGE) for conn in connections]
    for conn in connections:
        conn.close()


@pytest.mark.parametrize("name", VALUES)
def test_no_shape_reads_more_pages_in_a_larger_organization(organizations, name):
    suspects = compare(name, *organizations, thin=True)
    grown = [f"{each.small.pages} and {each.large.pages} pages: {each.shape}" for each in suspects if each.grows]
    assert not grown, "\n".join(grown)


def test_no_page_of_events_reads_more_in_a_longer_log(organizations):
    verdicts = [*compare_events(*organizations)]
    assert not [str(each.shape) for each in verdicts if each.grows]
