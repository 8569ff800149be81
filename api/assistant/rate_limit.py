"""The limit on how fast an address may ask questions."""

from __future__ import annotations

import math

import falcon

from api.http.address import Address
from api.http.errors import too_many_questions
from api.ports.assistant import AssistantPorts


def check_rate_limit(req: falcon.Request, assistant: AssistantPorts, address: Address) -> None:
    """Count a question of the client's address. Raises ApiError 429 when it has asked too many."""
    seconds = assistant.rate_limit.wait(address(req))
    if seconds > 0:
        raise too_many_questions(math.ceil(seconds))
