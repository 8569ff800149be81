"""An answer: its text, the pages that it is from, and the request that it shows."""

from __future__ import annotations

import msgspec

from api.assistant.answers.requests import Request


class Answer(msgspec.Struct, frozen=True):
    """An answer before it is rendered."""

    text: str
    """The answer, in Markdown. Its first sentence answers the question."""
    sources: tuple[str, ...] = ()
    """The ids of the operations and the sections of guides that it is from, the best first; empty when it declines."""
    request: Request | None = None
    """The request that does what the question asks for."""
