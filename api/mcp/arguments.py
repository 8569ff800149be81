"""Turns the arguments of a tool into a request to the API. What the arguments mean is checked by the API itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import msgspec

from api.http.errors import MAX_URL_BYTES, ApiError, uri_too_long
from api.http.preconditions import etag
from api.mcp.tools import RETRY_KEY, VERSION, Tool
from domain.errors.violation import Violation
from projections.query.refusals import INVALID_PARAMETER

Arguments = Mapping[str, msgspec.Raw]
"""The arguments of a call by name, each as JSON. So the numbers of a body keep all their digits."""


class ApiRequest(NamedTuple):
    """A request to the API."""

    method: str
    path: str
    """The path below the base path of the API, without percent-encoding."""
    query: str
    headers: Mapping[str, str]
    body: bytes | None
    retry_key: str | None
    """The Idempotency-Key of the request; None for a request that changes nothing."""


def request_of(tool: Tool, arguments: Arguments) -> ApiRequest:
    """Return the request for a call of the tool. A change without an idempotency key gets a new one.

    Raises ApiError for an argument that cannot be put into a path, a query or a header.
    """
    fields = dict(arguments)
    path = tool.path.format(**{name: _path_value(name, fields.pop(name, None)) for name in tool.path_names})
    retry_key = _retry_key(fields.pop(RETRY_KEY, None)) if tool.has_retry_key else None
    headers = {} if retry_key is None else {"Idempotency-Key": retry_key}
    if tool.has_version and (version := _value(VERSION, fields.pop(VERSION, None))) is not None:
        headers["If-Match"] = _version_header(version)
    asked = {name: fields.pop(name) for name in tool.query_names if name in fields} if tool.has_body else fields
    body = msgspec.json.encode(fields) if tool.has_body else None
    query = urlencode(list(_query(tool, asked)))
    if len(quote(path)) + len(query) > MAX_URL_BYTES:
        raise uri_too_long()
    return ApiRequest(tool.method, path, query, headers, body, retry_key)


def _path_value(name: str, raw: msgspec.Raw | None) -> str:
    """Return the id. A slash would lead to another operation, and no id contains one."""
    value = _value(name, raw)
    if not isinstance(value, str) or not 1 <= len(value) <= 64 or "/" in value or not value.isprintable():
        raise _refused(name, "must be the id of an object: a string of 1 to 64 characters without `/`")
    return value


def _retry_key(raw: msgspec.Raw | None) -> str:
    key = _value(RETRY_KEY, raw)
    if key is None:
        return f"mcp-{uuid.uuid4()}"
    if not isinstance(key, str) or not key.isascii() or not key.isprintable():
        raise _refused(RETRY_KEY, "must be a string of 1 to 255 visible ASCII characters, such as a UUID")
    return key


def _version_header(version: Any) -> str:
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _refused(VERSION, "must be the `version` of the object that you read: a whole number from 1")
    return etag(version)


def _query(tool: Tool, fields: Arguments) -> Iterator[tuple[str, str]]:
    for name, raw in fields.items():
        value = _value(name, raw)
        if isinstance(value, Mapping) and name in tool.map_names:
            yield from ((f"{name}[{key}]", _query_text(each)) for key, each in value.items())
        elif value is not None:
            yield name, _query_text(value)


def _query_text(value: Any) -> str:
    """Return the value as it is written in a URL: a list as its entries with commas between them."""
    if isinstance(value, list):
        return ",".join(map(_query_text, value))
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _value(name: str, raw: msgspec.Raw | None) -> Any:
    try:
        return None if raw is None else msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _refused(name, "is not valid JSON in UTF-8") from None


def _refused(name: str, message: str) -> ApiError:
    violation = Violation(name, INVALID_PARAMETER, message)
    return ApiError(400, INVALID_PARAMETER, f"The argument {name} {message}.", [violation])
