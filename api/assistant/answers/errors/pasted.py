"""Explains a pasted error by its own members, and an error code that a question names by its section of the guide."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from api.assistant.knowledge.library import GuideSection, Library
from api.assistant.reading.pasted import PastedError
from domain.accounts.window import BUDGET_POLICY, BURST_POLICY
from domain.calendar import DEFAULT_TIME_ZONE, zone
from domain.reading import InvalidValue, parse_instant

_STATUS = re.compile(r"^Status (\d{3})\.\s*")
_CODE_BLOCK = re.compile(r"```.*?```", re.DOTALL)


def explain_error(error: PastedError, library: Library) -> str | None:
    """Return the explanation of a pasted error; None if there is no such error code."""
    section = library.sections.get(f"errors#{error.code}")
    if section is None:
        return None
    own = _EXPLAIN.get(error.code, _other)(error)
    return "\n\n".join(part for part in (own, _details(error), advice_of(section)) if part)


def advice_of(section: GuideSection) -> str:
    """Return the first paragraph of a section about an error code, without its status."""
    text = _CODE_BLOCK.sub("", section.section.text).strip()
    return _STATUS.sub("", text.split("\n\n")[0].replace("\n", " "))


def status_of(section: GuideSection) -> str | None:
    """Return the HTTP status of the error code of a section."""
    match = _STATUS.match(section.section.text.strip())
    return match[1] if match else None


def _details(error: PastedError) -> str:
    return "\n".join(f"- `{field}` {message}." if field else f"- {message}." for field, message in error.details)


def _fields(error: PastedError) -> str:
    return ", ".join(f"`{field}`" for field, _ in error.details if field) or "a field"


def _wrong_fields(error: PastedError) -> str:
    what = "One field is" if len(error.details) == 1 else f"{len(error.details)} fields are"
    return f"{what} wrong: {_fields(error)}."


def _wrong_parameters(error: PastedError) -> str:
    if len(error.details) == 1:
        field, message = error.details[0]
        return f"The query parameter `{field}` {message}."
    return f"Some query parameters are wrong: {_fields(error)}."


def _read_only(error: PastedError) -> str:
    return (
        f"Leave {_fields(error)} out: the server sets it, or it cannot change any more. Send only the fields that "
        "you change, without the rest of the response."
    )


def _unknown(error: PastedError) -> str:
    return f"This request has no field {_fields(error)}: check its spelling, or leave it out."


def _rate_limited(error: PastedError) -> str:
    if error.facts.get("policy") == BURST_POLICY:
        limit = error.facts.get("limit", "all")
        return f"The key has sent the {limit} requests that it may send in a second: wait one second, then go slower."
    whose = "the budget that all keys of your organization share" if error.facts.get("policy") == BUDGET_POLICY else ""
    resets = _instant(error.facts.get("resetAt"))
    fully = _instant(error.facts.get("fullyResetAt"))
    limit, days = error.facts.get("limit", "all"), error.facts.get("windowDays", 30)
    if whose and resets:
        return f"Your organization has used up {whose}, {limit} credits of {days} days: you can go on from {resets}."
    if not resets:
        return "All credits of the key are used: wait as many seconds as the header `Retry-After` says."
    later = f" All of them have returned on {fully}." if fully else ""
    return f"You can go on from {resets}: then the next of the {limit} credits of {days} days returns.{later}"


def _scope(error: PastedError) -> str:
    needed, has = error.facts.get("requiredScope"), error.facts.get("keyScopes")
    scopes = f"; it has {', '.join(f'`{scope}`' for scope in has)}" if isinstance(has, list) and has else ""
    if not needed:
        return _other(error)
    return (
        f"The key needs the scope `{needed}` for this request{scopes}. Use a key that has it, or let an owner "
        "or admin give this one the scope, at `/login` under Settings → Developer (**Edit** on the page of the key)."
    )


def _transition(error: PastedError) -> str:
    allowed = error.facts.get("allowed")
    if not isinstance(allowed, list):
        return _other(error)
    now = re.search(r"is (\w+(?: paid)?) and cannot", error.message)
    wanted = re.search(r"cannot become (\w+(?: paid)?)", error.message)
    refused = f"It cannot become `{wanted[1].replace(' ', '_')}`: " if wanted else ""
    state = (
        f"{refused}it is `{now[1].replace(' ', '_')}` now, and from here"
        if now
        else f"{refused}from its current status"
    )
    state = state[0].upper() + state[1:]
    if not allowed and now and wanted and wanted[1] == "void" and now[1].endswith("paid"):
        return f"{state} only a reversal of its payments leads on: reverse each payment, then it can be made void."
    if not allowed:
        return f"{state} no status can be set: it cannot change any more by a PATCH."
    return f"{state} it can become only {' or '.join(f'`{each}`' for each in allowed)} (`allowed`)."


def _conflict(error: PastedError) -> str:
    other = error.facts.get("conflictingId") or _id_in(error.message)
    what = {
        "leave_overlap": "The employee already has another leave on one of these days",
        "duplicate_number": "This number is already taken",
        "duplicate_external_id": "Another object has this `externalId`",
        "duplicate_payment": "This payment is already recorded: same reference, kind, amount and day",
    }[error.code]
    where = f": `{other}`" if other else ""
    then = {
        "leave_overlap": "Cancel, deny or shorten that one first, or choose other days.",
        "duplicate_number": "Send another number, or leave it out to get the next one of your series.",
        "duplicate_external_id": "Use that one, or send another `externalId`.",
        "duplicate_payment": "If it is another one, give it another `reference`; if that one was wrong, reverse it.",
    }[error.code]
    return f"{what}{where}. {then}"


def _position(error: PastedError) -> str:
    head = error.facts.get("head")
    return (
        f"Your `after` lies beyond the end of the log: its last position is {head}. If it came from `nextAfter`, the "
        "database was restored from a backup since: read the log again from a position before the backup, or from 0."
    )


def _reversed(error: PastedError) -> str:
    day = re.search(r"\d{4}-\d\d-\d\d", error.message)
    when = f" on {day[0]}" if day else ""
    return f"The payment was already reversed{when} and no longer counts: there is nothing left to do."


def _stale(error: PastedError) -> str:
    etag = re.search(r"\"\d+\"", error.message)
    now = f": its ETag is now `{etag[0]}`" if etag else ""
    again = "Read it again with a GET, then send your change with that ETag in `If-Match`."
    return f"The object has changed since you read it{now}. {again}"


def _balance(error: PastedError) -> str:
    message = error.details[0][1] if error.details else error.message
    return f"The payment is more than what is due: `amount` {message.rstrip('.')}."


def _other(error: PastedError) -> str:
    return error.message


def _id_in(message: str) -> str | None:
    match = re.search(r"\b(?:inv|bill|leave|pay|party|employee|cn|dn|vc)_\w+", message)
    return match[0] if match else None


def _instant(value: Any) -> str | None:
    """Return a time of an error, in UTC and in India; None if it is no time."""
    if not isinstance(value, str):
        return None
    try:
        at: datetime = parse_instant(value)
    except InvalidValue:
        return None
    local = at.astimezone(zone(DEFAULT_TIME_ZONE))
    return f"{at:%Y-%m-%d %H:%M} UTC ({local.day} {local:%B %Y, %H:%M} in India)"


_EXPLAIN: Mapping[str, Callable[[PastedError], str]] = {
    "validation_failed": _wrong_fields,
    "unknown_parameter": _wrong_parameters,
    "invalid_parameter": _wrong_parameters,
    "read_only_field": _read_only,
    "unknown_field": _unknown,
    "rate_limited": _rate_limited,
    "insufficient_scope": _scope,
    "invalid_transition": _transition,
    "leave_overlap": _conflict,
    "duplicate_number": _conflict,
    "duplicate_external_id": _conflict,
    "duplicate_payment": _conflict,
    "position_beyond_log": _position,
    "already_reversed": _reversed,
    "precondition_failed": _stale,
    "amount_exceeds_balance": _balance,
}
