"""What an operation returns: the status and the example of its success, from the OpenAPI document."""

from __future__ import annotations

import json
import re

from api.assistant.answers.answer import Answer
from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.reading.thread import Question

_ASKS = re.compile(
    r"\bwhat\b.{0,40}\b(?:returns?|comes? back|sends? back|gives? back|(?:get|see|receive)s? (?:back|in return))\b"
    r"|\bwhat\b.{0,20}\b(?:response|answer|reply|json)\b(?! codes?)"
    r"|\bhow does (?:the|its|that) (?:response|answer|reply|json) look"
    r"|\b(?:show|see|give)\b.{0,12}\b(?:the|an?|its|sample|example) (?:response|reply|answer)\b"
    r"|\b(?:response|reply) (?:example|sample)\b"
    r"|\b(?:response|jawab|reply|json)\b.{0,8}\b(?:kaisa|kaise|kya|kaisi)\b"
    r"|\b(?:wapas|vapas|return) (?:kya|me kya)|\bkya (?:wapas|vapas|return)\b"
    r"|(?:जवाब|रिस्पॉन्स|रिस्पांस).{0,8}(?:क्या|कैसा)|क्या (?:वापस|रिटर्न) (?:मिल|आ|दे)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\berrors?\b|retr(?:y|ies)|idempoten|duplicate|twice|\bwhen\b|\blimit|fail|refus|wrong|invalid|\b4\d\d\b|\bif\b|again",
    re.IGNORECASE,
)
"""Words of questions about other responses than that of a success."""
_MAX_ENTRIES = 1


def explain_response(operation: DocumentedOperation | None, question: Question, base: str) -> Answer | None:
    """Return what this operation answers when it succeeds; None if the question does not ask so."""
    text = question.reading.plain
    if operation is None or _OTHERS.search(text) or not _ASKS.search(text):
        return None
    status = min(each for each in operation.node["responses"] if each.startswith("2"))
    media = operation.node["responses"][status].get("content", {}).get("application/json")
    if media is None or "example" not in media:
        return None
    names = ", ".join(f"`{name}`" for name in _members(media["example"]["data"]))
    answer = f"`{operation.method} {base}{operation.path}` answers with {status}; `data` has {names}. For example:"
    return Answer(f"{answer}\n\n```json\n{_shown(media['example'])}\n```", (operation.id,))


def _members(data: object) -> list[str]:
    first = data[0] if isinstance(data, list) and data else data
    return list(first) if isinstance(first, dict) else []


def _shown(example: dict[str, object]) -> str:
    """Return the example as JSON, with the first entry of a list alone."""
    data = example["data"]
    short = {**example, "data": data[:_MAX_ENTRIES]} if isinstance(data, list) else example
    return json.dumps(short, indent=2, ensure_ascii=False)
