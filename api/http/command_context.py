"""Makes the Context of a command from a request: the organization, the key, If-Match and the Idempotency-Key."""

from __future__ import annotations

import hashlib
import re

import msgspec

from api.http.address import ClientOf
from api.http.canonical import canonical_json
from api.http.errors import ApiError
from api.http.preconditions import versions_to_match
from api.http.request import Request
from api.ports.users import Client
from commands.command import Actor, Context, Person, Retry
from domain.accounts.key_secret import contains_secret
from domain.errors.violation import Violation

_RETRY_KEY = re.compile(r"[!-~]{1,255}", re.ASCII)


def command_context(req: Request) -> Context:
    """Return the context of the request's command. Call `read_body` first, because a retry is recognized by its body.

    Raises ApiError (400) for a malformed header If-Match or Idempotency-Key.
    """
    caller = req.context.sender
    owner = caller.owner
    return Context(
        org_id=owner.org_id,
        actor=Actor("api_key", owner.key_id),
        request_id=req.context.request_id,
        scopes=caller.scopes,
        if_match=versions_to_match(req.env.get("HTTP_IF_MATCH")),
        retry=_retry(req),
    )


def traced_context(req: Request, client_of: ClientOf) -> Context:
    """Return the context of a command that has security events. It is like `command_context`, and names the sender."""
    return naming_sender(command_context(req), client_of(req))


def naming_sender(context: Context, client: Client) -> Context:
    """Return the context with the key and the address of its request, which the command's security events name."""
    sender = Person(context.actor.type, context.actor.id, client.address)
    return msgspec.structs.replace(context, person=sender)


def _retry(req: Request) -> Retry | None:
    key = req.env.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    if not _RETRY_KEY.fullmatch(key) or contains_secret(key):
        is_secret = contains_secret(key)
        message = "must not be an API key" if is_secret else "must be 1 to 255 visible ASCII characters, such as a UUID"
        details = [Violation("Idempotency-Key", "invalid_parameter", message)]
        raise ApiError(400, "invalid_parameter", f"The header Idempotency-Key {message}.", details)
    target, body = f"{req.method}\n{req.path}\n".encode(), req.context.body
    return Retry(key, _hash(b"2\n", target, canonical_json(body) if body else b""), older_hash=_hash(target, body))


def _hash(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()
