"""Sends the messages of an AI client, one a line, to the endpoint `/mcp` of a service, and returns its answers.

The service knows the protocol; this module only adds the headers that requests over HTTP need.
"""

from __future__ import annotations

import base64
from typing import Any, Literal

import httpx
import msgspec

from api.mcp.messages import INTERNAL_ERROR, error_response, id_of
from api.mcp.revisions import METHOD_HEADER, NAME_HEADER, PATH, REVISION_HEADER, REVISION_KEY

_UNKNOWN = "If this was a change, it is not known whether it was made."


class _Params(msgspec.Struct):
    name: str | None = None
    meta: dict[str, Any] = msgspec.field(default={}, name="_meta")


class _Request(msgspec.Struct):
    method: str
    params: _Params = msgspec.field(default_factory=_Params)


class _Error(msgspec.Struct):
    code: int
    message: str
    data: Any = None


class _Answer(msgspec.Struct):
    jsonrpc: Literal["2.0"]
    result: dict[str, Any] = {}
    error: _Error | None = None


class Bridge:
    """The messages of one AI client. `client` has the address of the service, and sends the key."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._revision: str | None = None
        """The revision that the client and the service have agreed on with `initialize`; None without it."""

    def answer(self, line: bytes) -> bytes | None:
        """Send a message to the service, and return its answer as one line of JSON; None if there is no answer."""
        request, id = _read(line), id_of(line)
        try:
            response = self._client.post(PATH, content=line.strip(), headers=self._headers(request))
        except httpx.HTTPError as error:
            answer = _failure(id, f"The service at {self._client.base_url} did not answer: {error}. {_UNKNOWN}")
        else:
            answer = self._read_answer(request, id, response)
        return None if request is not None and id is None else answer  # A notification has no answer.

    def _headers(self, request: _Request | None) -> dict[str, str]:
        revision = request and request.params.meta.get(REVISION_KEY)
        if request is None or not isinstance(revision, str):
            return {} if self._revision is None else {REVISION_HEADER: self._revision}
        headers = {REVISION_HEADER: revision, METHOD_HEADER: request.method}
        if request.params.name is not None:
            headers[NAME_HEADER] = request.params.name
        return {name: _header_text(value) for name, value in headers.items()}

    def _read_answer(self, request: _Request | None, id: Any, response: httpx.Response) -> bytes:
        body = response.content.strip()
        if body.startswith(b"["):  # The answer to several messages in one line.
            return body
        try:
            answer = msgspec.json.decode(body, type=_Answer)
        except msgspec.DecodeError:
            return _failure(id, f"There are no tools at {self._client.base_url}: status {response.status_code}.")
        if answer.error is not None:
            return _failure(id, answer.error.message, answer.error.code, answer.error.data)
        if request is not None and request.method == "initialize":
            self._revision = answer.result.get("protocolVersion")
        return body


def _read(line: bytes) -> _Request | None:
    """Return what is needed of a message to send it; None for a message that the service will refuse."""
    try:
        return msgspec.json.decode(line, type=_Request)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _header_text(value: str) -> str:
    """Return the text as the value of a header: in Base64, unless it consists of visible ASCII characters."""
    if value.isascii() and value.isprintable() and value == value.strip() and not value.startswith("=?"):
        return value
    return f"=?base64?{base64.b64encode(value.encode()).decode()}?="


def _failure(id: Any, message: str, code: int = INTERNAL_ERROR, data: Any = None) -> bytes:
    """Return the error that answers a request with this id."""
    return msgspec.json.encode(error_response(id, code, message, data))
