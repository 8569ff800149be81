"""The page `/settings/developer/keys/{id}`: the credits, requests, endpoints and history of one key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import falcon
import msgspec

from api.console.activity.sentences import SYSTEM_ACTORS
from api.console.keys.base import PATH, key_of
from api.console.keys.chart import chart_of
from api.console.long_lists import bytes_of, part_with
from api.console.page import ConsolePage
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.formats import format_short_day, format_time
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from domain.accounts.mode import key_prefix
from domain.accounts.window import CREDIT_WINDOW
from domain.api_key import ApiKey
from domain.reading import parse_instant
from projections.views.events import EventsQuery

MAX_EVENTS = 100
_HISTORY_BYTES, _ENTRY_MARKUP, _CHANGE_MARKUP = 16_000, 180, 80
"""The page shows at most this many events, the newest ones, and only those that fit in so many bytes; an event and each
of its changes have about so many of markup. The page `/activity/{id}` shows all events of the key."""
TITLES = {
    "issued": marked("Created"),
    "updated": marked("Changed"),
    "rotated": marked("Rotated"),
    "revoked": marked("Revoked"),
    "expired": marked("Expired"),
    "threshold_reached": marked("Threshold reached"),
    "threshold_left": marked("Credits returned"),
}
"""For each event of a key, without its kind, the title of its entry in the history. Every event needs one."""
_LABELS = {
    "name": marked("Name"),
    "scopes": marked("Scopes"),
    "creditLimit": marked("Credit limit"),
    "lastFour": marked("Key"),
    "expiresAt": marked("Expires"),
    "managesKeys": marked("May manage keys"),
    "foundAt": marked("Found in public"),
    "allowedCidrs": marked("Networks"),
    "burst": marked("Requests in a second"),
    "previousUntil": marked("The replaced secret works until"),
    "status": marked("State"),
    "threshold": marked("Used of the limit, in percent"),
}
"""The fields that the history shows, with their labels. Fields with hashes are left out."""
_TIME_FIELDS = ("expiresAt", "previousUntil")
_OWN_FIELDS = ("previousUntil",)
"""Fields that are shown without their earlier value, because each rotation sets the end of a different secret."""


class Change(NamedTuple):
    """A changed field: its label, and the texts of its values before and after the event."""

    label: str
    before: str
    after: str


class Entry(NamedTuple):
    """One event of the key, in the texts of the page."""

    title: str
    at: datetime
    actor: str
    changes: list[Change]


class _Texts(NamedTuple):
    """Writes the values of fields in the time zone and with the prefix of the keys of an organization."""

    time_zone: str
    key_prefix: str

    def of(self, name: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return ", ".join(value)
        if name in _TIME_FIELDS:
            return format_time(parse_instant(value), self.time_zone)
        return f"{self.key_prefix}…{value}" if name == "lastFour" else str(value)


class KeyPage(ConsolePage):
    """The page of one key."""

    def __init__(self, pages: PageFactory, dependencies: Dependencies) -> None:
        super().__init__(pages)
        self._account_reads, self._event_reads = dependencies.account_reads, dependencies.event_reads
        self._key_reads, self._users = dependencies.key_reads, dependencies.users

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        member = req.context.signed_in_member
        org_id, zone_name = member.org_id, member.time_zone
        key = key_of(self._key_reads, org_id, id)
        now = key.asked_at
        days = self._account_reads.list_ends(org_id, id, "day", now - CREDIT_WINDOW, now)
        hours = self._account_reads.list_ends(org_id, id, "hour", now - timedelta(days=1), now)
        charts = [
            chart_of(
                _("Requests per day, the last %(days)d days", days=CREDIT_WINDOW.days),
                _("Day"),
                days,
                zone_name,
                format_short_day,
            ),
            chart_of(_("Requests per hour, the last 24 hours"), _("Hour"), hours, zone_name, "{:%H:%M}".format),
        ]
        self.render(
            req,
            resp,
            "keys/key.html",
            key=key,
            charts=charts,
            requests=self._key_reads.list_routes(org_id, id),
            history=part_with(self._history(org_id, id, zone_name), 1, _HISTORY_BYTES, _size),
            base=PATH,
        )

    def _history(self, org_id: str, id: str, time_zone: str) -> list[Entry]:
        """Return at most MAX_EVENTS events of the key, the newest first."""
        names = tuple(ApiKey.event_classes())
        page = self._event_reads.list_events(
            org_id, EventsQuery(names=names, limit=MAX_EVENTS, descending=True, originator_id=id)
        )
        emails = self._users.get_names(org_id)
        state: dict[str, Any] = {}
        entries = []
        for item in reversed(page.items):
            event = msgspec.json.decode(item, type=dict[str, Any])
            entries.append(_entry(event, state, emails, _Texts(time_zone, key_prefix(org_id))))
            state |= {name: value for name, value in event["data"].items() if name not in _OWN_FIELDS}
        return entries[::-1]


def _entry(event: Mapping[str, Any], state: Mapping[str, Any], emails: Mapping[str, str], texts: _Texts) -> Entry:
    data = event["data"]
    changes = [
        Change(_(label), texts.of(name, state.get(name)), texts.of(name, data[name]))
        for name, label in _LABELS.items()
        if name in data and data[name] != state.get(name)
    ]
    actor = event["actor"]
    name = emails.get(actor["id"]) or _(SYSTEM_ACTORS.get(actor["type"], actor["id"]))
    return Entry(_(TITLES[event["type"].partition(".")[2]]), parse_instant(event["occurredAt"]), name, changes)


def _size(entry: Entry) -> int:
    return _ENTRY_MARKUP + sum(_CHANGE_MARKUP + bytes_of(*change) for change in entry.changes)
