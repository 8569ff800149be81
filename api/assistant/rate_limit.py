"""How fast an address may ask."""

from __future__ import annotations

import math

import falcon

from api.http.address import address_of
from api.http.errors import too_many_questions
from api.ports.assistant import AssistantPorts


def check_rate_limit(req: falcon.Request, assistant: AssistantPorts) -> None:
    """Count the question. Raises ApiError 429 when the address has asked too fast."""
    seconds = assistant.rate_limit.wait(address_of(req, assistant.address_header))
    if seconds > 0:
        raise too_many_questions(math.ceil(seconds))
