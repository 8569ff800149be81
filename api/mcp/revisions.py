"""The revisions of the protocol, and how a request says which of them it speaks.

Until revision 2025-11-25, a client first sends `initialize`, and later requests name the agreed revision in a header.
Since revision 2026-07-28 there is no such agreement: each request names its revision in `_meta` and in a header, and
repeats its method and the name of its tool in headers, so that proxies need not read the body.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

import msgspec

from api.mcp.messages import HEADER_MISMATCH, INVALID_PARAMS, UNSUPPORTED_REVISION, Message, RpcError
from api.service.cors import MCP_HEADERS

STATELESS = "2026-07-28"
"""The revision whose requests name everything themselves."""
NEGOTIATED = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
"""The revisions that begin with `initialize`, the newest first."""
REVISIONS = (STATELESS, *NEGOTIATED)
WITH_BATCHES = "2025-03-26"
"""The only revision over HTTP in which a body may hold several messages. It is assumed without a header."""

REVISION_KEY = "io.modelcontextprotocol/protocolVersion"
_CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
_REQUIRED = (REVISION_KEY, _CAPABILITIES_KEY)

PATH = "/mcp"
"""The path of the endpoint."""
REVISION_HEADER, METHOD_HEADER, NAME_HEADER = MCP_HEADERS
_ENCODED = ("=?base64?", "?=")
"""What stands around a header's value that is written in Base64."""


def revision_of(message: Message, headers: Mapping[str, str]) -> str:
    """Return the revision that a message speaks.

    `headers` are the values of REVISION_HEADER, METHOD_HEADER and NAME_HEADER that were sent, by these names.

    Raises RpcError for a revision that is not known, and for a stateless request that does not describe itself fully.
    """
    named = headers.get(REVISION_HEADER)
    if message.is_notification:
        _check_known(named or WITH_BATCHES)
        return named or WITH_BATCHES
    meta: dict[str, msgspec.Raw] = message.param("_meta", dict[str, msgspec.Raw]) or {}
    if named != STATELESS and REVISION_KEY not in meta:
        _check_known(named or WITH_BATCHES)
        return named or WITH_BATCHES
    return _stateless_revision(message, headers, meta)


def _stateless_revision(message: Message, headers: Mapping[str, str], meta: Mapping[str, msgspec.Raw]) -> str:
    if missing := [key for key in _REQUIRED if key not in meta]:
        raise RpcError(INVALID_PARAMS, f"params._meta must have {' and '.join(missing)}.")
    revision = _text(meta[REVISION_KEY])
    _check_header(headers, REVISION_HEADER, revision)
    _check_header(headers, METHOD_HEADER, message.method)
    if message.method == "tools/call":
        _check_header(headers, NAME_HEADER, message.param("name", str))
    if revision != STATELESS:
        raise _unsupported(revision)
    return revision


def _check_header(headers: Mapping[str, str], name: str, expected: str | None) -> None:
    sent = headers.get(name)
    value = _decoded(sent) if sent is not None and name == NAME_HEADER else sent
    if expected is not None and value != expected:
        problem = "is missing" if sent is None else "does not have the value that the body has"
        raise RpcError(HEADER_MISMATCH, f"The header {name} {problem}.")


def _decoded(value: str) -> str | None:
    """Return the value of a header that may be written in Base64; None if it is written wrongly."""
    start, end = _ENCODED
    if not (value.startswith(start) and value.endswith(end)):
        return value
    try:
        return base64.b64decode(value[len(start) : -len(end)], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _text(raw: msgspec.Raw) -> str:
    try:
        return msgspec.json.decode(raw, type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RpcError(INVALID_PARAMS, f"{REVISION_KEY} must be a string.") from None


def _check_known(revision: str) -> None:
    if revision not in REVISIONS:
        raise _unsupported(revision)


def _unsupported(revision: str) -> RpcError:
    data = {"supported": REVISIONS, "requested": revision}
    return RpcError(UNSUPPORTED_REVISION, "This revision of the protocol is not supported.", data)
