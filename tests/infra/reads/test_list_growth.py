"""Lists of an organization with ten times as many objects read as many pages of 8 kB: see docs/performance.md."""

from itertools import islice

import pytest

from infra.postgres.database import connect_as_table_owner
from tests.growth.data import LARGE, SHARES, Size, fill
from tests.growth.exceptions import EXCEPTIONS
from tests.growth.pages import Lists
from tests.growth.requests import fill_requests
from tests.growth.shapes import VALUES, shapes
from tests.growth.verdicts import compare, compare_events

OBJECTS = 1_000, 10_000
LIMIT = 10
"""Pages of few rows show growth among few objects: the index of a small table has as few pages as a list of 50 rows."""


@pytest.fixture(scope="module")
def organizations(new_database):
    """The lists of a small organization and of one with ten times as many objects, each in a database of its own."""
    connections = []
    for objects in OBJECTS:
        connections.append(connect_as_table_owner(new_database()))
        fill(connections[-1], Size(objects, others=objects // 500), shares=dict.fromkeys(SHARES, 1.0))
        fill_requests(connections[-1], LARGE, objects)
    yield [Lists(conn, LARGE) for conn in connections]
    for conn in connections:
        conn.close()


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.long)], ids=["every seventh", "all"])
@pytest.mark.parametrize("name", VALUES)
def test_no_shape_reads_more_pages_in_a_larger_organization(organizations, name, step):
    asked = [*islice(shapes(name, thin=True, limit=LIMIT), None, None, step)]
    assert len(asked) > 100 / step
    verdicts = [*compare(asked, *organizations)]
    assert not [str(each) for each in verdicts if each.grows]


ADOPT = """
INSERT INTO parties SELECT %s, 'party_0', 1, 'active', true, true, '', %s, NULL, '', now(), now(), 1, '{}', '{}'
"""


@pytest.fixture
def with_party(organizations):
    """The same two, each with a party that has adopted the id of the client with the most invoices."""
    for each in organizations:
        each.connection.execute(ADOPT, (LARGE, VALUES["invoices"]["clientId"][0]))
        each.connection.execute("ANALYZE parties")
    yield organizations
    for each in organizations:
        each.connection.execute("DELETE FROM parties")


def test_the_invoices_of_a_party_are_found_without_reading_those_of_others(with_party):
    party = VALUES["invoices"]["clientId"][0]
    asked = [each for each in shapes("invoices", thin=True, limit=LIMIT) if dict(each.filters).get("clientId") == party]
    verdicts = [*compare(asked, *with_party)]
    assert len(asked) > 20
    # Each of the two ids is looked for, and may touch as many pages as one.
    assert not [str(each) for each in verdicts if each.large.pages > 2 * each.allowed]


def test_no_page_of_events_reads_more_in_a_longer_log(organizations):
    verdicts = [*compare_events(*organizations)]
    assert not [str(each) for each in verdicts if each.grows]


def test_at_most_six_kinds_of_lists_may_read_more():
    assert len(EXCEPTIONS) <= 6
