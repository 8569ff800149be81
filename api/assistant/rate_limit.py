"""The limit on the number of questions from one client address in a period."""

from __future__ import annotations

import math

import falcon

from api.http.address import Address
from api.http.errors import too_many_questions
from api.ports.assistant import AssistantPorts


def check_rate_limit(req: falcon.Request, assistant: AssistantPorts, address: Address) -> None:
    """Count a question from the client's address. Raises ApiError 429 when the address has reached its limit."""
    seconds = assistant.rate_limit.wait(address(req))
    if seconds > 0:
        raise too_many_questions(math.ceil(seconds))
