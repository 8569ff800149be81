"""Reads request bodies: JSON objects of limited size, whose numbers keep all their digits."""

from __future__ import annotations

import codecs
from typing import Any, TypeVar

import msgspec

from api.advice.json_bodies import json_problem
from api.http.errors import ApiError
from api.http.request import Request
from commands.fields import JsonNumber
from commands.objects import parse_object

MAX_BODY_BYTES = 1024 * 1024
_JSON = "application/json"
_CHARSETS = frozenset(("", "utf-8", "utf8", "us-ascii"))
_FOREIGN_STARTS = {
    codecs.BOM_UTF16_LE: "The body is in UTF-16; send it in UTF-8.",
    codecs.BOM_UTF16_BE: "The body is in UTF-16; send it in UTF-8.",
    codecs.BOM_UTF32_BE: "The body is in UTF-32; send it in UTF-8.",
    b"\x1f\x8b": "The body is compressed; send it without compression.",
    b"\x28\xb5\x2f\xfd": "The body is compressed; send it without compression.",
}
"""The first bytes of bodies that are not text in UTF-8, each with the message that says what to do."""

_decode = msgspec.json.Decoder(float_hook=JsonNumber).decode


B = TypeVar("B", bound=msgspec.Struct)


class Nothing(msgspec.Struct):
    """A body without fields."""


def parse_body(req: Request, struct: type[B]) -> B:
    """Return the body of a request that makes no command; without a body, as if it had no fields. Raises Invalid."""
    has_body = bool(req.content_length) or "HTTP_TRANSFER_ENCODING" in req.env
    body = read_body(req) if has_body else {}
    return parse_object(struct, body)


def refuse_body(req: Request) -> None:
    """Raise Invalid if the body has fields."""
    parse_body(req, Nothing)


def read_body(req: Request) -> dict[str, Any]:
    """Return the JSON object in the body. A number with a fraction or an exponent is a JsonNumber.

    A byte order mark before the JSON is skipped. Raises ApiError with one of these statuses:

    - 400 for a body that is not a JSON object,
    - the statuses of `read_bytes`.
    """
    body = read_bytes(req)
    try:
        value = _decode(body.removeprefix(codecs.BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ApiError(400, "malformed_json", _problem(body) or json_problem(body, str(error))) from None
    except RecursionError:
        raise ApiError(400, "malformed_json", "The body is nested too deeply.") from None
    if not isinstance(value, dict):
        raise not_an_object()
    return value


def read_bytes(req: Request) -> bytes:
    """Return the body of a request that is sent as JSON. Raises ApiError with one of these statuses:

    - 400 for a body that did not arrive completely,
    - 413 for a body of more than MAX_BODY_BYTES,
    - 415 for another media type, another character set, or a compressed body.
    """
    _check_media_type(req)
    _check_encoding(req)
    req.context.body = body = _read_all(req)
    return body


def unsupported_media_type() -> ApiError:
    """Return the error for a body that is not sent as JSON."""
    message = "Send the body as JSON, with the header Content-Type: application/json."
    return ApiError(415, "unsupported_media_type", message)


def unsupported_encoding() -> ApiError:
    """Return the error for a compressed body. It names the accepted encodings (RFC 9110, section 12.5.3)."""
    message = "The body has a Content-Encoding; send it without compression and without this header."
    return ApiError(415, "unsupported_media_type", message, headers={"Accept-Encoding": "identity"})


def payload_too_large() -> ApiError:
    """Return the error for a body of more than MAX_BODY_BYTES."""
    return ApiError(413, "payload_too_large", "The body is larger than 1 MiB; send less in one request.")


def not_an_object() -> ApiError:
    """Return the error for a body that is JSON, but not an object."""
    return ApiError(400, "malformed_json", "The body must be a JSON object, in braces.")


def _check_media_type(req: Request) -> None:
    media_type, *parameters = (part.strip().lower() for part in (req.content_type or "").split(";"))
    has_body = bool(req.content_length) or "HTTP_TRANSFER_ENCODING" in req.env
    if media_type != _JSON and (media_type or has_body):
        raise unsupported_media_type()
    for name, _, value in (parameter.partition("=") for parameter in parameters):
        if name.strip() == "charset" and value.strip(' "') not in _CHARSETS:
            message = "The body must be in UTF-8; send it with the header Content-Type: application/json."
            raise ApiError(415, "unsupported_media_type", message)


def _check_encoding(req: Request) -> None:
    """Refuse every Content-Encoding but `identity`, which means no encoding."""
    codings = req.env.get("HTTP_CONTENT_ENCODING")
    if codings and any(coding.strip().lower() not in ("", "identity") for coding in codings.split(",")):
        raise unsupported_encoding()


def _problem(body: bytes) -> str | None:
    """Return a message about a body that is not text in UTF-8; None when the body is text in UTF-8."""
    if body.startswith(codecs.BOM_UTF32_LE):  # Checked first, because this mark begins with the mark of UTF-16.
        return _FOREIGN_STARTS[codecs.BOM_UTF32_BE]
    for start, problem in _FOREIGN_STARTS.items():
        if body.startswith(start):
            return problem
    if b"\0" in body[:4]:
        return "The body contains zero bytes, as UTF-16 and UTF-32 do; send it in UTF-8."
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return f"The body is not in UTF-8 (see byte {error.start}, counted from 0); send it in UTF-8."
    return None


def _read_all(req: Request) -> bytes:
    length = req.content_length
    if length is not None and length > MAX_BODY_BYTES:
        raise payload_too_large()
    try:
        body: bytes = req.env["wsgi.input"].read(MAX_BODY_BYTES + 1)
    except OSError as error:
        raise ApiError(400, "malformed_json", "The body did not arrive completely; send it again.") from error
    if len(body) > MAX_BODY_BYTES:
        raise payload_too_large()
    return body
