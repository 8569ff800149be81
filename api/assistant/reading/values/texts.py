"""The texts that a question names: between quotes, as a reason, and as a pair of metadata."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"[\"“'‘]([^\"”'’]{2,200})[\"”'’]")
_REASON = re.compile(
    r"\b(?:because(?: of)?|kyun?ki|reas[a-z]{0,2}n?:|reason is|due to the reason|note:)\s+([^.?!\n]{3,200})"
    r"|क्योंकि\s+([^.?!।\n]{3,200})",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"metadata\s*(?:\[([\w.-]{1,40})\]|\s([\w.-]{1,40}))\s*(?:=|:|is|to)\s*[\"']?([\w./-]+)", re.IGNORECASE
)
_PAIR_KEY = re.compile(r"metadata (?:key|field|pair|named)\s+[\"'`]?([A-Za-z][\w.-]{0,39})", re.IGNORECASE)
_VALUE = re.compile(r"\b[\w./-]*\d[\w./-]*\b")
_OWN_ID = re.compile(
    r"\b(order|deal|crm|erp|shop|ticket|cart|booking)[ _-]?(?:id|number|no\.?|nr)"
    r"\s*(?:=|:|is|was)?\s*[\"']?([\w./-]*\d[\w./-]*)",
    re.IGNORECASE,
)


def find_quoted(text: str) -> str | None:
    """Return the first text between quotes."""
    match = _QUOTED.search(text)
    return match[1] if match else None


def find_reason(text: str) -> str | None:
    """Return the reason that a text gives, as in "because too many people are away" or "reason: no backup"."""
    match = _REASON.search(text)
    return (match[1] or match[2]).strip() if match else None


def find_pair(text: str) -> tuple[str, str] | None:
    """Return the key and the value of metadata that a text names."""
    if match := _PAIR.search(text):
        return match[1] or match[2], match[3]
    key = _PAIR_KEY.search(text)
    if key is not None and (value := _VALUE.search(text.replace(key[1], " "))):
        return key[1], value[0]
    own = _OWN_ID.search(text)
    return (f"{own[1].lower()}Id", own[2]) if own else None
