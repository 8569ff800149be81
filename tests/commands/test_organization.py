"""The handler of an organization's settings, with a unit of work in memory."""

from datetime import UTC, datetime

import pytest

from commands.accounts.organization import UpdateOrganization
from commands.dispatch import handle
from commands.memory import InMemoryUnitOfWork
from domain.errors import Invalid, StaleVersion
from tests.support.cases import all_cases

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
ID = "org_1"


@pytest.fixture
def uow():
    return InMemoryUnitOfWork(AT)


def update(uow, **changes):
    handle(UpdateOrganization(id=ID, **changes), uow)
    return [event.changes() for event in uow.events]


def test_the_first_change_records_what_it_names_and_later_ones_what_differs(uow):
    update(uow, name="Sharma", series_prefix="ST-")
    assert update(uow, name="Sharma", series_prefix="A") == [
        {"name": "Sharma", "series_prefix": "ST"},
        {"series_prefix": "A"},
    ]


def test_a_change_names_the_version_that_it_knows(uow):
    uow.if_match = frozenset((0,))
    update(uow, name="Sharma")
    with pytest.raises(StaleVersion):
        update(uow, name="Verma")


WRONG = {
    "name": ["", " ", "x" * 121, "a\tb", "a\u2028b", "a\x9fb", "\0"],
    "time_zone": ["", "IST", "asia/kolkata", "../Asia/Kolkata", "localtime"],
    "series_prefix": ["", "st", "A" * 11, "-A", "/A", "A B", "Ä", "A_B", "१"],
}


@all_cases(("field", "value"), [(field, value) for field, values in WRONG.items() for value in values])
def test_a_wrong_value_is_refused(uow, field, value):
    with pytest.raises(Invalid) as refused:
        update(InMemoryUnitOfWork(AT), **{field: value})
    assert [each.field for each in refused.value.violations] == [
        {"name": "name", "time_zone": "timeZone", "series_prefix": "seriesPrefix"}[field]
    ]


def test_every_wrong_field_is_named_at_once(uow):
    with pytest.raises(Invalid) as refused:
        update(uow, name="", time_zone="Mars", series_prefix="x")
    assert len(refused.value.violations) == 3 and uow.events == []
