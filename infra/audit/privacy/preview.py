"""What the console shows of a person: the number of objects, and some of them, from the rows that lists read.

A search reads the whole log, and an erasure looks at every object (search.py). A server process does neither: it counts
by indexes, and looks at some rows of each kind. An object that has just become somebody else's is missing until
the background worker has kept its earlier row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection

from domain.parties.party import Party
from infra.audit.privacy.holdings import Decision, Held, day_of_leaving, get_choice
from infra.audit.privacy.objects import PersonId, PersonObject, is_about, person_object, persons_of
from infra.audit.privacy.search import KINDS, Person
from infra.audit.privacy.spellings import spellings_in_rows
from infra.log.heads import LogState
from infra.postgres.database import Row
from projections.registry import ROWS

LOOKED_AT_ENDS = 250
"""How many objects of a kind are looked at: so many of the oldest, and so many of the newest ones."""
_NAMING = "SELECT %s::text AS kind, id FROM {view} WHERE org_id = %s AND {column} = ANY(%s)"
_ITSELF = _NAMING.format(view="{view}", column="id")
_SOURCES: Mapping[str, tuple[str, ...]] = {
    kind: tuple(_NAMING.format(view=view, column=column) for view in (f"{objects}_list", f"past_{objects}_list"))
    for kind, objects, column in (
        ("client", "invoice", "client_id"),
        ("credited client", "credit_note", "party_id"),
        ("debited client", "debit_note", "party_id"),
        ("crediting vendor", "vendor_credit", "party_id"),
        ("vendor", "bill", "vendor_id"),
        ("employee", "leave", "employee_id"),
    )
}
"""The queries for the objects whose present rows, or earlier ones, name a kind of person."""
_COUNT = """
WITH found AS ({sources}), numbered AS (
    SELECT kind, id, count(*) OVER (PARTITION BY kind) AS objects,
        row_number() OVER (PARTITION BY kind ORDER BY id) AS n
    FROM found
)
SELECT kind, id, objects FROM numbered WHERE n <= %s OR n > objects - %s ORDER BY kind, id
"""
_SELECT = "SELECT summary, {paid} FROM {view} WHERE org_id = %s AND id = ANY(%s) AND projection_version = %s"
_LAST_PAID = """(
    SELECT max(greatest((p ->> 'paidOn')::date, (p ->> 'reversedOn')::date, (p ->> 'date')::date))
    FROM json_array_elements(coalesce(details -> 'payments', details -> 'refunds')) p
)"""


class Preview(NamedTuple):
    """What an erasure would do to some objects of a person."""

    held: Sequence[Held]
    more: int
    """How many objects there are besides."""


def preview(conn: Connection[Row], person: Person, state: LogState) -> Preview:
    """Return what is known of a person. The transaction must be one of the organization."""
    org_id = person.org_id
    persons = persons_of(spellings_in_rows(conn, org_id, person.id, person.kind), KINDS[person.kind])
    chosen, counted = _choose(conn, org_id, persons)
    found = [each for subject in persons for each in _read(conn, org_id, subject, chosen.get(subject.object_kind, []))]
    if len(found) < counted:  # it depends on all its documents until when a party is kept
        found = [each for each in found if each.kind != Party.kind]
    left = person.left or day_of_leaving(found)
    decision = Decision(org_id, state.zones.day_at(state.now), get_choice(conn, org_id), left)
    return Preview(decision.held(found), counted - len(found))


def _choose(conn: Connection[Row], org_id: str, persons: Sequence[PersonId]) -> tuple[dict[str, list[str]], int]:
    """Return the ids of the objects to look at, by their kinds, and how many objects there are."""
    sources, values = list[str](), list[Any]()
    for subject in persons:
        kind, ids = subject.object_kind, list(subject.ids)
        for source in _SOURCES.get(subject.kind, (_ITSELF.format(view=ROWS[kind].view),)):
            sources.append(source)
            values += [kind, org_id, ids]
    chosen, counted = dict[str, list[str]](), dict[str, int]()
    values += [LOOKED_AT_ENDS, LOOKED_AT_ENDS]
    for kind, id, objects in conn.execute(_COUNT.format(sources=" UNION ".join(sources)), values):
        chosen.setdefault(kind, []).append(id)
        counted[kind] = objects
    return chosen, sum(counted.values())


def _read(conn: Connection[Row], org_id: str, subject: PersonId, ids: Sequence[str]) -> Iterator[PersonObject]:
    """Yield these objects from their rows. Rows that another version of the service has written are left out."""
    projection = ROWS[subject.object_kind]
    decode = msgspec.json.Decoder(projection.entry_type).decode
    paid = _LAST_PAID if "details" in projection.columns else "NULL::date"
    sql = _SELECT.format(paid=paid, view=projection.view)
    for summary, day in conn.cursor(binary=True).execute(sql, (org_id, list(ids), projection.version)):
        shown: Any = decode(summary)
        is_erased = int(shown.erased is True)
        yield person_object(projection.kind, shown, day, is_about(subject, shown), erased=is_erased)
