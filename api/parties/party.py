"""The resource type of parties, at `/parties`."""

from __future__ import annotations

from api.resource_type import ResourceType
from commands.parties.party import CreateParty, UpdateParty
from domain.parties.party import Party
from projections.parties.party import PARTY_LIST

PARTIES = ResourceType(
    path="parties",
    tag="Parties",
    schema="Party",
    aggregate=Party,
    listing=PARTY_LIST,
    create=CreateParty,
    update=UpdateParty,
    adopts=True,
)
