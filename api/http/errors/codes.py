"""All error codes by status: the codes of the error table, and the codes of errors in `api/http` and the server."""

from __future__ import annotations

from api.http.errors.table import TABLE

_CODES_OF_REQUESTS: dict[int, tuple[str, ...]] = {
    400: ("malformed_json",),
    401: ("missing_credentials",),
    405: ("method_not_allowed",),
    413: ("payload_too_large",),
    414: ("uri_too_long",),
    415: ("unsupported_media_type",),
    431: ("headers_too_large",),
    500: ("internal_error",),
}
"""The codes without a line in the error table. `api/http` and the server raise an ApiError with such a code."""


def _codes_by_status() -> dict[int, tuple[str, ...]]:
    codes = {status: list(own) for status, own in _CODES_OF_REQUESTS.items()}
    for mapping in TABLE:
        codes.setdefault(mapping.status, []).extend(mapping.detail_codes or (mapping.code,))
    return {status: tuple(dict.fromkeys(codes[status])) for status in sorted(codes)}


CODES = _codes_by_status()
"""For each HTTP status, all error codes that a failure with this status can have."""
