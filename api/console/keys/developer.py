"""Settings → Developer: the organization's keys as a table, and what its owners and admins do with them."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import falcon
import msgspec

from api.console.form_tokens import new_form_id, once, show_sent_before
from api.console.keys.form import OVERLAPS, SCOPE_TEXTS, NewKeyForm, read_wish
from api.console.keys.sample import sample_for
from api.console.pages import ConsolePage, Form, render
from api.console.session import see_other, signed_in
from api.http.origin import Origin
from api.ports.commands import CommandBus
from api.ports.dependencies import Dependencies
from api.ports.keys import KeyReads, KeyUse
from commands.api_key import IssueKey, RevokeKey, RotateKey
from commands.command import Actor, Command, Context, Retry
from domain.api_key import DEFAULT_OVERLAP, ApiKey
from domain.errors import Invalid, NotFound
from domain.key_secret import hashed, new_secret

PATH = "/settings/developer"
SHOWN = 30
"""Keys on a page: nobody loses one, and the page stays small also where many were revoked."""
_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)
_TOO_OLD = "This page stood open for too long, so nothing was done. Look it over, and send it again."


class Keys(ConsolePage):
    """`/settings/developer`."""

    def __init__(self, key_reads: KeyReads) -> None:
        self._key_reads = key_reads

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        skip = int(text) if _NUMBER.fullmatch(text := str(req.params.get("skip", ""))) else 0
        found = self._key_reads.keys(signed_in(req).org_id, skip=skip, limit=SHOWN + 1)
        older = f"{PATH}?skip={skip + SHOWN}" if len(found) > SHOWN else ""
        render(req, resp, "keys.html", keys=found[:SHOWN], skip=skip, older=older, base=PATH)


class Settings(ConsolePage):
    """`/settings`, of which Developer is the one part."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        raise see_other(PATH)


class NewKey(ConsolePage):
    """`/settings/developer/new`: the form, and as the answer to it the raw key, shown this once."""

    managers_only: ClassVar[bool] = True

    def __init__(self, dependencies: Dependencies, origin: Origin) -> None:
        self._command_bus, self._origin = dependencies.command_bus, origin

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        self._show(req, resp, NewKeyForm())

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        form: Form = req.context.form
        wish = read_wish(form, signed_in(req).time_zone, datetime.now(UTC))
        retry = once(req)
        if wish.problems or retry is None:
            self._show(req, resp, wish, notice="" if wish.problems else _TOO_OLD)
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
            key, is_replay = _execute(self._command_bus, req, command, retry)
        except Invalid as refusal:
            wish.problems = {
                "expires": " ".join(f"The expiry {violation.message}." for violation in refusal.violations)
            }
            self._show(req, resp, wish)
            return
        if is_replay:
            show_sent_before(req, resp, key=key, is_rotation=False, base=PATH)
        else:
            show_raw(req, resp, key, raw, self._origin(req))

    def _show(self, req: falcon.Request, resp: falcon.Response, wish: NewKeyForm, notice: str = "") -> None:
        if wish.problems or notice:
            resp.status = 422
        facts = {"wish": wish, "scopes": SCOPE_TEXTS, "notice": notice, "form_id": new_form_id()}
        render(req, resp, "key_new.html", **facts, base=PATH)


class Rotate(ConsolePage):
    """`/settings/developer/keys/{id}/rotate`: another secret, while the present one works on for a chosen time."""

    managers_only: ClassVar[bool] = True

    def __init__(self, dependencies: Dependencies, origin: Origin) -> None:
        self._command_bus, self._key_reads, self._origin = dependencies.command_bus, dependencies.key_reads, origin

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        self._show(req, resp, id, str(DEFAULT_OVERLAP // timedelta(hours=1)))

    def on_post(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        form: Form = req.context.form
        hours = form.text("overlap")
        overlap = timedelta(hours=int(hours)) if hours in OVERLAPS else DEFAULT_OVERLAP
        retry = once(req)
        if retry is None:
            self._show(req, resp, id, hours, _TOO_OLD)
            return
        raw = new_secret(secrets.choice)
        command = RotateKey(id=id, key_hash=hashed(raw).hex(), last_four=raw[-4:], overlap=overlap)
        key, is_replay = _execute(self._command_bus, req, command, retry)
        if is_replay:
            show_sent_before(req, resp, key=key, is_rotation=True, base=PATH)
        else:
            show_raw(req, resp, key, raw, self._origin(req), overlap=OVERLAPS[str(overlap // timedelta(hours=1))])

    def _show(self, req: falcon.Request, resp: falcon.Response, id: str, chosen: str, notice: str = "") -> None:
        key = one_key(self._key_reads, signed_in(req).org_id, id)
        if notice:
            resp.status = 422
        facts = {"key": key, "overlaps": OVERLAPS, "chosen": chosen, "notice": notice, "form_id": new_form_id()}
        render(req, resp, "rotate.html", **facts, base=PATH)


class Revoke(ConsolePage):
    """`/settings/developer/keys/{id}/revoke`: what will stop, and the button that stops it."""

    managers_only: ClassVar[bool] = True

    def __init__(self, dependencies: Dependencies) -> None:
        self._command_bus, self._key_reads = dependencies.command_bus, dependencies.key_reads

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        render(req, resp, "revoke.html", key=one_key(self._key_reads, signed_in(req).org_id, id), base=PATH)

    def on_post(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        _execute(self._command_bus, req, RevokeKey(id=id))
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


def _execute(
    command_bus: CommandBus, req: falcon.Request, command: Command, retry: Retry | None = None
) -> tuple[dict[str, Any], bool]:
    """Do it in the user's name; the key as it then stands, and whether the same form had done it before."""
    member, actor = signed_in(req), Actor("user", signed_in(req).user_id)
    context = Context(org_id=member.org_id, actor=actor, request_id=req.context.request_id, retry=retry)
    written = command_bus.execute(command, context)
    return msgspec.json.decode(written.answer, type=dict[str, Any]), written.is_replay
