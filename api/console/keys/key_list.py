"""The page `/settings/developer`, which lists the organization's keys in a table."""

from __future__ import annotations

import re

import falcon

from api.console.keys.base import PATH
from api.console.page import ConsolePage, see_other
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.keys import KeyReads

KEYS_PER_PAGE = 30
_SKIP = re.compile(r"[0-9]{1,6}", re.ASCII)


class KeyList(ConsolePage):
    """The list of keys, in pages: first the active keys, then the others, both with the newest key first."""

    def __init__(self, pages: PageFactory, key_reads: KeyReads) -> None:
        super().__init__(pages)
        self._key_reads = key_reads

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        skip = int(text) if _SKIP.fullmatch(text := str(req.params.get("skip", ""))) else 0
        keys = self._key_reads.list_keys(req.context.signed_in_member.org_id, skip=skip, limit=KEYS_PER_PAGE + 1)
        older = f"{PATH}?skip={skip + KEYS_PER_PAGE}" if len(keys) > KEYS_PER_PAGE else ""
        self.render(req, resp, "keys/list.html", keys=keys[:KEYS_PER_PAGE], skip=skip, older=older, base=PATH)


class Settings(ConsolePage):
    """The path `/settings`. It redirects to Settings → Developer, the only page of the settings."""

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        raise see_other(PATH)
