"""Makes a response from every error. All errors, expected or not, have the same JSON format."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import falcon
import msgspec

from api.advice.routes import Routes, method_advice
from api.http.errors import ApiError, UnknownAddress, envelope_of, internal_error
from api.http.errors.table import TABLE, api_error_of
from api.http.request import PRIVATE, Request, all_methods

logger = logging.getLogger("smartdhandha.api")

ErrorWriter = Callable[[Request, falcon.Response, ApiError, str], None]
"""A function that writes a failure into a response. Its last argument is the origin of the links in the response."""
FirstRefusal = Callable[[Request, Exception], Exception]
"""A function that returns the error for the response: the given error, or a refusal of admission instead."""


def add_error_handlers(
    app: falcon.App[Any, Any],
    origin: Callable[[Request], str],
    write: ErrorWriter | None = None,
    first_refusal: FirstRefusal = lambda _, error: error,
    routes: Sequence[tuple[str, Any]] = (),
) -> None:
    """Let the application write every failure with `write`. If `write` is None, failures are written as JSON.

    `routes` are the routes of the API. A failure for a path that does not exist suggests the most similar route.
    """
    write = write or write_error
    advice = Routes(routes)

    def handle(req: Request, resp: falcon.Response, error: Exception, params: object) -> None:
        failure = _api_error(first_refusal(req, error), req, advice)
        req.context.error_code = failure.code
        write(req, resp, failure, origin(req))

    for kind in (Exception, falcon.HTTPError, ApiError, *(mapping.error for mapping in TABLE)):
        app.add_error_handler(kind, handle)


def write_error(req: Request, resp: falcon.Response, error: ApiError, origin: str) -> None:
    """Write the failure into the response as JSON."""
    resp.status = falcon.code_to_http_status(error.status)
    resp.data = msgspec.json.encode(envelope_of(error, req.context.request_id, origin))
    resp.content_type = falcon.MEDIA_JSON
    resp.set_headers(PRIVATE)
    for name, value in error.headers.items():
        resp.set_header(name, value)


def _api_error(error: Exception, req: Request, routes: Routes) -> ApiError:
    """Return the failure that the response to this error shows. An unexpected error is logged."""
    if isinstance(error, falcon.HTTPError):
        return _from_falcon(error, req, routes)
    try:
        return api_error_of(error)
    except LookupError:
        return _unexpected(error, req)


def _from_falcon(error: falcon.HTTPError, req: Request, routes: Routes) -> ApiError:
    status = error.status_code
    if status == 404:
        suggestion = routes.suggest(req.path)
        return UnknownAddress(suggestion.message, suggestion.path)
    if status == 405:
        allowed = all_methods(dict(error.headers or {}).get("Allow", ""))
        advice = method_advice(req.method, allowed)
        message = f"This address does not support that method{advice}; it supports: {allowed}."
        return ApiError(405, "method_not_allowed", message, headers={"Allow": allowed})
    if status >= 500:
        return _unexpected(error, req)
    return ApiError(400, "invalid_parameter", error.description or "The request is malformed.")


def _unexpected(error: Exception, req: Request) -> ApiError:
    facts = {"route": req.uri_template, "requestId": req.context.request_id}
    logger.error("unexpected fault", exc_info=error, extra={"facts": facts})
    return internal_error()
