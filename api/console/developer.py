"""Settings → Developer: the organization's keys as a table, and what its owners and admins do with them."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import falcon
import msgspec

from api.console.door import see_other, signed_in
from api.console.key_form import OVERLAPS, SCOPE_TEXTS, KeyWish, read_wish
from api.console.key_sample import sample_for
from api.console.key_use import KeyReads, KeyUse
from api.console.pages import ConsolePage, Form, render
from api.dependencies import Dependencies, Ledgers
from api.origin import Origin
from commands.api_key import IssueKey, RevokeKey, RotateKey
from commands.handling import Actor, Command, Context
from domain.api_key import DEFAULT_OVERLAP, ApiKey
from domain.errors import Invalid, NotFound
from domain.secret import hashed, new_secret

PATH = "/settings/developer"


class Keys(ConsolePage):
    """`/settings/developer`."""

    def __init__(self, key_reads: KeyReads) -> None:
        self._key_reads = key_reads

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        render(req, resp, "keys.html", keys=self._key_reads.keys(signed_in(req).org_id), base=PATH)


class NewKey(ConsolePage):
    """`/settings/developer/new`: the form, and as the answer to it the raw key, shown this once."""

    managers_only: ClassVar[bool] = True

    def __init__(self, dependencies: Dependencies, origin: Origin) -> None:
        self._ledgers, self._origin = dependencies.ledgers, origin

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        self._show(req, resp, KeyWish())

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        form: Form = req.context.form
        wish = read_wish(form, signed_in(req).time_zone)
        if wish.problems:
            self._show(req, resp, wish)
            return
        raw = new_secret(secrets.choice)
        command = IssueKey(
            name=wish.name,
            scopes=wish.scopes,
            credit_limit=wish.credit_limit,
            key_hash=hashed(raw).hex(),
            last_four=raw[-4:],
            expires_at=wish.expires_at,
        )
        try:
            key = _execute(self._ledgers, req, command)
        except Invalid as refusal:
            wish.problems = {"expires": " ".join(violation.message for violation in refusal.violations)}
            self._show(req, resp, wish)
            return
        show_raw(req, resp, key, raw, self._origin(req))

    def _show(self, req: falcon.Request, resp: falcon.Response, wish: KeyWish) -> None:
        if wish.problems:
            resp.status = 422
        render(req, resp, "key_new.html", wish=wish, scopes=SCOPE_TEXTS, base=PATH)


class Rotate(ConsolePage):
    """`/settings/developer/keys/{id}/rotate`: another secret, while the present one works on for a chosen time."""

    managers_only: ClassVar[bool] = True

    def __init__(self, dependencies: Dependencies, origin: Origin) -> None:
        self._ledgers, self._key_reads, self._origin = dependencies.ledgers, dependencies.key_reads, origin

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        chosen = str(DEFAULT_OVERLAP // timedelta(hours=1))
        key = one_key(self._key_reads, signed_in(req).org_id, id)
        render(req, resp, "rotate.html", key=key, overlaps=OVERLAPS, chosen=chosen, base=PATH)

    def on_post(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        form: Form = req.context.form
        hours = form.text("overlap")
        overlap = timedelta(hours=int(hours)) if hours in OVERLAPS else DEFAULT_OVERLAP
        raw = new_secret(secrets.choice)
        command = RotateKey(id=id, key_hash=hashed(raw).hex(), last_four=raw[-4:], overlap=overlap)
        key = _execute(self._ledgers, req, command)
        show_raw(req, resp, key, raw, self._origin(req), overlap=OVERLAPS[str(overlap // timedelta(hours=1))])


class Revoke(ConsolePage):
    """`/settings/developer/keys/{id}/revoke`: what will stop, and the button that stops it."""

    managers_only: ClassVar[bool] = True

    def __init__(self, dependencies: Dependencies) -> None:
        self._ledgers, self._key_reads = dependencies.ledgers, dependencies.key_reads

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        render(req, resp, "revoke.html", key=one_key(self._key_reads, signed_in(req).org_id, id), base=PATH)

    def on_post(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        _execute(self._ledgers, req, RevokeKey(id=id))
        raise see_other(f"{PATH}/keys/{id}")


def one_key(key_reads: KeyReads, org_id: str, id: str) -> KeyUse:
    """The organization's key. Raises NotFound, also for a key of another organization."""
    found = key_reads.keys(org_id, id)
    if not found:
        raise NotFound(ApiKey.kind, id)
    return found[0]


def show_raw(
    req: falcon.Request, resp: falcon.Response, key: dict[str, Any], raw: str, origin: str, overlap: str = ""
) -> None:
    """The one answer that holds a raw key; it stands in no URL, and no cache may keep the page."""
    tried = sample_for(origin, raw, key["scopes"], datetime.now(UTC).date())
    render(req, resp, "key_shown.html", key=key, raw=raw, tried=tried, overlap=overlap, base=PATH)


def _execute(ledgers: Ledgers, req: falcon.Request, command: Command) -> dict[str, Any]:
    """Do it in the user's name; the key as it now stands."""
    member = signed_in(req)
    context = Context(org_id=member.org_id, actor=Actor("user", member.user_id), request_id=req.context.request_id)
    return msgspec.json.decode(ledgers.execute(command, context).answer, type=dict[str, Any])
