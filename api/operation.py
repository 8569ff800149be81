"""What one method of a resource takes and gives: said beside the responder, and shown by the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of an operation; its words stand in `api/openapi/texts.py` under its id."""

    id: str
    """The name of the method in a generated client: `listInvoices`."""
    answer: str
    """The schema of what `data` holds, or of each of its entries."""
    status: int = 200
    pagination: str | None = None
    """The schema of `pagination`, when `data` is a list."""
    query: Mapping[str, dict[str, Any]] = {}
    """The JSON Schema of each query parameter."""
    body: type[msgspec.Struct] | None = None
    headers: tuple[str, ...] = ()
    """Request headers beyond those that every request may carry."""
    public: bool = False
    """Whether it is open to everyone, at a pace for each address; it then changes nothing."""
    streams: bool = False
    """Whether the answer comes as Server-Sent Events when these are asked for."""
    enveloped: bool = True
    """Whether the answer stands in `{"success": true, "data": …}`."""
