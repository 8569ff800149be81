"""Whether a number that a question names lies within the limit that an answer states: "No," for 20 of 1 to 16."""

from __future__ import annotations

import re
from collections.abc import Set

_NUMBER = re.compile(r"(?<![\w.,/:-])(\d{1,7})(?![\w.,/:%-]*\d|%)")
_LIMIT = re.compile(r"\b(?:(\d+) to (\d+)|(?:at most|up to|no more than) (\d+))\b")
_IS_DECIDED = re.compile(r"^\W*(?:yes|no)\b", re.IGNORECASE)
_ASKS = frozenset(("can", "whether"))
_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s")


def with_verdict(text: str, question: str, terms: Set[str]) -> str:
    """Return the text with "Yes," or "No," before it, if the question asks whether its only number is allowed."""
    numbers = {int(number) for number in _NUMBER.findall(question)}
    limits = _LIMIT.findall(_END_OF_SENTENCE.split(text, maxsplit=1)[0].replace("\u00a0", ""))
    if len(numbers) != 1 or len(limits) != 1 or terms.isdisjoint(_ASKS) or _IS_DECIDED.match(text):
        return text
    ((low, high, most),), (number,) = limits, numbers
    is_within = int(low or 0) <= number <= int(high or most)
    start = text if text[0] == "`" or text[1:2].isupper() else text[0].lower() + text[1:]
    return f"{'Yes' if is_within else 'No'}, {start}"
