"""Forms that count once: sent again by a reload or a second click, they make nothing more."""

from __future__ import annotations

import hashlib
import re
import secrets
import time

import falcon

from api.console.pages import Form, render
from api.console.session import signed_in
from commands.command import Retry

LIFE = 12 * 60 * 60
"""Seconds for which a form may be sent after it was shown: less than what was sent by one is remembered (24 hours)."""
_ID = re.compile(r"([0-9]{1,12})-[A-Za-z0-9_-]{22}")


def new_form_id() -> str:
    """What a form carries so that it is taken once; it says when the form was shown."""
    return f"{int(time.time())}-{secrets.token_urlsafe(16)}"


def once(req: falcon.Request) -> Retry | None:
    """Under what the form is remembered with the events that it brings about: the user, the page, and its own id.

    None when it has no id or was shown too long ago. No API client can send such a key: it has a space in it.
    """
    form: Form = req.context.form
    id = form.text("form_id")
    found = _ID.fullmatch(id)
    if found is None or time.time() - int(found[1]) > LIFE:
        return None
    told = f"{signed_in(req).user_id} {req.path} {id}"
    return Retry(f"form {hashlib.sha256(told.encode()).hexdigest()}", b"")


def show_sent_before(req: falcon.Request, resp: falcon.Response, **facts: object) -> None:
    """The answer to a form that was taken already: what became of it, without the secret."""
    resp.status = falcon.HTTP_409
    render(req, resp, "key_sent.html", **facts)
