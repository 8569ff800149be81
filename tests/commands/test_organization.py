"""The handler of an organization's settings, with a unit of work in memory."""

import secrets
from datetime import UTC, date, datetime
from typing import Any

import pytest

from commands.accounts.organization import UpdateOrganization
from commands.dispatch import handle
from commands.memory import InMemoryUnitOfWork
from domain.accounts.key_secret import new_secret
from domain.document import camel
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


WRONG: dict[str, list[Any]] = {
    "name": ["", " ", "x" * 121, "a\tb", "a\u2028b", "a\x9fb", "\0"],
    "time_zone": ["", "IST", "asia/kolkata", "../Asia/Kolkata", "localtime"],
    "series_prefix": ["", "st", "A" * 11, "-A", "/A", "A B", "Ä", "A_B", "१"],
    "legal_name": [" ", "x" * 201, "a\nb", "a\u2028b"],
    "trade_name": [" ", "x" * 201, "a\tb"],
    "gstin": ["27AAPFU0939F1ZO", "39AAPFU0939F1ZV", "x" * 501],
    "state_code": ["7", "25", "96", "99", "Maharashtra"],
    "address": [" ", "x" * 501, "a\rb", "a\x1b[2J"],
    "email": ["sharma", "a b@c.example", "a@b@c.example"],
    "lut_number": ["ad27", "AD 27", "A" * 41],
    "composition": ["", "true", 1, None],
    "annual_returns": ["2024-25", 1, None, []],
    "upi_id": ["sharma", "@okhdfcbank", "sharma@", "a b@okhdfcbank", "sharma@okhdfcbank&am=1"],
    "bank_line": [" ", "x" * 201, "a\nb"],
}


@all_cases(("field", "value"), [(field, value) for field, values in WRONG.items() for value in values])
def test_a_wrong_value_is_refused(uow, field, value):
    with pytest.raises(Invalid) as refused:
        update(InMemoryUnitOfWork(AT), **{field: value})
    assert [each.field for each in refused.value.violations] == [camel(field)]


def test_every_wrong_field_is_named_at_once(uow):
    with pytest.raises(Invalid) as refused:
        update(uow, name="", time_zone="Mars", series_prefix="x")
    assert len(refused.value.violations) == 3 and uow.events == []


PROFILE = {
    "legal_name": "शर्मा टेक्सटाइल्स प्राइवेट लिमिटेड",
    "trade_name": "Sharma Sarees",
    "gstin": " 27aapfu0939f 1zv",
    "address": "12 MG Road\nPune 411001",
    "email": "accounts@sharma.example",
    "lut_number": "AD270326000001X",
    "composition": True,
    "upi_id": "sharma.textiles-1@okhdfcbank",
    "bank_line": "HDFC Bank, 50200012345678, HDFC0000007",
}


def test_a_profile_is_recorded_as_it_is_meant_and_an_empty_text_takes_a_value_away(uow):
    meant = PROFILE | {"gstin": "27AAPFU0939F1ZV", "state_code": "27"}
    assert update(uow, **PROFILE) == [meant]
    assert update(uow, **PROFILE) == [meant]
    assert update(uow, gstin="", upi_id="")[1:] == [{"gstin": None, "upi_id": None}]


def test_annual_returns_are_recorded_by_year_and_years_that_are_not_named_stay(uow):
    first, second = {"2024-25": date(2025, 10, 20)}, {"2023-24": date(2024, 12, 31)}
    assert update(uow, annual_returns={"2024-25": "2025-10-20"}) == [{"annual_returns": first}]
    assert update(uow, annual_returns={"2024-25": "2025-10-20"}) == [{"annual_returns": first}]
    assert update(uow, annual_returns={"2023-24": "2024-12-31"})[1:] == [{"annual_returns": second | first}]
    assert update(uow, annual_returns={"2023-24": ""})[2:] == [{"annual_returns": first}]
    assert update(uow, annual_returns={"2024-25": "", "2019-20": ""})[3:] == [{"annual_returns": None}]


WRONG_RETURNS = {
    "no such year": ("2024-26", "2025-10-20", "must be for a financial year, such as 2024-25"),
    "before the Act": ("2016-17", "2017-10-20", "must be for a financial year from 2017-18 to 2098-99"),
    "no day": ("2024-25", "20.10.2025", "must be a calendar date, YYYY-MM-DD"),
    "no text": ("2024-25", 20251020, "must be a calendar date, YYYY-MM-DD"),
    "within its year": ("2024-25", "2025-03-31", "must be after 2025-03-31, the last day of the financial year"),
    "in the future": ("2024-25", "2026-11-28", "must not be after today (2026-11-27)"),
}


@all_cases("case", WRONG_RETURNS)
def test_an_annual_return_of_a_wrong_year_or_day_is_refused_at_its_year(uow, case):
    year, day, message = WRONG_RETURNS[case]
    with pytest.raises(Invalid) as refused:
        update(uow, annual_returns={"2023-24": "2024-12-31", year: day})
    assert [(each.field, each.message) for each in refused.value.violations] == [(f"annualReturns.{year}", message)]
    assert uow.events == []


def test_a_key_is_not_stored_by_mistake(uow):
    with pytest.raises(Invalid, match="API key"):
        update(uow, bank_line=new_secret(secrets.choice))
