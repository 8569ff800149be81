"""What an organization holds about a person: each object, and whether it must be kept, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row

from domain.accounts.mode import is_live
from domain.leave import Leave
from domain.parties.employee import Employee
from domain.parties.party import Party
from domain.privacy.retention import DOCUMENTS, LEAVES, RULES, Choice
from infra.audit.privacy.objects import PersonObject
from infra.postgres.database import Row

_SELECT_CHOICE = "SELECT document_years, leave_years FROM organizations WHERE org_id = %s"
_UPDATE_CHOICE = "UPDATE organizations SET document_years = %s, leave_years = %s WHERE org_id = %s"
DRAFT = "a draft, which no law asks you to keep"
NEVER_ISSUED = "made void before it was issued: no law asks you to keep it"
TEST_DATA = "test data, which nobody must keep"
SAY_WHEN = "say when, with --left or leftOn of the employee"
ITS_DOCUMENTS = "its documents must be kept as long"
NO_DOCUMENTS = "a party, of which no document must be kept"
OTHERS_DRAFT = "a draft of somebody else by now, whose earlier versions name this person: send it or make it void first"


Why = Literal[
    "test_data",
    "draft",
    "never_issued",
    "others_draft",
    "documents",
    "its_documents",
    "no_documents",
    "leaves",
    "not_left",
]
"""Why an object stays or goes. The console has its words for each."""


class Held(NamedTuple):
    """An object, and what happens to it when the person is erased today."""

    found: PersonObject
    goes: bool
    until: date | None
    """The last day on which it must be kept; None if no law asks for it, or if it is not known."""
    reason: str
    why: Why
    """The reason as a word, for other languages."""


class Decision(NamedTuple):
    """On which facts it depends what must be kept."""

    org_id: str
    today: date
    """Today in the organization's time zone."""
    choice: Choice
    left: date | None
    """The day on which the employee has left; None if it is not known."""

    def held(self, found: Iterable[PersonObject]) -> list[Held]:
        """Return what happens to each of these objects today. Parties come last."""
        every = list(found)
        noted = last_notes(every)
        held = [self._held(each, noted.get(each.id)) for each in every if each.kind != Party.kind]
        return held + [self._party(each, held) for each in every if each.kind == Party.kind]

    def _party(self, found: PersonObject, documents: Iterable[Held]) -> Held:
        """Return what happens to a party. It is kept as long as one of its documents, which name it."""
        if not is_live(self.org_id):
            return Held(found, True, None, TEST_DATA, "test_data")
        days = [each.until for each in documents if not each.goes and each.until is not None]
        if days:
            return Held(found, False, max(days), ITS_DOCUMENTS, "its_documents")
        return Held(found, True, None, NO_DOCUMENTS, "no_documents")

    def _held(self, found: PersonObject, noted: date | None) -> Held:
        if not is_live(self.org_id):
            return Held(found, True, None, TEST_DATA, "test_data")
        if found.kind in (Leave.kind, Employee.kind):
            return self._leave(found)
        if not found.was_issued:
            return self._draft(found)
        until = self.choice.document_until(max(filter(None, (last_entry(found), noted))))
        return Held(found, until < self.today, until, RULES[DOCUMENTS].source, "documents")

    def _leave(self, found: PersonObject) -> Held:
        if self.left is None:
            years = RULES[LEAVES].years if self.choice.leave_years is None else self.choice.leave_years
            reason = f"kept until {years} years after the employee leaves: {SAY_WHEN}"
            return Held(found, False, None, reason, "not_left")
        until = self.choice.leave_until(self.left)
        return Held(found, until < self.today, until, RULES[LEAVES].source, "leaves")

    def _draft(self, found: PersonObject) -> Held:
        if found.status == "void":
            return Held(found, True, None, NEVER_ISSUED, "never_issued")
        if found.is_present:
            return Held(found, True, None, DRAFT, "draft")
        return Held(found, False, None, OTHERS_DRAFT, "others_draft")


def day_of_leaving(found: Iterable[PersonObject]) -> date | None:
    """Return the last day of work of the employees among these objects; None if none of them has one."""
    days = [each.left_on for each in found if each.kind == Employee.kind and each.left_on is not None]
    return max(days, default=None)


def last_entry(found: PersonObject) -> date:
    """Return the day of the last entry in the books: of the document, a payment, the reversal of one, or a refund."""
    assert found.day is not None, "a document has a date"
    return found.day if found.paid is None else max(found.day, found.paid)


def last_notes(found: Iterable[PersonObject]) -> dict[str, date]:
    """Return the day of the last note that stands of each document, by its id: notes have the person of the document.

    A note is an entry in the books of the document that it corrects; one that was made void no longer is.
    """
    days = dict[str, date]()
    for each in found:
        if each.corrects is not None and each.day is not None:
            days[each.corrects] = max(each.day, days.get(each.corrects, date.min))
    return days


def get_choice(conn: Connection[Row], org_id: str) -> Choice:
    """Return for how long an organization has decided to keep its records."""
    found = conn.cursor(row_factory=args_row(Choice)).execute(_SELECT_CHOICE, (org_id,)).fetchone()
    return found or Choice()


def store_choice(conn: Connection[Row], org_id: str, choice: Choice) -> None:
    """Store for how long an organization keeps its records."""
    conn.execute(_UPDATE_CHOICE, (*choice, org_id))
