"""The page `/settings/developer/requests`: what the organization's keys have sent, and why a request was refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import falcon
import msgspec

from api.account.requests import ERROR_CODES, MAX_REQUEST_ID_CHARACTERS, REQUEST_LIST, RequestEntry
from api.console.forms.filters import Choices, fitting
from api.console.keys.base import PATH
from api.console.keys.request_filters import ENDS, FIELDS, REQUESTS, link, parameters
from api.console.page import ConsolePage
from api.docs.reference.error_causes import cause_of
from api.http.errors import GUIDE
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.others_texts import short
from api.ports.keys import KeyReads, KeyUse
from api.ports.users import Member
from domain.accounts.window import REQUESTS_KEPT
from domain.reading import InvalidValue, parse_instant
from projections.query.filters import Condition
from projections.query.refusals import InvalidQuery

MAX_KEYS_IN_FILTER = 100
_ROWS, _CHOICES_BYTES = "40", 8_000
"""How many requests a page has, and how many bytes the choice of a key takes at most."""


class Entry(NamedTuple):
    """A request in the texts of the page."""

    request: RequestEntry
    at: datetime
    key: KeyUse | None
    """The key that sent the request; None if it is not known any more."""
    cause: str
    """What the error code means, in words; empty for a success."""
    doc_path: str
    """The section of the guide about the error code; empty for a success."""


class RequestsPage(ConsolePage):
    """The page that lists requests of all keys, the newest first. It finds a request by its id."""

    def __init__(self, pages: PageFactory, key_reads: KeyReads) -> None:
        super().__init__(pages)
        self._key_reads = key_reads

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        filters = _filters(req)
        keys = self._keys(member.org_id, filters.get("key"))
        requests, older, is_wrong = self._find(member, filters)
        if is_wrong:
            resp.status = falcon.HTTP_400
        facts = {
            "entries": self._entries(member.org_id, requests, keys),
            "older": older,
            "newest": link(filters, None) if "cursor" in filters else "",
            "filters": {**dict.fromkeys(FIELDS, ""), **filters},
            "is_filtered": bool(filters.keys() - {"cursor"}),
            "is_wrong": is_wrong,
            "keys": fitting(_choices(keys.values(), filters.get("key")), _CHOICES_BYTES),
            "ends": ENDS,
            "codes": ERROR_CODES,
            "days": REQUESTS_KEPT.days,
            "max_id": MAX_REQUEST_ID_CHARACTERS,
            "requests_path": REQUESTS,
        }
        self.render(req, resp, "keys/requests.html", **facts, base=PATH)

    def _keys(self, org_id: str, chosen: str | None) -> dict[str, KeyUse]:
        """Return the keys of the filter by their ids: the first ones, and the one that is chosen."""
        first = self._key_reads.list_keys(org_id, limit=MAX_KEYS_IN_FILTER)
        keys = {key.id: key for key in first}
        if chosen is not None and chosen not in keys:
            keys |= {key.id: key for key in self._key_reads.list_keys(org_id, [chosen])}
        return keys

    def _find(self, member: Member, filters: Mapping[str, str]) -> tuple[list[RequestEntry], str, bool]:
        """Return the requests of the page, the link to the next page, and whether a filter is wrong."""
        of_key = [Condition("key_id = %s", filters["key"])] if "key" in filters else []
        try:
            query = REQUEST_LIST.query(member.org_id, {**parameters(filters, member.time_zone), "limit": _ROWS}, of_key)
        except (InvalidQuery, InvalidValue):
            return [], "", True
        page = self._key_reads.list_requests(member.org_id, query)
        older = "" if page.next_cursor is None else link(filters, page.next_cursor)
        return [msgspec.json.decode(each, type=RequestEntry) for each in page.objects], older, False

    def _entries(self, org_id: str, requests: Sequence[RequestEntry], first: Mapping[str, KeyUse]) -> list[Entry]:
        """Return the requests in the texts of the page. `first` are the keys of the filter."""
        keys = dict(first)
        if others := {each.key_id for each in requests} - first.keys():
            keys |= {key.id: key for key in self._key_reads.list_keys(org_id, [*others])}
        return [_entry(each, keys.get(each.key_id)) for each in requests]


def _choices(keys: Iterable[KeyUse], chosen: str | None) -> Choices:
    """Return the keys as choices of the filter, and before the others the one that is chosen."""
    in_order = sorted(keys, key=lambda key: key.id != chosen)
    return [(key.id, f"{short(key.name)} (…{key.last_four})") for key in in_order]


def _filters(req: Request) -> dict[str, str]:
    """Return the filters that are filled in. U+0000, which no filter can have, is left out."""
    sent = {name: text for name in FIELDS if isinstance(text := req.params.get(name), str)}
    return {name: text for name, each in sent.items() if (text := each.replace("\0", "").strip())}


def _entry(request: RequestEntry, key: KeyUse | None) -> Entry:
    code = request.error_code
    return Entry(
        request,
        parse_instant(request.at),
        key,
        cause_of(code) if code else "",
        f"{GUIDE}#{code}" if code else "",
    )
