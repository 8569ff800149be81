"""A key's page: its rolling window as charts, what it asked for, and what was done with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import falcon
import msgspec

from api.console.keys.chart import chart_of
from api.console.keys.developer import PATH, one_key
from api.console.pages import ConsolePage, clock, render
from api.console.session import signed_in
from api.ports.dependencies import Dependencies
from domain.api_key import ApiKey
from domain.key_secret import PREFIX
from domain.window import CREDIT_WINDOW
from projections.views.events import EventsQuery

MOST_EVENTS = 500
_TITLES = {"issued": "Created", "rotated": "Rotated", "revoked": "Revoked", "expired": "Expired"}
_LABELS = {
    "name": "Name",
    "scopes": "Scopes",
    "creditLimit": "Credit limit",
    "lastFour": "Key",
    "expiresAt": "Expires",
    "previousUntil": "Earlier secret works until",
    "status": "State",
}
"""The fields that people are shown; hashes tell them nothing."""
_TIMES = ("expiresAt", "previousUntil")
_ACTORS = {"cli": "the command line", "worker": "the background worker"}


class Change(NamedTuple):
    """One field, before and after."""

    label: str
    before: str
    after: str


class Entry(NamedTuple):
    """Something that was done with the key."""

    title: str
    at: datetime
    actor: str
    changes: list[Change]


class KeyPage(ConsolePage):
    """`/settings/developer/keys/{id}`."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._reads, self._key_reads, self._users = dependencies.reads, dependencies.key_reads, dependencies.users

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        member = signed_in(req)
        org_id, zone_name = member.org_id, member.time_zone
        key = one_key(self._key_reads, org_id, id)
        now = key.asked_at
        days = self._reads.usage(org_id, id, "day", now - CREDIT_WINDOW, now)
        hours = self._reads.usage(org_id, id, "hour", now - timedelta(days=1), now)
        charts = [
            chart_of("Requests per day, the last 30 days", "Day", days, zone_name, "%-d %b"),
            chart_of("Requests per hour, the last 24 hours", "Hour", hours, zone_name, "%H:%M"),
        ]
        requests = self._key_reads.requests(org_id, id)
        render(
            req,
            resp,
            "key.html",
            key=key,
            charts=charts,
            requests=requests,
            history=self._history(org_id, id, zone_name),
            base=PATH,
        )

    def _history(self, org_id: str, id: str, time_zone: str) -> list[Entry]:
        """What was done with the key, the newest first."""
        names = tuple(ApiKey.event_classes())
        page = self._reads.events(org_id, EventsQuery(names=names, limit=MOST_EVENTS, start=0, originator_id=id))
        people = self._users.names(org_id)
        state: dict[str, Any] = {}
        entries = []
        for item in page.items:
            event = msgspec.json.decode(item, type=dict[str, Any])
            entries.append(_entry(event, state, people, time_zone))
            state |= event["data"]
        return entries[::-1]


def _entry(event: Mapping[str, Any], state: Mapping[str, Any], people: Mapping[str, str], time_zone: str) -> Entry:
    data = event["data"]
    changes = [
        Change(label, _text(name, state.get(name), time_zone), _text(name, data[name], time_zone))
        for name, label in _LABELS.items()
        if name in data and data[name] != state.get(name)
    ]
    actor = event["actor"]
    who = people.get(actor["id"]) or _ACTORS.get(actor["type"], actor["id"])
    return Entry(_TITLES[event["type"].partition(".")[2]], datetime.fromisoformat(event["occurredAt"]), who, changes)


def _text(name: str, value: Any, time_zone: str) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(value)
    if name in _TIMES:
        return clock(datetime.fromisoformat(value), time_zone)
    return f"{PREFIX}…{value}" if name == "lastFour" else str(value)
