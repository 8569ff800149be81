"""The clients, vendors and employees of a form: names that were used before, and the id that belongs to a name.

The API needs an id, and people know names. So an id may stay empty in the form: then the name has the id of the party
or the employee with this name, or the id that it had before, or a new one that is made from it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from api.console.objects.forms.object_form import ObjectForm
from api.console.objects.kinds import ObjectKind
from api.pages.translation import gettext as _
from api.ports.reads import MemberReads
from domain.bill import Bill
from domain.invoice import Invoice
from domain.leave import Leave
from domain.parties.employee import Employee
from domain.parties.party import Party
from domain.text import text_key
from projections.parties.employee import EMPLOYEE_LIST, EmployeeRow
from projections.parties.party import PARTIES, PARTY_LIST, PartyRow
from projections.query.listing import Listing
from projections.query.refusals import InvalidQuery
from projections.registry import ROWS

_PARTIES = {Invoice.kind: "client", Bill.kind: "vendor", Leave.kind: "employee"}
_OWN_LISTS: Mapping[str, tuple[Listing, type[msgspec.Struct], Mapping[str, str]]] = {
    "client": (PARTY_LIST, PartyRow, {"role": "client", "status": "active"}),
    "vendor": (PARTY_LIST, PartyRow, {"role": "vendor", "status": "active"}),
    "employee": (EMPLOYEE_LIST, EmployeeRow, {"status": "active"}),
}
"""The lists of those that new documents and leaves can name, with the type of their entries and the filters."""
_RECENT, _MAX_BYTES = 100, 4_000
"""In how many of the newest objects names are looked for, and how many bytes of names the form offers."""
_MAX_ID = 64


class Named(NamedTuple):
    """A client, a vendor or an employee."""

    id: str
    name: str


def parties_of(kind: ObjectKind, reads: MemberReads) -> Parties | None:
    """Return the parties of a kind of object; None for a kind that names none."""
    return Parties(kind, reads) if kind.kind in _PARTIES else None


class Parties:
    """The parties of one kind of object."""

    def __init__(self, kind: ObjectKind, reads: MemberReads) -> None:
        self._kind, self._reads = kind, reads
        self._party = _PARTIES[kind.kind]
        self.id_field, self.name_field = f"{self._party}Id", f"{self._party}Name"

    def recent(self, org_id: str) -> list[Named]:
        """Return those of the newest objects and of the list of parties, each once. This takes two round trips."""
        found = {each.name: each for each in reversed(self._find(org_id, {})) if each.name}
        found |= {each.name: each for each in self._own(org_id, {"sort": "-updatedAt"})}
        chosen: list[Named] = []
        used = 0
        for each in sorted(found.values(), key=lambda party: text_key(party.name)):
            used += len(each.name.encode()) + len(each.id) + 40
            if used <= _MAX_BYTES:
                chosen.append(each)
        return chosen

    def named(self, org_id: str, id: str) -> dict[str, str]:
        """Return the fields of a new object for the party or employee with this id; none if there is no such one."""
        listing, type_, _always = _OWN_LISTS[self._party]
        aggregate = Employee if self._party == "employee" else Party
        stored = self._reads.get(org_id, listing, id) if aggregate.is_id(id) else None
        if stored is None:
            return {}
        entry: Any = msgspec.json.decode(stored.body, type=type_)
        return {self.id_field: id, self.name_field: entry.name or ""}

    def party_of(self, org_id: str, form: ObjectForm) -> Party | None:
        """Return the party that the form names; None for one of whom there is no page."""
        id = form.texts.get(self.id_field, "").strip()
        if not id and (name := form.texts.get(self.name_field, "").strip()):
            id = self._id_before(org_id, name) or ""
        stored = self._reads.get(org_id, PARTY_LIST, id) if Party.is_id(id) else None
        party = None if stored is None else PARTIES.aggregate_of(PARTIES.restore(stored.body))
        return party if isinstance(party, Party) else None

    def fill_in(self, org_id: str, form: ObjectForm) -> None:
        """Give a name without an id that of its party, or else the one that it had before, or else a new one."""
        if not {self.id_field, self.name_field} <= form.texts.keys() or form.texts[self.id_field].strip():
            return
        if name := form.texts[self.name_field].strip():
            form.texts[self.id_field] = self._id_before(org_id, name) or self._new_id(name)

    def tell(self, form: ObjectForm) -> None:
        """Where the id is missed, say that the name is: the id can be made from it."""
        if self.id_field in form.problems and not form.texts.get(self.id_field, "").strip():
            del form.problems[self.id_field]
            label = next(_(field.label) for field in form.fields if field.name == self.name_field)
            form.problems[self.name_field] = _("%(field)s is required.", field=label)

    def _id_before(self, org_id: str, name: str) -> str | None:
        try:
            found = [*self._own(org_id, {"search": name}), *self._find(org_id, {"search": name})]
        except InvalidQuery:  # such as a name that is too long to be searched for
            return None
        return next((each.id for each in found if text_key(each.name) == text_key(name)), None)

    def _new_id(self, name: str) -> str:
        """Return an id with the words of the name. A name with letters of other scripts has a hash in its id."""
        plain = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
        words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_MAX_ID].rstrip("-")
        is_latin = all(each.isascii() for each in plain if each.isalpha())
        return (
            words if words and is_latin else f"{self._party}-{hashlib.sha256(text_key(name).encode()).hexdigest()[:10]}"
        )

    def _own(self, org_id: str, filters: Mapping[str, str]) -> list[Named]:
        """Return active parties with the role, or active employees."""
        listing, type_, always = _OWN_LISTS[self._party]
        page = self._reads.list_page(org_id, listing.query(org_id, {**always, **filters}, rows=_RECENT))
        entries: Iterable[Any] = (msgspec.json.decode(each, type=type_) for each in page.objects)
        return [Named(each.id, each.name) for each in entries if each.name]

    def _find(self, org_id: str, filters: dict[str, Any]) -> list[Named]:
        page = self._reads.list_page(org_id, self._kind.type.listing.query(org_id, filters, rows=_RECENT))
        type_ = ROWS[self._kind.kind].entry_type
        return list(self._parties_in(msgspec.json.decode(each, type=type_) for each in page.objects))

    def _parties_in(self, entries: Iterable[Any]) -> Iterable[Named]:
        for each in entries:
            yield Named(getattr(each, f"{self._party}_id"), getattr(each, f"{self._party}_name") or "")
