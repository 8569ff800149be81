"""Finds the objects of a person without holding up anybody: what is appended meanwhile is looked at afterwards.

A search reads the whole log of an organization. So it runs before the log is locked, up to the end that the log has
then. With the lock, only the events after this end are searched, and only objects that have changed are folded again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from psycopg import Connection

from domain.privacy.erasures import SubjectKind, erasures_id
from infra.audit.privacy.objects import (
    EMPLOYEE,
    PARTY,
    PersonId,
    PersonObject,
    fold_objects,
    list_ids,
    persons_of,
)
from infra.audit.privacy.spellings import spellings_in_log
from infra.log.reading.erasures import list_changed, list_hashes
from infra.log.records import Head
from infra.postgres.database import Row

KINDS: Mapping[SubjectKind, tuple[str, ...]] = {
    "party": ("client", "credited client", "debited client", "vendor", "crediting vendor"),
    "employee": ("employee",),
}
"""As what a person is looked for."""
NOUNS: Mapping[SubjectKind, str] = {"party": "client or vendor", "employee": "employee"}
"""What a person is called."""


class Person(NamedTuple):
    """A person about whom an organization holds something."""

    org_id: str
    kind: SubjectKind
    id: str
    """The id that the organization's own records use."""
    left: date | None
    """The day on which an employee has left; None if it is not known."""


class SearchResult(NamedTuple):
    """The objects of a person up to an end of the log."""

    head: Head
    objects: Mapping[PersonId, Mapping[str, PersonObject]]
    """By the ids of the objects."""

    def every(self) -> list[PersonObject]:
        """Return all objects."""
        return [each for objects in self.objects.values() for each in objects.values()]


def search(conn: Connection[Row], person: Person, head: Head) -> SearchResult:
    """Return the objects of a person up to this end of the log, which is read from its beginning."""
    return _search(conn, person, head, SearchResult(Head(0, b""), {}))


def search_on(conn: Connection[Row], person: Person, head: Head, before: SearchResult) -> SearchResult:
    """Return the objects of a person up to this end of the log, of which an earlier search has found a part.

    A log that was emptied or rewritten meanwhile is searched from its beginning.
    """
    if not _goes_on(conn, person.org_id, before.head, head):
        return search(conn, person, head)
    return _search(conn, person, head, before)


def _search(conn: Connection[Row], person: Person, head: Head, before: SearchResult) -> SearchResult:
    org_id, after = person.org_id, before.head.position
    own = [id for each in before.objects if each.kind in (PARTY, EMPLOYEE) for id in each.ids]
    spellings = spellings_in_log(conn, org_id, person.id, person.kind, (after, head.position), own)
    persons = persons_of(spellings, KINDS[person.kind])
    found = {each: dict(before.objects.get(each, {})) for each in persons}
    known = [id for objects in found.values() for id in objects]
    changed = {*list_changed(conn, org_id, [*known, erasures_id(org_id)], after)} if known else set[str]()
    if erasures_id(org_id) in changed:  # events of any of them may have lost their values
        changed |= {*known}
    named = _list_ids(conn, org_id, persons, before, head.position)
    for each, objects in found.items():
        ids = {*named[each], *changed.intersection(objects)}
        objects.update((one.id, one) for one in fold_objects(conn, org_id, each, [*ids], head.position))
    return SearchResult(head, found)


def _list_ids(
    conn: Connection[Row], org_id: str, persons: Sequence[PersonId], before: SearchResult, upto: int
) -> Mapping[PersonId, list[str]]:
    """Return the ids of objects that events since the earlier search name; for a person whom it did not know, all."""
    known = [each for each in persons if each in before.objects]
    new = [each for each in persons if each not in before.objects]  # a party may have got another id meanwhile
    since = list_ids(conn, org_id, known, before.head.position, upto) if known else {}
    return {**since, **(list_ids(conn, org_id, new, 0, upto) if new else {})}


def _goes_on(conn: Connection[Row], org_id: str, before: Head, head: Head) -> bool:
    """Return whether a log that ended at `before` goes on to `head`."""
    if before.position == 0 or before.position > head.position:
        return before.position == 0
    return list_hashes(conn, org_id, [before.position]) == {before.position: before.chain_hash}
