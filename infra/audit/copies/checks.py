"""Checks the content of a copy of logs. Its chain alone proves nothing: anybody can compute the chain of a forgery."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from eventsourcing.persistence import MapperDeserialisationError

from commands.fields.organization import Prefix
from domain.accounts.budget import Budget, budget_id
from domain.accounts.mode import is_live
from domain.accounts.organization import Organization
from domain.accounts.people import People, people_id
from domain.accounts.zones import known_time_zones
from domain.aggregate import Event
from domain.api_key import LATEST_EXPIRY, ApiKey
from domain.documents.corrections import NOTE_KINDS
from domain.privacy.erasures import Erasures, erasures_id
from domain.privacy.retention import Choice
from domain.reading import InvalidValue, parse_instant
from domain.registry import AGGREGATES, EVENTS, kind_of
from infra.audit.copies.lines import OrganizationLine
from infra.log.mapper import MAPPER
from infra.log.records import RecordedEvent

MAX_LINE = 8 * 1024 * 1024
"""The most bytes of a line. The body of a request has at most 1 MiB, and JSON in JSON can be several times as long."""
CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the clock of the installation that made a copy may be ahead of this one's."""
ZONE_AHEAD = timedelta(days=2)
"""A new time zone counts from the next midnight on: a day of 24 hours, or a bit more."""
MAX_NAME, MAX_SERIAL = 1000, 2**31 - 1
MAX_KEY = 255
"""The most characters of a text by which an object is found. Those of commands are shorter; PostgreSQL cannot index a
very long one, so the tables of such a log could not be filled."""
_KEY_FIELD = re.compile(r"([a-z_]+_)?(id|number|name|type)")
_ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
_ORGANIZATION_ID = re.compile(f"org_(test_)?{_ULID}")
_HASH = re.compile("[0-9a-f]{64}")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SERIES = re.compile(rf"([A-Z0-9][A-Z0-9/-]* |({'|'.join(NOTE_KINDS)}) )?\d{{4}}")
_OF_ORGANIZATION: Mapping[str, Callable[[str], str]] = {
    Organization.kind: str,
    People.kind: people_id,
    Budget.kind: budget_id,
    Erasures.kind: erasures_id,
}
"""Kinds with one object for each organization, and the function that returns its id."""


class WrongContent(Exception):
    """A line says what cannot be; the message says what."""


class _Actor(msgspec.Struct):
    type: str
    id: str


class _Metadata(msgspec.Struct, rename="camel"):
    actor: _Actor
    request_id: str


_decode_metadata = msgspec.json.Decoder(_Metadata).decode


def check_organization(line: OrganizationLine, earlier: Collection[str], now: datetime) -> None:
    """Check what a copy says of an organization. Raises WrongContent.

    `earlier` are the ids that stand before it, and `now` is the time by the database's clock.
    """
    if not _ORGANIZATION_ID.fullmatch(line.id):
        raise WrongContent(f"{line.id!r} is not the id of an organization")
    if line.id in earlier:
        raise WrongContent(f"the organization {line.id} comes twice")
    if not line.name.strip() or len(line.name) > MAX_NAME or _CONTROL.search(line.name):
        raise WrongContent(f"the name must have 1 to {MAX_NAME} characters, and no control characters")
    _check_mode(line)
    _check_times(line, now)
    _check_series(line)
    if not Choice(line.document_years, line.leave_years).is_allowed:
        raise WrongContent("records cannot be kept for that many years")


def _check_times(line: OrganizationLine, now: datetime) -> None:
    for zone in (line.time_zone, line.new_time_zone):
        if zone is not None and zone not in known_time_zones():
            raise WrongContent(f"{zone!r} is not the IANA name of a time zone")
    if line.recorded_at:
        _instant(line.recorded_at)
    created = _instant(line.created_at)
    if created > now + CLOCK_TOLERANCE:
        raise WrongContent("the organization was created in the future")
    if line.clock_ahead > (LATEST_EXPIRY - created).total_seconds():
        raise WrongContent(f"the clock is too far ahead: it can be set to times before {LATEST_EXPIRY.year}")
    if (line.new_time_zone is None) != (line.new_time_zone_from is None):
        raise WrongContent("a new time zone and the time from which it counts must come together")
    # The clock of a test organization may have been ahead then, and is not any more.
    latest = now + CLOCK_TOLERANCE + ZONE_AHEAD if is_live(line.id) else LATEST_EXPIRY + ZONE_AHEAD
    if line.new_time_zone_from is not None and _instant(line.new_time_zone_from) > latest:
        raise WrongContent("a new time zone counts from the next day on, not later")


def _check_series(line: OrganizationLine) -> None:
    try:
        Prefix().parse(line.series_prefix, "seriesPrefix", lambda violation: None)
    except InvalidValue as error:
        raise WrongContent(f"the prefix of numbers {error}") from None
    for series, serial in line.series.items():
        if not _SERIES.fullmatch(series) or not 0 <= serial <= MAX_SERIAL:
            raise WrongContent(f"{series!r}: {serial} is not a serial number of a financial year")


def _check_mode(line: OrganizationLine) -> None:
    if is_live(line.id) != (line.live_organization is None):
        raise WrongContent(f"{line.id} must name its live organization if it is one of test mode, and only then")
    if line.clock_ahead < 0 or (line.clock_ahead and is_live(line.id)):
        raise WrongContent("only the clock of a test organization can be ahead")


class NewSecret(NamedTuple):
    """A secret that an event gives to an API key."""

    position: int
    key_id: str
    hash: str


class EventChecks:
    """Checks the events of a copy, one after the other. `now` is the time by the database's clock."""

    def __init__(self, now: datetime) -> None:
        self._latest = now + CLOCK_TOLERANCE
        self.secrets: list[NewSecret] = []
        """The secrets of the organization's keys."""
        self._hashes: set[str] = set()
        """The hashes of all secrets in the copy so far."""
        self._secrets: dict[str, str] = {}
        """The hash of the present secret of each key, by the key's id."""
        self._organization: OrganizationLine | None = None
        self._before: datetime | None = None

    def begin(self, organization: OrganizationLine) -> None:
        """Check the events of this organization from now on."""
        self._organization, self._before = organization, None
        self.secrets = []

    def check(self, record: RecordedEvent) -> None:
        """Check the next event of the organization. Raises WrongContent."""
        assert self._organization is not None
        self._check_time(record.recorded_at)
        if record.name not in EVENTS:
            raise WrongContent(f"the event {record.name!r} is not known to this version")
        self._check_id(record)
        _check_metadata(record.metadata)
        if not 1 <= record.schema_version <= EVENTS[record.name].schema_version:
            raise WrongContent(f"the schema version {record.schema_version} of {record.name} is not known")
        try:
            event = MAPPER.event(record)
        except MapperDeserialisationError as error:
            raise WrongContent(" ".join(str(error).split())) from None
        _check_lengths(event)
        self._check_key(event, record.position)

    def end(self) -> None:
        """Check what the organization's line says of its last event. Raises WrongContent."""
        assert self._organization is not None
        said = self._organization.recorded_at
        if (_instant(said) if said else None) != self._before:
            raise WrongContent(f"the last event of {self._organization.id} was not recorded at {said or 'no time'}")

    def _check_time(self, at: datetime) -> None:
        assert self._organization is not None
        if self._before is not None and at < self._before:
            raise WrongContent("the time is before that of the event before it")
        if at > self._latest + timedelta(seconds=self._organization.clock_ahead):
            raise WrongContent("the time is in the future")
        self._before = at

    def _check_id(self, record: RecordedEvent) -> None:
        assert self._organization is not None
        kind, id = kind_of(record.name), record.originator_id
        if kind in _OF_ORGANIZATION:
            fits = id == _OF_ORGANIZATION[kind](self._organization.id)
        else:
            fits = re.fullmatch(f"{AGGREGATES[kind].id_prefix}_{_ULID}", id) is not None
        if not fits:
            raise WrongContent(f"{id!r} is not an id of the kind {kind}")

    def _check_key(self, event: Event, position: int) -> None:
        """Check that a secret is new in the copy: it must not open the data of another organization."""
        if not isinstance(event, ApiKey.Issued | ApiKey.Rotated):
            return
        id, hash = event.originator_id, event.key_hash
        if isinstance(event, ApiKey.Rotated):
            _instant(event.previous_until)
        previous = event.previous_hash if isinstance(event, ApiKey.Rotated) else None
        if self._secrets.get(id) != previous:
            raise WrongContent(f"{id} does not have the secret that this event replaces")
        if not _HASH.fullmatch(hash):
            raise WrongContent(f"{hash!r} is not a SHA-256 hash in hex")
        if hash in self._hashes:
            raise WrongContent(f"the secret of {id} belongs to another key, or to this one already")
        self.secrets.append(NewSecret(position, id, hash))
        self._hashes.add(hash)
        self._secrets[id] = hash


def _check_lengths(event: Event) -> None:
    for name, value in event.changes().items():
        if isinstance(value, str) and len(value) > MAX_KEY and _KEY_FIELD.fullmatch(name):
            field = name.replace("_", " ")
            raise WrongContent(f"the {field} has {len(value)} characters, more than {MAX_KEY}")


def _check_metadata(text: str) -> None:
    try:
        _decode_metadata(text)
    except msgspec.MsgspecError as error:
        raise WrongContent(f"the metadata cannot be read: {error}") from None


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except InvalidValue as error:
        raise WrongContent(f"{text!r} {error}") from None
