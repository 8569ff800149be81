"""The person whose data are looked for, and the objects that are about this person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from operator import attrgetter
from sys import intern
from typing import Any, NamedTuple

from psycopg import Connection

from domain.documents.corrections import NOTE_KINDS
from infra.audit.privacy.spellings import Spellings
from infra.audit.privacy.traces import NO_TRACES, Traces
from infra.log.mapper import MAPPER
from infra.log.proofs.personal import is_incomplete
from infra.log.reading.erasures import Texts, list_objects_naming
from infra.log.reading.histories import list_histories
from infra.log.records import RecordedEvent
from infra.postgres.database import Row
from infra.projector.skips import read_own_skips
from projections.registry import ROWS

PAGE_OBJECTS = 200
"""How many objects are folded at once."""


PARTY, EMPLOYEE = "party", "employee object"


class _Field(NamedTuple):
    """Where a kind of person stands in the objects of a kind."""

    kind: str
    id: str
    """The name of the field with the id, in the JSON of events."""
    id_in_row: str
    name: str
    """The name of the field with the name, in rows and as an attribute of events."""
    events: tuple[str, ...]
    """The events that set the id."""


_FIELDS: Mapping[str, _Field] = {
    "client": _Field("invoice", "clientId", "client_id", "client_name", ("invoice.drafted", "invoice.updated")),
    "credited client": _Field("credit_note", "clientId", "client_id", "client_name", ("credit_note.created",)),
    "debited client": _Field("debit_note", "clientId", "client_id", "client_name", ("debit_note.created",)),
    "crediting vendor": _Field("vendor_credit", "vendorId", "vendor_id", "vendor_name", ("vendor_credit.created",)),
    "vendor": _Field("bill", "vendorId", "vendor_id", "vendor_name", ("bill.drafted", "bill.updated")),
    "employee": _Field("leave", "employeeId", "employee_id", "employee_name", ("leave.requested",)),
    PARTY: _Field("party", "id", "id", "name", ()),
    EMPLOYEE: _Field("employee", "id", "id", "name", ()),
}


class PersonId(NamedTuple):
    """A person by the ids that the organization's own records use."""

    kind: str
    """client, vendor, or employee; "credited client", "debited client" and "crediting vendor" are those of notes; PARTY
    and EMPLOYEE are the party and the employee themselves."""
    ids: tuple[str, ...]

    @property
    def object_kind(self) -> str:
        """The kind of the objects that are about the person."""
        return _FIELDS[self.kind].kind


class PersonObject(NamedTuple):
    """What must be known of an object that is about the person, or was before it changed.

    A person may have very many: nothing more of them is held in memory.
    """

    kind: str
    id: str
    status: str
    number: str | None
    """The number of an invoice or a bill."""
    day: date | None
    """The date of a document; None for other objects."""
    was_issued: bool
    """Whether a document was sent or opened, or a note issued, at some time."""
    corrects: str | None
    """The id of the document that a note corrects; None if it does not: as a draft, or void."""
    left_on: date | None
    """The day on which an employee has left."""
    paid: date | None
    """The last day of a payment of a document, of the reversal of one, or of a refund; None without any."""
    is_present: bool
    """Whether it is still about this person."""
    traces: Traces
    """What its events say about the person; NO_TRACES in a preview."""
    positions: tuple[int, ...]
    """The positions of its events that have personal values."""
    erased: int
    """How many of its events have lost their personal values before."""


def person_object(
    kind: str,
    shown: Any,
    paid: date | None,
    is_present: bool,
    traces: Traces = NO_TRACES,
    positions: tuple[int, ...] = (),
    erased: int = 0,
) -> PersonObject:
    """Return what must be known of an object, of which `shown` is what the API shows in a list."""
    get = partial(getattr, shown)
    times = (get("sent_at", None), get("opened_at", None), get("issued_at", None))
    was_issued = any(time is not None for time in times)
    stands = kind in NOTE_KINDS and was_issued and get("voided_at", None) is None
    return PersonObject(
        kind,
        shown.id,
        intern(shown.status),
        get(f"{kind}_number", None),
        get(f"{kind}_date", None) or get("date", None),
        was_issued,
        (get("invoice_id", None) or get("bill_id", None)) if stands else None,
        get("left_on", None),
        paid,
        is_present,
        traces,
        positions,
        erased,
    )


def persons_of(spellings: Spellings, kinds: Sequence[str]) -> list[PersonId]:
    """Return whom ids mean: a client, a vendor or an employee, and the party or the employee object itself."""
    persons = [PersonId(kind, spellings.ids) for kind in kinds]
    own_kind = EMPLOYEE if "employee" in kinds else PARTY
    return [*persons, PersonId(own_kind, spellings.own)] if spellings.own else persons


def list_ids(
    conn: Connection[Row], org_id: str, persons: Sequence[PersonId], after: int, upto: int
) -> dict[PersonId, list[str]]:
    """Return the ids of the objects that events after the position `after`, up to `upto`, make those of each person."""
    fields = {each: _FIELDS[each.kind] for each in persons}
    texts = [Texts(field.events, field.id, each.ids) for each, field in fields.items() if field.events]
    found: dict[str, list[str]] = {}
    for kind, id in list_objects_naming(conn, org_id, texts, after, upto) if texts else ():
        found.setdefault(kind, []).append(id)
    own = {each: [] if after else list(each.ids) for each, field in fields.items() if not field.events}
    return {each: own[each] if each in own else found.get(field.kind, []) for each, field in fields.items()}


def fold_objects(
    conn: Connection[Row], org_id: str, subject: PersonId, ids: Sequence[str], upto: int
) -> Iterator[PersonObject]:
    """Yield these objects of a person, in the order of their ids, as they are at the position `upto` of the log.

    The transaction must be one of the organization.
    """
    skipped = read_own_skips(conn, org_id, ROWS[_FIELDS[subject.kind].kind].name)
    ordered, same = sorted(ids), dict[Traces, Traces]()
    for start in range(0, len(ordered), PAGE_OBJECTS):
        log = list_histories(conn, org_id, ordered[start : start + PAGE_OBJECTS], upto)
        for _, history in groupby(log, attrgetter("originator_id")):
            found = _found(subject, [event for event in history if event.position not in skipped])
            yield found._replace(traces=same.setdefault(found.traces, found.traces))


def _found(subject: PersonId, history: Sequence[RecordedEvent]) -> PersonObject:
    field = _FIELDS[subject.kind]
    projection = ROWS[field.kind]
    row: Any = None
    traces = list[Traces]()
    for record in history:
        event = MAPPER.event(record)
        row = projection.fold(row, event)
        shown = getattr(row, "summary", row)
        if getattr(shown, field.id_in_row) in subject.ids:
            named = frozenset(filter(None, [getattr(shown, field.name)]))
            traces += [Traces.of(field.kind, event), Traces(named, frozenset())]
    shown = getattr(row, "summary", row)
    return person_object(
        field.kind,
        shown,
        _last_paid(getattr(row, "details", None)),
        is_about(subject, shown),
        Traces.union(traces),
        tuple(record.position for record in history if record.personal is not None),
        sum(is_incomplete(record) for record in history),
    )


def _last_paid(details: Any) -> date | None:
    payments, refunds = (getattr(details, name, None) or () for name in ("payments", "refunds"))
    days = [day for each in payments for day in (each.paid_on, each.reversed_on)]
    days += [day for each in refunds for day in (each.date, each.reversed_on)]
    return max((day for day in days if day is not None), default=None)


def is_about(subject: PersonId, shown: Any) -> bool:
    """Return whether an object, as a list shows it, is about a person."""
    return getattr(shown, _FIELDS[subject.kind].id_in_row) in subject.ids


def list_traces(conn: Connection[Row], org_id: str, kind: str, ids: Sequence[str], upto: int) -> Traces:
    """Return what the events of these objects of a kind say about persons."""
    traces = list[Traces]()
    for start in range(0, len(ids), PAGE_OBJECTS):
        log = list_histories(conn, org_id, list(ids[start : start + PAGE_OBJECTS]), upto)
        traces.append(Traces.union(Traces.of(kind, MAPPER.event(record)) for record in log))
    return Traces.union(traces)
