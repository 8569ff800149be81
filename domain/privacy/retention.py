"""How long an organization must keep what it has recorded.

Laws are data here: what they are about, how long, since when, and where it is written.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from domain.calendar import financial_year

DOCUMENTS, LEAVES, PROCESSING = "documents", "leaves", "processing"


class Rule(NamedTuple):
    """How long a kind of records must be kept, or is kept unless the organization decides otherwise."""

    records: str
    years: int
    least: int
    """The fewest years that an organization may choose."""
    begins: str
    """From when the years count, in words."""
    source: str
    since: date | None
    """The day from which the source binds; None for a custom of the service."""


RULES = {
    DOCUMENTS: Rule(
        "invoices that were sent and bills that were opened",
        8,
        8,
        "the end of the financial year of the document, of its last payment and of its last note",
        "Companies Act, 2013, section 128(5)",
        date(2014, 4, 1),
    ),
    LEAVES: Rule(
        "leaves and employees", 3, 0, "the day on which the employee leaves", "the organization's choice", None
    ),
    PROCESSING: Rule(
        "who has done what, and when",
        1,
        1,
        "the event",
        "Digital Personal Data Protection Rules, 2025, rule 8(3)",
        date(2027, 5, 13),
    ),
}
"""The rules by what they are about. An organization may keep records longer than a law demands (`Choice`)."""


def days_of_processing(today: date) -> int:
    """Return for how many days records of who has done what are kept at least; 0 before the law asks for it."""
    rule = RULES[PROCESSING]
    return 366 * rule.years if rule.since is not None and today >= rule.since else 0


MOST_YEARS = 100
"""The most years that an organization may choose."""


class Choice(NamedTuple):
    """The years for which an organization keeps documents and leaves; None for those of the rule."""

    document_years: int | None = None
    leave_years: int | None = None

    def document_until(self, last_day: date) -> date:
        """Return the last day on which a document must be kept whose last entry in the books is on `last_day`."""
        years = max(self.document_years or 0, RULES[DOCUMENTS].years)
        return date(min(financial_year(last_day) + 1 + years, date.max.year), 3, 31)

    def leave_until(self, left: date) -> date:
        """Return the last day on which the leaves of an employee are kept who leaves on the day `left`."""
        years = RULES[LEAVES].years if self.leave_years is None else self.leave_years
        year = min(left.year + years, date.max.year)
        return left.replace(year=year, day=28) if (left.month, left.day) == (2, 29) else left.replace(year=year)

    @property
    def is_allowed(self) -> bool:
        """Whether an organization may choose these years."""
        chosen = ((DOCUMENTS, self.document_years), (LEAVES, self.leave_years))
        return all(years is None or RULES[rule].least <= years <= MOST_YEARS for rule, years in chosen)
