"""Bodies in, answers out: reading JSON objects, and the envelope of every success."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import falcon
import msgspec

from api.http.errors import ApiError
from commands.fields import JsonNumber

LARGEST_BODY = 1024 * 1024
JSON = "application/json"


class Pagination(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Where the next page is; null on the last one."""

    limit: int
    has_more: bool
    next_cursor: str | None
    next_url: str | None


_decode = msgspec.json.Decoder(float_hook=JsonNumber).decode
_encode = msgspec.json.Encoder().encode


def read_body(req: falcon.Request) -> dict[str, Any]:
    """The JSON object in the body, its numbers still exact.

    Raises ApiError: 415 for another type, 413 above 1 MiB, 400 for what is not a JSON object.
    """
    length = req.content_length
    media_type = (req.content_type or "").partition(";")[0].strip().lower()
    has_body = bool(length) or "HTTP_TRANSFER_ENCODING" in req.env
    if media_type != JSON and (media_type or has_body):
        raise ApiError(
            415, "unsupported_media_type", "Send the body as JSON, with the header Content-Type: application/json."
        )
    if length is not None and length > LARGEST_BODY:
        raise _too_large()
    try:
        body = req.env["wsgi.input"].read(LARGEST_BODY + 1)
    except OSError as error:
        raise ApiError(400, "malformed_json", "The body did not arrive whole; send it again.") from error
    if len(body) > LARGEST_BODY:
        raise _too_large()
    req.context.body = body
    try:
        value = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ApiError(400, "malformed_json", f"The body is not valid JSON: {error}.") from None
    except RecursionError:
        raise ApiError(400, "malformed_json", "The body is nested too deeply.") from None
    if not isinstance(value, dict):
        raise ApiError(400, "malformed_json", "The body must be a JSON object, in braces.")
    return value


class RefusedBodies:
    """Middleware: reads what a refused request still holds of its body, so that its connection can be used again.

    gunicorn would promise to keep the connection, and close it on more than 64 KiB of unread body: the next request
    is lost, or even this answer. A caller without a key is not worth waiting for.
    """

    def process_response(self, req: falcon.Request, resp: falcon.Response, resource: Any, req_succeeded: bool) -> None:
        if req_succeeded or req.context.admission is None:
            return
        left = 8 * LARGEST_BODY
        try:
            while left > 0 and (piece := req.env["wsgi.input"].read(65536)):
                left -= len(piece)
        except OSError:
            pass  # the client has gone, or never meant it


def success(data: bytes) -> bytes:
    """The envelope around one resource."""
    return b'{"success":true,"data":%b}' % data


def success_of(data: object) -> bytes:
    """The envelope around something that has yet to be encoded."""
    return success(_encode(data))


def success_list(items: Iterable[bytes], pagination: Pagination) -> bytes:
    """The envelope around a page of ready-made resources."""
    return b'{"success":true,"data":[%b],"pagination":%b}' % (b",".join(items), _encode(pagination))


def _too_large() -> ApiError:
    return ApiError(413, "payload_too_large", "The body is larger than 1 MiB; send less in one request.")
