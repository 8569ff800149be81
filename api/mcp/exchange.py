"""One POST to the endpoint: whose it is, and the calls that its messages make."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from api.http.errors import ApiError, envelope_of
from api.http.request import Request
from api.mcp.arguments import Arguments, request_of
from api.mcp.calls import WsgiApp, send
from api.mcp.messages import INVALID_REQUEST, RpcError
from api.mcp.results import call_result
from api.mcp.tools import Tool
from api.ports.admission import AdmissionControl, Caller

MAX_BATCH_BYTES = 4 * 1024 * 1024
"""After so many bytes of responses, no further operation of the same POST is called. A page of a list has at most as
many, so this concerns batches only."""
_LIMIT_HEADERS = ("ratelimit", "x-ratelimit")


class Exchange:
    """Implements the protocol Session of `methods.py` for one request over HTTP."""

    def __init__(self, app: WsgiApp, control: AdmissionControl, caller: Caller, req: Request, origin: str) -> None:
        """Links in errors begin with `origin`. The caller is not admitted yet."""
        self._app, self._control, self._caller, self._req, self._origin = app, control, caller, req, origin
        self.limit_headers: dict[str, str] = {}
        """The rate-limit headers of the last call; empty if no operation was called."""
        self._received = 0

    def scopes(self) -> Collection[str]:
        if not self._caller.is_asked:
            self._req.context.caller = self._caller  # The middleware then sets the rate-limit headers.
            self._control.admit(self._caller)
        return self._caller.scopes

    def call(self, tool: Tool, arguments: Arguments) -> dict[str, Any]:
        """Call the operation of the tool, which admits the caller and costs what the operation costs."""
        if self._received > MAX_BATCH_BYTES:
            raise RpcError(
                INVALID_REQUEST, "The results before this one are too long for one batch: send it again alone."
            )
        request_id = self._req.context.request_id
        try:
            request = request_of(tool, arguments)
        except ApiError as error:
            self.scopes()  # A refused key comes before wrong arguments.
            return call_result(error.status, msgspec.json.encode(envelope_of(error, request_id, self._origin)), None)
        response = send(self._app, self._req.env, request_id, request)
        self._received += len(response.body)
        if response.status == 401:
            self.scopes()  # Raises the refusal of the key, so that the whole request has the status 401.
        self.limit_headers = {
            name: value for name, value in response.headers.items() if name.lower().startswith(_LIMIT_HEADERS)
        }
        return call_result(response.status, response.body, request.retry_key)
