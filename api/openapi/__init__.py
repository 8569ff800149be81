"""`/openapi.json`: the API described by what serves it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

import falcon

from api.http.parameters import refuse_parameters
from api.openapi.document import document
from api.operation import Operation


class OpenApi:
    """The OpenAPI document of these routes; public, made when it is first asked for."""

    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(id="getOpenApi", answer="OpenApiDocument", enveloped=False)
    }

    def __init__(self, routes: Sequence[tuple[str, Any]], base: str, public_url: str | None) -> None:
        self._routes, self._base, self._public_url = routes, base, public_url

    @cached_property
    def _bytes(self) -> bytes:
        described = document(self._routes, self._base, self._public_url or "")
        return json.dumps(described, ensure_ascii=False, separators=(",", ":")).encode()

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        refuse_parameters(req)
        # Any page may read it: it holds nothing that is anyone's own.
        resp.set_headers({"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"})
        resp.data = self._bytes
