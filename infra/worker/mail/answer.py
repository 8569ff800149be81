"""What came of an attempt to send a mail."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from api.pages.printable import printable

_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")
_MOST_CHARACTERS = 200


class Outcome(Enum):
    """How an attempt ended."""

    SENT = "sent"
    REFUSED = "refused"
    """For good: the server has refused the recipient or the message, or there is no way to write to this address."""
    POSTPONED = "postponed"
    """The server has not taken the mail now."""
    UNKNOWN = "unknown"
    """The connection was lost before the server has answered to the whole message: it may have taken it."""
    INTERRUPTED = "interrupted"
    """The server has closed a connection on which it had taken mails before, as after a number of mails."""


class Answer(NamedTuple):
    """The end of an attempt, and what the server has said, without addresses."""

    outcome: Outcome
    text: str


def answer(outcome: Outcome, code: int | None, said: bytes | str) -> Answer:
    """Return the answer. Servers repeat addresses in what they say; they are left out, because this text is kept."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    line = printable(" ".join(_ADDRESS.sub("…", text).split()))[:_MOST_CHARACTERS]
    return Answer(outcome, line if code is None else f"{code} {line}")
