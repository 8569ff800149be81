"""Reads the parameter `adopt`: a new object takes over an id of the organization's own that documents have."""

from __future__ import annotations

from typing import Any

import msgspec

from api.http.parameters import read_parameters
from api.http.request import Request
from commands.fields.party import ExternalId
from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from projections.query.filters import QueryParameter, checked_length

ADOPT = "adopt"
ADOPTION = {ADOPT: QueryParameter(ExternalId.schema())}
_FIELD = "externalId"


def adopting(req: Request, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body of the new object with the adopted id as its `externalId`.

    A request that is repeated with another id is another request. Raises InvalidQuery for a wrong parameter, and
    Invalid if the body has a different `externalId`.
    """
    adopted = read_parameters(req, {ADOPT: _read_id}).get(ADOPT)
    if adopted is None:
        return body
    if body.get(_FIELD) not in (None, "", adopted):
        raise Invalid([Violation(_FIELD, VALIDATION_FAILED, f"must be the id that {ADOPT} names, or left out")])
    body = {**body, _FIELD: adopted}
    req.context.body = msgspec.json.encode(body)
    return body


def _read_id(text: str) -> str:
    id: str = ExternalId.parse(checked_length(text, 64), ADOPT, _nothing_more)
    return id


def _nothing_more(violation: Violation) -> None:
    raise AssertionError(f"an id has no parts that could be wrong: {violation}")
