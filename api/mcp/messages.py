"""JSON-RPC 2.0 messages: reads those that clients send, and writes responses and errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
HEADER_MISMATCH = -32020
UNSUPPORTED_REVISION = -32022

Id = int | str | None
"""The id of a request; None if it could not be read."""
MAX_MESSAGES = 20
"""The maximum number of messages in a batch."""


class RpcError(Exception):
    """A message that is refused as a JSON-RPC error, before any operation of the API is called."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


class Message(msgspec.Struct, frozen=True):
    """A request, or a notification, which is a message without an id."""

    jsonrpc: Literal["2.0"]
    method: str
    id: int | str | msgspec.UnsetType = msgspec.UNSET
    params: dict[str, msgspec.Raw] | None = None

    @property
    def is_notification(self) -> bool:
        return self.id is msgspec.UNSET

    @property
    def request_id(self) -> Id:
        """The id of a request; None for a notification."""
        return None if isinstance(self.id, msgspec.UnsetType) else self.id

    def param(self, name: str, type_: Any) -> Any:
        """Return a parameter of this type; None if it is absent or null.

        Raises RpcError for a value of another type.
        """
        raw = (self.params or {}).get(name)
        if raw is None:
            return None
        try:
            return msgspec.json.decode(raw, type=type_ | None)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise RpcError(INVALID_PARAMS, f"The parameter {name} is not of the right type.") from None


class _Identified(msgspec.Struct):
    id: Any = None


def read_body(body: bytes) -> tuple[list[bytes], bool]:
    """Return the messages in a body, each as JSON, and whether they are a batch. Raises RpcError."""
    try:
        whole = msgspec.json.decode(body.decode(), type=msgspec.Raw)  # A part that is not decoded yet may be no UTF-8.
        is_batch = bytes(whole).lstrip()[:1] == b"["
        parts = msgspec.json.decode(body, type=list[msgspec.Raw]) if is_batch else [whole]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RpcError(PARSE_ERROR, "The body is not JSON in UTF-8.") from None
    if is_batch and not 1 <= len(parts) <= MAX_MESSAGES:
        raise RpcError(INVALID_REQUEST, f"A batch must hold 1 to {MAX_MESSAGES} messages.")
    return [bytes(part) for part in parts], is_batch


def read_message(part: bytes) -> Message:
    """Return the request or notification. Raises RpcError for JSON that is neither."""
    try:
        return msgspec.json.decode(part, type=Message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RpcError(INVALID_REQUEST, "The message must be a JSON-RPC 2.0 request or notification.") from None


def id_of(part: bytes) -> Id:
    """Return the id of a message that may be malformed; None if it has no valid id."""
    try:
        found = msgspec.json.decode(part, type=_Identified).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if isinstance(found, int | str) and not isinstance(found, bool) else None


def response(id: Id, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the response to a request."""
    return {"jsonrpc": "2.0", "id": id, "result": result}


def error_response(id: Id, code: int, message: str, data: Any = None) -> dict[str, Any]:
    """Return the error that answers a request."""
    error = {"code": code, "message": message, **({} if data is None else {"data": data})}
    return {"jsonrpc": "2.0", "id": id, "error": error}
