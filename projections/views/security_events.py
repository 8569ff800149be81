"""The data of the page Settings → Security: an organization's security events, the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from projections.views.activity import DisplayName

MAX_EVENTS_SEARCHED = 5000
"""The number of events that one page may search. Without this limit, a filter by a rare kind would read all of them."""


class SecurityQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The filters of the page, and where it begins. A filter that is None is not applied."""

    who: str | None = None
    """The id of a user or key who caused the event, or whom it concerns."""
    kinds: Sequence[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Events at this time and later are left out."""
    before: int | None = None
    """The id of the event before which the page begins. None means that it begins with the newest one."""
    limit: int = 50


class SecurityEntry(msgspec.Struct, frozen=True):
    """One security event."""

    id: int
    at: datetime
    kind: str
    actor_type: str | None
    """`user`, `api_key`, `operator` or another system; None for somebody who has not proved who they are."""
    actor_id: str | None
    object_id: str | None
    """The user, key or webhook that the event is about."""
    address: str | None
    """The network address of the client; None if the event came from the command line."""
    role: str | None
    """The role that somebody was given."""
    list: str | None = None
    """The kind of the objects in the list that was downloaded, such as `invoice`."""


class SecurityPage(msgspec.Struct, frozen=True):
    """One page of security events."""

    entries: Sequence[SecurityEntry]
    keys: Mapping[str, DisplayName]
    """The names of all API keys, by id."""
    next_before: int | None
    """The event before which the next page begins; None on the last page."""
