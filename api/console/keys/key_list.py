"""The page `/settings/developer`, which lists the organization's keys in a table, and finds a key among many."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import falcon

from api.console.keys.base import PATH
from api.console.page import ConsolePage, see_other
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.keys import KeyReads, KeyUse
from domain.accounts.key_secret import contains_secret
from domain.reading import InvalidValue

KEYS_PER_PAGE = 30
_SKIP = re.compile(r"[0-9]{1,6}", re.ASCII)


class KeyList(ConsolePage):
    """The list of keys, in pages: first the active keys, then the others, both with the newest key first."""

    def __init__(self, pages: PageFactory, key_reads: KeyReads) -> None:
        super().__init__(pages)
        self._key_reads = key_reads

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        search = _text(req, "search").strip()
        if contains_secret(search):  # The short form finds the same key, and may stand in the address.
            raise see_other(f"{PATH}?{urlencode({'search': search[-4:]})}")
        skip = int(text) if _SKIP.fullmatch(text := _text(req, "skip")) else 0
        keys = self._find(req.context.signed_in_member.org_id, search, skip)
        facts = {
            "budget": self._key_reads.get_budget(req.context.signed_in_member.org_id),
            "keys": keys[:KEYS_PER_PAGE],
            "search": search,
            "skip": skip,
            "first": _page(search, 0),
            "older": _page(search, skip + KEYS_PER_PAGE) if len(keys) > KEYS_PER_PAGE else "",
        }
        self.render(req, resp, "keys/list.html", **facts, base=PATH)

    def _find(self, org_id: str, search: str, skip: int) -> list[KeyUse]:
        if "\0" in search:  # PostgreSQL takes no such text, and no key has one
            return []
        try:
            return self._key_reads.list_keys(org_id, search=search, skip=skip, limit=KEYS_PER_PAGE + 1)
        except InvalidValue:  # a text that no key can have
            return []


class Settings(ConsolePage):
    """The path `/settings`. It redirects to Settings → Developer, the only page of the settings."""

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        raise see_other(PATH)


def _text(req: Request, name: str) -> str:
    """Return a query parameter; of a repeated one the first value, and an empty text if it is missing."""
    value = req.params.get(name, "")
    return value[0] if isinstance(value, list) else value


def _page(search: str, skip: int) -> str:
    parameters = {**({"search": search} if search else {}), **({"skip": skip} if skip else {})}
    return f"{PATH}?{urlencode(parameters)}" if parameters else PATH
