"""The page `/settings/developer/keys/{id}/revoke`, which explains the consequences and revokes the key."""

from __future__ import annotations

import falcon

from api.console.keys.base import PATH, KeyCommandPage
from api.console.page import see_other
from api.http.request import Request
from commands.accounts.api_key import RevokeKey


class RevokeKeyPage(KeyCommandPage):
    """`GET` asks the user to confirm the revocation. `POST` revokes the key."""

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        self.render(req, resp, "keys/revoke.html", key=self.key(req, id), base=PATH)

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        self.execute(req, RevokeKey(id=id))
        raise see_other(f"{PATH}/keys/{id}")
