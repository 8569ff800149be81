"""Settings → Developer: the organization's keys, as a table."""

from __future__ import annotations

import falcon

from api.console.door import signed_in
from api.console.key_use import KeyReads
from api.console.pages import ConsolePage, render


class Keys(ConsolePage):
    """`/settings/developer`."""

    def __init__(self, key_reads: KeyReads) -> None:
        self._key_reads = key_reads

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        render(req, resp, "keys.html", keys=self._key_reads.keys(signed_in(req).org_id))
