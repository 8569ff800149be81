"""Says what is wrong with a body that is text, but not JSON."""

from __future__ import annotations

import re

_EMPTY = re.compile(rb"\s*")
_MISTAKES = (
    (re.compile(rb"\s*'.*", re.DOTALL), "it begins with a single quote; cmd needs double quotes around the body"),
    (re.compile(rb"\s*[\[{]\s*'.*", re.DOTALL), "names and texts need double quotes"),
    (
        re.compile(rb"\s*[\[{]\s*[A-Za-z_]\w*\s*:.*", re.DOTALL),
        "names need double quotes; some shells, such as PowerShell, remove quotes that are not escaped",
    ),
    (re.compile('[^"]*[\u201c\u201d\u201e].*'.encode(), re.DOTALL), "it has typographic quotes; use straight ones"),
    (re.compile(rb".*\{\{.*", re.DOTALL), "a variable in double braces was not replaced"),
    (re.compile(rb".*[:\[,]\s*(True|False|None)\b.*", re.DOTALL), "write true, false and null in lower case"),
    (re.compile(rb"[\w.%+\[\]-]+=.*", re.DOTALL), "it is a form; send a JSON object"),
)
"""Patterns of whole bodies, each with the mistake that it indicates. The first pattern that matches is used."""
_MAX_BYTES = 64 * 1024
"""How many bytes of a body, from its beginning, are searched for mistakes."""


def json_problem(body: bytes, reason: str) -> str:
    """Return the message about a body that is not JSON. `reason` is the message of the parser."""
    if _EMPTY.fullmatch(body):
        return "The body is empty; send a JSON object."
    beginning = body[:_MAX_BYTES]
    mistake = next((mistake for pattern, mistake in _MISTAKES if pattern.fullmatch(beginning)), reason)
    return f"The body is not valid JSON: {mistake}."
