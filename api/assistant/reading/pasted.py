"""Finds the body of an error response in a question, also when it was pasted only in part."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

_START = re.compile(r"\{\s*\\?\"(?:success|error|code)\\?\"")
_CODE = re.compile(r"\"code\"\s*:\s*\"([a-z_]+)\"")
_MEMBER = re.compile(r"\"(\w+)\"\s*:\s*(\"(?:[^\"\\]|\\.)*\"|-?\d+(?:\.\d+)?|null|\[[^\[\]]*\])")
_DETAIL = re.compile(r"\{[^{}]*\"field\"[^{}]*\}")


class PastedError(msgspec.Struct, frozen=True):
    """The `error` of a response that a question quotes."""

    code: str
    message: str = ""
    details: tuple[tuple[str, str], ...] = ()
    """The wrong fields or parameters, each with what is wrong with it."""
    facts: Mapping[str, Any] = {}
    """The other members, such as `allowed` and `resetAt`."""


def find_error(text: str) -> tuple[PastedError | None, str]:
    """Return the error that the text quotes, and the text without it."""
    start = _START.search(text)
    if start is None:
        return None, text
    tail = text[start.start() :].replace('\\"success', '"success') if '\\"success' in text else text[start.start() :]
    body, length = _decoded(tail)
    rest = f"{text[: start.start()]} {tail[length:]}" if body is not None else text[: start.start()]
    members = body if body is not None else _members(tail)
    error = _error(members)
    return (error, rest) if error is not None else (None, text)


def _decoded(text: str) -> tuple[dict[str, Any] | None, int]:
    """Return the JSON object with which a text begins, and its length; None if it is not complete."""
    try:
        body, length = json.JSONDecoder(strict=False).raw_decode(text)
    except (json.JSONDecodeError, RecursionError):
        return None, 0
    return (body, length) if isinstance(body, dict) else (None, 0)


def _members(text: str) -> dict[str, Any]:
    """Return the members that stand in a JSON text that is cut off."""
    found: dict[str, Any] = {}
    details = []
    for match in _DETAIL.finditer(text):
        detail, _ = _decoded(match[0])
        details += [detail] if detail is not None else []
    outside = _DETAIL.sub("{}", text)
    for name, value in _MEMBER.findall(outside):
        try:
            found.setdefault(name, json.loads(value, strict=False))
        except json.JSONDecodeError:
            continue
    return {**found, "details": details}


def _error(body: Mapping[str, Any]) -> PastedError | None:
    error = body["error"] if isinstance(body.get("error"), dict) else body
    code, message, details = error.get("code"), error.get("message"), error.get("details")
    if not isinstance(code, str) or not re.fullmatch(r"[a-z_]{1,60}", code):
        return None
    pairs = (
        (str(each.get("field", "")), str(each.get("message", "")))
        for each in (details if isinstance(details, list) else ())
        if isinstance(each, dict)
    )
    others = {"code", "message", "details", "success", "error", "status", "requestId", "docUrl"}
    facts = {name: value for name, value in error.items() if name not in others}
    return PastedError(code, message if isinstance(message, str) else "", tuple(pairs), facts)
