"""How long records are kept: rules with their sources, and what an organization may choose."""

from datetime import date

import pytest

from domain.privacy.retention import DOCUMENTS, LEAVES, PROCESSING, RULES, Choice, days_of_processing


@pytest.mark.parametrize(
    ("last_entry", "years", "until"),
    [
        (date(2016, 3, 31), None, date(2024, 3, 31)),
        (date(2016, 4, 1), None, date(2025, 3, 31)),
        (date(2016, 4, 1), 10, date(2027, 3, 31)),
        (date(2016, 4, 1), 1, date(2025, 3, 31)),  # never shorter than the law
    ],
)
def test_documents_are_kept_for_financial_years_after_that_of_their_last_entry(last_entry, years, until):
    assert Choice(document_years=years).document_until(last_entry) == until


@pytest.mark.parametrize(
    ("years", "until"), [(None, date(2027, 2, 28)), (0, date(2024, 2, 28)), (4, date(2028, 2, 28))]
)
def test_leaves_are_kept_for_years_after_the_last_day(years, until):
    assert Choice(leave_years=years).leave_until(date(2024, 2, 29)) == until


@pytest.mark.parametrize(("today", "days"), [(date(2027, 5, 12), 0), (date(2027, 5, 13), 366), (date(2030, 1, 1), 366)])
def test_logs_of_processing_are_kept_for_a_year_from_may_2027_on(today, days):
    assert days_of_processing(today) == days


def test_every_rule_has_its_source_and_a_law_its_first_day():
    assert {name: (rule.source, rule.since) for name, rule in RULES.items()} == {
        DOCUMENTS: ("Companies Act, 2013, section 128(5)", date(2014, 4, 1)),
        LEAVES: ("the organization's choice", None),
        PROCESSING: ("Digital Personal Data Protection Rules, 2025, rule 8(3)", date(2027, 5, 13)),
    }


@pytest.mark.parametrize(
    ("choice", "allowed"),
    [
        (Choice(), True),
        (Choice(8, 0), True),
        (Choice(100, 100), True),
        (Choice(7, None), False),
        (Choice(101, None), False),
        (Choice(None, -1), False),
    ],
)
def test_an_organization_may_keep_documents_longer_and_leaves_as_long_as_it_likes(choice, allowed):
    assert choice.is_allowed is allowed
