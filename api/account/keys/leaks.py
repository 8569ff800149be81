"""The resource `/leaks/github`, to which GitHub's secret scanning reports API keys that it has found in public.

It follows the protocol of GitHub's partner program, and is no operation of the API: only GitHub can call it. See
docs/decisions/0077-leaked-keys-are-revoked.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import falcon
import msgspec

from api.http.address import ClientOf
from api.http.body import read_bytes
from api.http.errors import ApiError
from api.http.parameters import refuse_parameters
from api.http.request import Request
from api.operation import Operation
from api.ports.commands import CommandBus
from api.ports.keys import LeakReports
from commands.accounts.api_key import RevokeLeakedKey
from commands.command import Actor, Context, Person
from domain.accounts.key_secret import hash_secret, is_well_formed, mask_secrets
from domain.errors.violation import Violation

KEY_HEADER, SIGNATURE_HEADER = "Github-Public-Key-Identifier", "Github-Public-Key-Signature"
REPORTER = Actor("secret_scanning", "github")
MAX_PLACE_CHARACTERS = 500


class ReportedToken(msgspec.Struct):
    """One entry of a report."""

    token: str
    type: str
    url: str | None = None
    source: str | None = None

    @property
    def place(self) -> str:
        """Where the token was found. It may be the text of other people, but never contains a key."""
        return mask_secrets(self.url or self.source or "GitHub")[:MAX_PLACE_CHARACTERS].replace("\0", "")


class Verdict(msgspec.Struct):
    """What the service says about one entry: whether the token has the form of a key, but not whether it is known."""

    token_hash: str
    token_type: str
    label: str


_decode = msgspec.json.Decoder(list[ReportedToken]).decode
_encode = msgspec.json.Encoder().encode


class GithubLeaks:
    """The resource `/leaks/github`. `POST` takes a signed report, and revokes the keys in it."""

    operations: ClassVar[dict[str, Operation]] = {}

    def __init__(self, reports: LeakReports, command_bus: CommandBus, client: ClientOf) -> None:
        self._reports, self._command_bus, self._client = reports, command_bus, client

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        identifier, signature = _header(req, KEY_HEADER), _header(req, SIGNATURE_HEADER)
        body = read_bytes(req)
        refuse_parameters(req)
        if not self._reports.is_signed(identifier, signature, body):
            raise _refused(SIGNATURE_HEADER, f"must be the signature of the body with the key that {KEY_HEADER} names")
        tokens = _tokens(body)
        self._revoke(req, tokens)
        resp.data = _encode([_verdict(each) for each in tokens])

    def _revoke(self, req: Request, tokens: Iterable[ReportedToken]) -> None:
        """Revoke the keys whose secrets are among the tokens."""
        places = {hash_secret(each.token): each.place for each in tokens if is_well_formed(each.token)}
        reporter = Person(REPORTER.type, REPORTER.id, self._client(req).address)
        for key in self._reports.find_working(list(places)) if places else ():
            context = Context(org_id=key.org_id, actor=REPORTER, request_id=req.context.request_id, person=reporter)
            self._command_bus.execute(RevokeLeakedKey(id=key.key_id, found_at=places[key.hash]), context)


def _verdict(reported: ReportedToken) -> Verdict:
    label = "true_positive" if is_well_formed(reported.token) else "false_positive"
    return Verdict(hash_secret(reported.token).hex(), reported.type, label)


def _tokens(body: bytes) -> list[ReportedToken]:
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        message = "The body must be a JSON array of objects with token, type, url and source."
        raise ApiError(400, "malformed_json", message) from None


def _header(req: Request, name: str) -> str:
    value = req.get_header(name)
    if not value:
        raise _refused(name, "is missing")
    return value


def _refused(name: str, message: str) -> ApiError:
    details = [Violation(name, "invalid_parameter", message)]
    return ApiError(400, "invalid_parameter", f"The header {name} {message}.", details)


def leak_routes(reports: LeakReports | None, command_bus: CommandBus, client: ClientOf, path: str) -> list[Any]:
    """Return the route of reports; none if the service knows no keys of those who report."""
    return [] if reports is None else [(path, GithubLeaks(reports, command_bus, client))]
