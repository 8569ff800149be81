"""What a header of a request or of a response means, from the texts of the reference."""

from __future__ import annotations

import re

from api.assistant.answers.answer import Answer
from api.assistant.reading.thread import Question
from api.openapi.texts.common import REQUEST_HEADERS, RESPONSE_HEADERS

_NAMES = tuple(dict.fromkeys((*REQUEST_HEADERS, *RESPONSE_HEADERS)))
_PAGES = {
    "Idempotency-Key": "retries#choosing-the-key",
    "If-Match": "retries#never-overwriting-somebody-elses-change",
    "ETag": "retries#never-overwriting-somebody-elses-change",
    "If-Position": "retries#reading-what-you-wrote",
    "Position": "retries#reading-what-you-wrote",
    "Idempotent-Replayed": "retries#one-request-sent-twice",
    "Link": "lists#pages",
    "WWW-Authenticate": "authentication#what-a-key-looks-like",
    "Accept-Encoding": "errors#unsupported_media_type",
    "X-Request-Id": "errors",
}
"""By header: the section of a guide about it. That of the others is about credits."""


def explain_header(question: Question) -> Answer | None:
    """Return what the header means that the question names as it is written; None if it names none."""
    text, has_word = question.reading.plain.lower(), "header" in question.terms
    named = [name for name in _NAMES if _is_named(name.lower(), text) and ("-" in name or has_word)]
    if not named:
        return None
    name = max(named, key=len)
    sent, received = REQUEST_HEADERS.get(name), RESPONSE_HEADERS.get(name)
    if sent and received:
        meaning = f"You may send it: {_small(sent)} In responses: {_small(received)}"
    else:
        meaning = sent or received or ""
    where = "a header that you send" if sent and not received else "a header of responses"
    begin = f"`{name}`:" if sent and received else f"`{name}` is {where}:"
    return Answer(f"{begin} {_small(meaning)}", (_PAGES.get(name, "credits#where-you-stand"),))


def _is_named(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


def _small(text: str) -> str:
    return text if text[:1] == "`" or text[1:2].isupper() else text[:1].lower() + text[1:]
