"""The bodies of requests about webhooks: the address, the types of events and the status that a question names."""

from __future__ import annotations

import re
from typing import Any

from api.assistant.answers.log_queries import type_of
from api.assistant.reading.kinds import named_kinds
from api.assistant.reading.thread import Question
from domain.registry import event_types

Body = dict[str, Any]
_URL = re.compile(r"https?://[^\s\"'<>|]+[^\s\"'<>|.,;:!?)]")
_GOES_ON = frozenset(("resume", "active", "activate", "reactivate", "enable", "continue", "start", "again"))
_SKIPS = frozenset(("skip", "skips", "skipped", "skipping"))
_POSITION = re.compile(r"\b(?:after|from|position)\s+(?:number\s+|position\s+)?(\d{1,12})\b")
_DURATION = re.compile(r"\b(\d{1,3})\s*(h|d)(?:ours?|ays?)?\b")


def webhook_body(id: str, example: Body, question: Question) -> Body:
    """Return the body of the operation with this id: its example, with what the question names in its place."""
    fill = {
        "createWebhook": _create, "updateWebhook": _update, "testWebhook": _test, "replayWebhook": _replay,
        "rotateWebhook": _rotate,
    }.get(id)  # fmt: skip
    return example if fill is None else fill(example, question)


def _named(question: Question) -> Body:
    """Return the address and the types that the question names, or the ones before it in the thread."""
    url, wanted = _URL.search(question.reading.text), _type(question)
    kinds = [f"{kind}.*" for kind in sorted(named_kinds(question.reading))]
    types = [wanted] if wanted else kinds if "only" in question.terms else []
    own = ({"url": url[0]} if url else {}) | ({"types": types} if types else {})
    return own if question.before is None else _named(question.before) | own


def _type(question: Question) -> str | None:
    text = f"{question.reading.plain} {question.reading.corrected}".lower()
    return type_of(question, text, frozenset(event_types()))


def _create(example: Body, question: Question) -> Body:
    body = example | _named(question)
    return {name: value for name, value in body.items() if name != "description"} if _named(question) else body


def _update(example: Body, question: Question) -> Body:
    if named := _named(question):
        return named
    if question.terms & _SKIPS:
        return {"status": "active", "from": "now"}
    return {"status": "active" if question.terms & _GOES_ON else "paused"}


def _test(example: Body, question: Question) -> Body:
    wanted = _type(question)
    return {"type": wanted} if wanted else example


def _replay(example: Body, question: Question) -> Body:
    details, wanted = question.details, _type(question)
    types = {"types": [wanted]} if wanted else {}
    if position := _POSITION.search(question.reading.plain.lower()):
        return {"after": int(position[1]), **types}
    if details.instant or details.days:
        since = details.instant or f"{details.days[0].first.isoformat()}T00:00:00Z"
        return {"since": since, **types}
    return example | types


def _rotate(example: Body, question: Question) -> Body:
    overlap = _DURATION.search(question.reading.plain.lower())
    return {"overlap": f"{overlap[1]}{overlap[2]}"} if overlap else example
