"""The read side of parties: the resource, its table, and the filters and sorts of its list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregate import Aggregate, Event
from domain.calendar import Timestamp
from domain.errors.party import DuplicateExternalId
from domain.metadata import Metadata
from domain.parties.party import ROLES, Party
from domain.tax.parties import TREATMENTS
from domain.text import text_key
from projections.parties.both_ids import BILLS, checks_of_external_id, conflict_of_external_id
from projections.projection import ConstraintConflict, Statement
from projections.query.facts import Few
from projections.query.filters import INSTANT, TEXT, Exact, From, HasFlag, OneOf
from projections.query.listing import Listing
from projections.query.metadata import pair_keys
from projections.query.past.lists import Past
from projections.query.search import Search, search_columns
from projections.restored import SummaryProjection
from projections.views.display import DisplayFields, one_of


class PartyRow(msgspec.Struct, rename="camel", kw_only=True):
    """A party as the API shows it."""

    id: str
    status: Annotated[str, one_of(Party.transitions())]
    roles: tuple[Annotated[str, one_of(ROLES)], ...]
    name: str | None
    external_id: str | None
    gstin: str | None
    pan: str | None
    state_code: str | None
    gst_treatment: Annotated[str, one_of(TREATMENTS)]
    email: str | None
    phone: str | None
    address: str | None
    metadata: Metadata | None = msgspec.field(default_factory=dict)
    created_at: Timestamp
    updated_at: Timestamp
    version: int
    erased: bool | UnsetType = UNSET
    available_actions: tuple[Annotated[str, one_of(Party.all_actions())], ...]


class PartyProjection(SummaryProjection[PartyRow]):
    name: ClassVar[str] = "parties"
    table: ClassVar[str] = "parties"
    view: ClassVar[str] = "party_list"
    kind: ClassVar[str] = Party.kind
    aggregate: ClassVar[type[Aggregate]] = Party
    entry_type: ClassVar[type[msgspec.Struct]] = PartyRow
    display: ClassVar[DisplayFields] = DisplayFields(
        name=("name", "external_id"), detail=("external_id", "id"), template="{noun} {name}"
    )
    past_names: ClassVar[Mapping[str, str] | None] = {"party_id": "external_id", "number": "gstin"}
    version: ClassVar[int] = 1
    columns: ClassVar[tuple[str, ...]] = (
        "status",
        "is_client",
        "is_vendor",
        "name_key",
        "external_id",
        "gstin",
        "search",
        "created_at",
        "updated_at",
        "version",
        "summary",
        "beginnings",
        "metadata_keys",
    )

    def values(self, row: PartyRow) -> tuple[Any, ...]:
        texts, beginnings = search_columns((row.name, row.external_id, row.gstin), (row.pan, row.email, row.phone))
        return (
            row.status,
            "client" in row.roles,
            "vendor" in row.roles,
            text_key(row.name or ""),
            row.external_id,
            row.gstin,
            texts,
            row.created_at,
            row.updated_at,
            row.version,
            self.to_json(row).decode(),
            beginnings,
            pair_keys(row.metadata),
        )

    def checks(self, org_id: str, row: PartyRow, events: Sequence[Event]) -> Sequence[Statement]:
        return checks_of_external_id(BILLS, org_id, row, events)

    def conflict(self, constraint: str, org_id: str, row: PartyRow) -> ConstraintConflict | None:
        if constraint == BILLS.constraint:
            return conflict_of_external_id(BILLS, org_id, row)
        external_id = row.external_id
        if external_id is None or not constraint.startswith("parties_external_id"):
            return None
        other = (f"SELECT id FROM {self.view} WHERE org_id = %s AND external_id = %s", (org_id, external_id))
        return ConstraintConflict(other, lambda id: DuplicateExternalId(Party.noun, external_id, id))


PARTIES = PartyProjection()

PARTY_LIST = Listing(
    view=PARTIES.view,
    filters={
        "status": OneOf("status", tuple(Party.transitions())),
        "role": HasFlag({role: f"is_{role}" for role in ROLES}),
        "externalId": Exact("external_id", 64),
        "gstin": Exact("gstin", 15),
        "search": Search(),
        "updatedSince": From("updated_at", INSTANT),
    },
    sorts={
        "createdAt": ("created_at", INSTANT),
        "updatedAt": ("updated_at", INSTANT),
        "name": ("name_key", TEXT),
    },
    metadata="metadata_keys",
    same_plan={"createdAt": ("status", "role"), "updatedAt": ("updatedSince",)},
    facts=(Few("externalId"), Few("gstin"), Few("search")),
    past=Past(Party.kind, "past_party_list"),
)
