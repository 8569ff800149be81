"""The page `/settings/developer/requests`: what the organization's keys have sent, and why a request was refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

import falcon
import msgspec

from api.account.requests import ERROR_CODES, MAX_REQUEST_ID_CHARACTERS, REQUEST_LIST, RequestEntry
from api.console.keys.base import PATH
from api.console.page import ConsolePage
from api.docs.guides import guide_sources
from api.http.errors import GUIDE
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.keys import KeyReads, KeyUse
from domain.accounts.window import REQUESTS_KEPT
from domain.reading import parse_instant
from projections.query.filters import Condition
from projections.query.refusals import InvalidQuery

REQUESTS = f"{PATH}/requests"
MAX_KEYS_IN_FILTER = 100
ENDS: Mapping[str, str] = {
    "1xx,2xx,3xx": "Answered",
    "4xx,5xx": "Refused or failed",
    "429": "Over the limit (429)",
    "401,403": "Key or scope (401, 403)",
    "5xx": "Failed (500 and above)",
}
"""The choices of how a request ended: the value of the parameter `status`, and its label."""
_FIELDS = ("requestId", "key", "status", "errorCode", "cursor")
_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z`])")


class Entry(NamedTuple):
    """A request in the texts of the page."""

    request: RequestEntry
    at: datetime
    key: KeyUse | None
    """The key that sent the request; None if it is not among the keys of the filter."""
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
        org_id = req.context.signed_in_member.org_id
        sent = {name: text.strip() for name in _FIELDS if isinstance(text := req.params.get(name), str)}
        filters = {name: text for name, text in sent.items() if text}
        keys = {key.id: key for key in self._key_reads.list_keys(org_id, limit=MAX_KEYS_IN_FILTER)}
        entries, older, is_wrong = self._find(org_id, filters, keys)
        if is_wrong:
            resp.status = falcon.HTTP_400
        facts = {
            "entries": entries,
            "older": older,
            "newest": _link(filters, None) if "cursor" in filters else "",
            "filters": {**dict.fromkeys(_FIELDS, ""), **filters},
            "is_filtered": bool(filters.keys() - {"cursor"}),
            "is_wrong": is_wrong,
            "keys": keys.values(),
            "ends": ENDS,
            "codes": ERROR_CODES,
            "days": REQUESTS_KEPT.days,
            "max_id": MAX_REQUEST_ID_CHARACTERS,
            "requests_path": REQUESTS,
        }
        self.render(req, resp, "keys/requests.html", **facts, base=PATH)

    def _find(
        self, org_id: str, filters: Mapping[str, str], keys: Mapping[str, KeyUse]
    ) -> tuple[list[Entry], str, bool]:
        """Return the entries of the page, the link to the next page, and whether a filter is wrong."""
        of_key = [Condition("key_id = %s", filters["key"])] if "key" in filters else []
        try:
            query = REQUEST_LIST.query(org_id, {name: text for name, text in filters.items() if name != "key"}, of_key)
        except InvalidQuery:
            return [], "", True
        page = self._key_reads.list_requests(org_id, query)
        older = "" if page.next_cursor is None else _link(filters, page.next_cursor)
        return [_entry(each, keys) for each in page.objects], older, False


def _entry(summary: bytes, keys: Mapping[str, KeyUse]) -> Entry:
    request = msgspec.json.decode(summary, type=RequestEntry)
    code = request.error_code
    return Entry(
        request,
        parse_instant(request.at),
        keys.get(request.key_id),
        cause_of(code) if code else "",
        f"{GUIDE}#{code}" if code else "",
    )


@cache
def cause_of(code: str) -> str:
    """Return what an error code means: the first two sentences of its section in the guide, without the status."""
    guide = next(guide for guide in guide_sources() if guide.path == GUIDE)
    text = next((section.text for section in guide.sections if section.anchor == code), "")
    plain = _LINK.sub(r"\1", " ".join(text.partition("\n\n")[0].split())).replace("`", "").replace("*", "")
    return " ".join(_SENTENCE_END.split(plain)[1:3])


def _link(filters: Mapping[str, str], cursor: str | None) -> str:
    kept = {name: text for name, text in filters.items() if name != "cursor"}
    query = urlencode(kept | ({} if cursor is None else {"cursor": cursor}))
    return f"{REQUESTS}?{query}" if query else REQUESTS
