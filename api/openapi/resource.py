"""The resource `/openapi.json`: the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar

import falcon

from api.http.origin import Origin
from api.http.parameters import refuse_parameters
from api.http.request import Request
from api.openapi.examples import EXAMPLE_ORIGIN
from api.operation import Operation, OperationKind
from api.samples.placeholders import daily

_PUBLIC = {
    "Cache-Control": "public, max-age=300",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
}


class OpenApi:
    """The resource `/openapi.json`. It needs no key. The first request of a day builds the document.

    Examples and code samples contain the address to which the request was sent, so that they run without changes.
    """

    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            id="getOpenApi",
            tag="Assistant",
            kind=OperationKind.REPORT,
            response=None,
            envelope="OpenApiDocument",
            public=True,
        )
    }

    def __init__(self, build_document: Callable[[], dict[str, Any]], origin: Origin) -> None:
        self._document = daily(lambda: json.dumps(build_document(), ensure_ascii=False, separators=(",", ":")).encode())
        self._origin = origin

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        refuse_parameters(req)
        # The document contains no data of organizations, so scripts of all websites may read it.
        resp.set_headers(_PUBLIC)
        resp.data = _with_origin(self._document(), self._origin(req))


@lru_cache(maxsize=4)
def _with_origin(document: bytes, origin: str) -> bytes:
    """Return the document with the address of this service. All responses to the same address share these bytes."""
    return document.replace(EXAMPLE_ORIGIN.encode(), origin.encode())
