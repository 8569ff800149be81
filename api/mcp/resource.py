"""The endpoint `/mcp`: the transport "Streamable HTTP" of the protocol, without sessions and without streams.

Each POST carries a message, and its response is JSON. GET would open a stream, which this service does not have: 405.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import falcon
import msgspec

from api.http.authentication import Authentication
from api.http.body import read_bytes
from api.http.errors import ApiError, envelope_of
from api.http.errors.table import api_error_of
from api.http.origin import Origin
from api.http.request import Request
from api.mcp.calls import WsgiApp
from api.mcp.exchange import Exchange
from api.mcp.messages import (
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    PARSE_ERROR,
    RpcError,
    error_response,
    id_of,
    read_body,
    read_message,
    response,
)
from api.mcp.methods import Methods
from api.mcp.origins import FOREIGN, Websites
from api.mcp.revisions import METHOD_HEADER, NAME_HEADER, REVISION_HEADER, STATELESS, WITH_BATCHES, revision_of
from api.ports.admission import AdmissionControl, AdmissionRefused
from api.ports.request.deadline import ARRIVED, uncounted
from commands.unit_of_work import Unavailable

_REFUSALS = (ApiError, *AdmissionRefused, Unavailable)
"""The errors that refuse a whole request, with the status and the message that they have everywhere in the API."""
_ENVIRON_NAMES = {
    name: f"HTTP_{name.upper().replace('-', '_')}" for name in (REVISION_HEADER, METHOD_HEADER, NAME_HEADER)
}
_UNREADABLE = (PARSE_ERROR, INVALID_REQUEST)


class Mcp:
    """The resource `/mcp`. It declares no operation of the API, because it admits the callers of messages itself."""

    for_scripts: ClassVar[bool] = True
    """Whether scripts of websites that the operator allows may read the responses, as those of the API."""

    def __init__(
        self,
        app: WsgiApp,
        authentication: Authentication,
        control: AdmissionControl,
        origin: Origin,
        websites: Websites,
        methods: Methods,
    ) -> None:
        """Calls of tools are sent through `app`, which is the application that has this resource."""
        self._app, self._authentication, self._control = app, authentication, control
        self._origin, self._websites, self._methods = origin, websites, methods

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        if not self._websites.allow(req):
            _write(resp, 403, error_response(None, 403, FOREIGN))
            return
        with uncounted(req.env):
            self._methods.prepare()
        try:
            caller = self._authentication.caller_of(req, free=True)
            exchange = Exchange(self._app, self._control, caller, req, self._origin(req))
            if ARRIVED not in req.env:  # The service waits for a body only after admission.
                exchange.scopes()
            self._answer(req, resp, read_bytes(req), exchange)
            resp.set_headers(exchange.limit_headers)
        except _REFUSALS as error:
            self._refuse(req, resp, api_error_of(error))

    def _answer(self, req: Request, resp: falcon.Response, body: bytes, exchange: Exchange) -> None:
        headers = {name: req.env[key] for name, key in _ENVIRON_NAMES.items() if key in req.env}
        try:
            parts, is_batch = read_body(body)
            if is_batch and headers.get(REVISION_HEADER, WITH_BATCHES) != WITH_BATCHES:
                raise RpcError(INVALID_REQUEST, "Send one message at a time: this revision has no batches.")
        except RpcError as error:
            exchange.scopes()
            _write(resp, 400, error_response(None, error.code, str(error)))
            return
        replies = [reply for part in parts if (reply := self._reply(part, headers, exchange)) is not None]
        if not replies:
            resp.status = falcon.HTTP_202
        elif is_batch:
            _write(resp, 200, [content for _, content in replies])
        else:
            _write(resp, *replies[0])

    def _reply(
        self, part: bytes, headers: Mapping[str, str], exchange: Exchange
    ) -> tuple[int, Mapping[str, Any]] | None:
        """Return the HTTP status and the response to one message; None for a notification, which has no response."""
        id, revision = id_of(part), headers.get(REVISION_HEADER, STATELESS)
        try:
            message = read_message(part)
            revision = revision_of(message, headers)
            if message.is_notification:
                exchange.scopes()
                return None
            return 200, response(id, self._methods.handle(message, revision, exchange))
        except RpcError as error:
            exchange.scopes()  # A refused key comes before all other refusals.
            return _status(error, revision), error_response(id, error.code, str(error), error.data)

    def _refuse(self, req: Request, resp: falcon.Response, error: ApiError) -> None:
        """Write a refusal of the whole request: the API's error is the `data` of a JSON-RPC error."""
        facts = envelope_of(error, req.context.request_id, self._origin(req))["error"]
        _write(resp, error.status, error_response(id_of(req.context.body), error.status, facts["message"], facts))
        resp.set_headers(dict(error.headers))


def _status(error: RpcError, revision: str) -> int:
    """Return the HTTP status of an error. Older clients expect 200 for a request that could be read."""
    if revision == STATELESS or error.code in _UNREADABLE or error.data is not None:
        return 404 if error.code == METHOD_NOT_FOUND else 400
    return 200


def _write(resp: falcon.Response, status: int, content: Any) -> None:
    resp.status = falcon.code_to_http_status(status)
    resp.data = msgspec.json.encode(content)
    resp.content_type = falcon.MEDIA_JSON
