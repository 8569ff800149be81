"""The query of a request that reads: the filters, the order and the range that a question names."""

from __future__ import annotations

import re
from datetime import date

from api.assistant.answers.log_queries import event_query, request_query
from api.assistant.knowledge.intent_words import SHOWS
from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.reading.persons import EMPLOYEE, PARTY, role_of
from api.assistant.reading.thread import Question
from api.assistant.reading.values.days import Days
from api.operation import OperationKind

_FROM = re.compile(r"(?:since|after|from|starting|onwards?|later than|se|ke baad|के बाद|से)\s*$")
_FROM_BEHIND = re.compile(r"^\s*(?:onwards?|or later|and later|se\b|ke baad|से\b|के बाद|ke bad)")
_TO = re.compile(r"(?:until|till|before|up to|upto|by|to|not later than|earlier than|through|and|se|-|–)\s*$")
_TO_BEHIND = re.compile(r"^\s*(?:tak\b|तक|or earlier|se pehle|से पहले)")
_SPAN = re.compile(r"\b(?:to|till|until|and|se)\b|से|\d\s*[-–]\s*\d{1,2}\s+\D")
"""Matches days that the text itself names as a range: "21 to 27 December"."""
_PARTIES = {"invoice": "clientId", "bill": "vendorId", "leave": "employeeId"}
_EXAMPLES = {"invoice": "acme-traders", "bill": "kaveri-stationers", "leave": "meera"}
"""By kind of object: the id of an example, for a question that asks for one client without a name."""
_EXAMPLE_OF_A_TIME = "2026-11-01T00:00:00Z"
_PAST_EXAMPLE = "T18:30:00Z"


def query_of(operation: DocumentedOperation, question: Question, today: date) -> dict[str, str]:
    """Return the query that the question asks for; only parameters that the operation has."""
    allowed = {each["name"] for each in operation.parameters if each["in"] == "query"}
    if operation.kind is OperationKind.GET or operation.path.endswith("/pdf"):
        wanted = _moment(question, today)
    elif operation.kind is OperationKind.LIST:
        wanted = {**_filters(operation, question), **_ranges(question), **_order(operation, question)}
    elif operation.id == "listEvents":
        wanted = event_query(question, _values(operation, "type"))
    elif operation.id == "listRequests":
        wanted = request_query(question)
    elif operation.id == "getUsage":
        wanted = _granularity(question)
    else:
        wanted = {}
    return {name: value for name, value in wanted.items() if name.partition("[")[0] in allowed or "metadata" in name}


def _values(operation: DocumentedOperation, name: str) -> frozenset[str]:
    """Return the values that a parameter of the query takes, as its schema or its description lists them."""
    parameter = next(each for each in operation.parameters if each["name"] == name)
    schema = parameter.get("schema", {})
    listed = re.findall(r"`([a-z_]+\.[a-z_]+)`", parameter.get("description", ""))
    return frozenset([*schema.get("enum", ()), *schema.get("items", {}).get("enum", ()), *listed])


def _granularity(question: Question) -> dict[str, str]:
    text = question.reading.plain.lower()
    unit = re.search(r"\b(hour|day|ghant|roz|din|dail)|घंट|दिन|रोज़", text)
    if unit is None:
        return {}
    return {"granularity": "hour" if unit[0].startswith(("hour", "ghant", "घंट")) else "day"}


def _moment(question: Question, today: date) -> dict[str, str]:
    details = question.details
    if question.intent.action != "past":
        return {}
    if details.version:
        return {"version": details.version}
    if details.instant:
        return {"asOf": details.instant}
    if "version" in question.terms and question.is_follow_up:
        return {"version": "1"}
    if details.days:
        day = details.days[-1].last
        is_named = str(day.year) in question.reading.plain
        day = day.replace(year=day.year - 1) if day > today and not is_named else day
        return {"asOf": f"{day.isoformat()}{_PAST_EXAMPLE}"}
    return {"version": "1"} if "version" in question.terms else {"asOf": f"2026-03-31{_PAST_EXAMPLE}"}


def _filters(operation: DocumentedOperation, question: Question) -> dict[str, str]:
    kind = operation.resource.aggregate.kind if operation.resource else ""
    query = {**_statuses(question, kind), **_party(question, kind)}
    if question.details.leave_type and kind == "leave":
        query["type"] = question.details.leave_type
    if question.details.pair is not None:
        key, value = question.details.pair
        query[f"metadata[{key}]"] = value
    return query


def _statuses(question: Question, kind: str) -> dict[str, str]:
    selection = question.details.selection
    if question.details.number:
        return {}
    if selection.is_overdue:
        unpaid = {("sent", "partially_paid"), ("open", "partially_paid"), ()}
        others = {} if selection.statuses in unpaid else {"status": ",".join(selection.statuses)}
        return others | {"overdue": "true"}
    if selection.statuses:
        return {"status": ",".join(selection.statuses)}
    return {"status": "approved"} if kind == "leave" and "who" in question.terms | question.context else {}


def _party(question: Question, kind: str) -> dict[str, str]:
    details = question.details
    if own := _of_person(question, kind):
        return own
    if details.number:
        return {"search": details.number}
    if details.name is not None:
        return (
            {_PARTIES[kind]: details.name.text}
            if details.name.is_id and kind in _PARTIES
            else {"search": details.name.text}
        )
    if details.quoted and not SHOWS.isdisjoint({word.key for word in question.reading.words}):
        return {"search": details.quoted}
    if (
        kind in _EXAMPLES
        and question.terms & {"one", "single", "particular", "specific", "filter"}
        and _of_party(question, kind)
    ):
        return {_PARTIES[kind]: _EXAMPLES[kind]}
    is_bare = not (details.selection.statuses or details.selection.is_overdue or details.pair or details.days)
    keys = {word.key for word in question.reading.words}
    asks_to_find = not keys.isdisjoint(("find", "search", "searching", "lookup")) and question.intent.is_explicit
    return {"search": "acme"} if asks_to_find and is_bare else {}


def _of_person(question: Question, kind: str) -> dict[str, str]:
    """Return the id of the party or employee whose objects are asked for; of parties, the GSTIN or the role."""
    person = question.details.ids.get(EMPLOYEE if kind == "leave" else PARTY)
    if person is not None and kind in _PARTIES:
        return {_PARTIES[kind]: person}
    if kind != PARTY:
        return {}
    role = role_of(question.terms) or role_of(question.context if question.is_follow_up else frozenset())
    if question.details.gstin:
        return {"gstin": question.details.gstin}
    return {"role": role} if role and question.details.name is None else {}


def _of_party(question: Question, kind: str) -> bool:
    return {"invoice": "client", "bill": "vendor", "leave": "employee"}[kind] in question.terms


def _ranges(question: Question) -> dict[str, str]:
    details, terms, text = question.details, question.terms, question.reading.plain.lower()
    changed = terms & {"update", "changes"} or "modif" in text or "badl" in text or "बदल" in text
    if details.instant:
        return {"updatedSince": details.instant}
    if not details.days:
        return {"updatedSince": _EXAMPLE_OF_A_TIME} if "updatedsince" in terms else {}
    if changed and not terms & {"duedate"}:
        return {"updatedSince": f"{details.days[0].first.isoformat()}T00:00:00Z"}
    first, last = _range(details.days, text)
    prefix = "due" if "duedate" in terms | question.context and question.intent.kind != "leave" else "date"
    ends = {f"{prefix}From": first, f"{prefix}To": last}
    return {name: day.isoformat() for name, day in ends.items() if day is not None}


def _range(days: tuple[Days, ...], text: str) -> tuple[date | None, date | None]:
    """Return the first and the last day that the words around the days ask for; None for an open end."""
    one = days[0]
    if len(days) > 1:
        return min(each.first for each in days), max(each.last for each in days)
    before, behind = text[: one.start].rstrip(), text[one.end :]
    if one.first != one.last and _SPAN.search(text[one.start : one.end]):
        return one.first, one.last
    if _TO_BEHIND.search(behind) or (_TO.search(before) and not before.endswith(("se", "and", "-", "–"))):
        return None, one.last
    if _FROM.search(before) or (_FROM_BEHIND.search(behind) and not re.match(r"\s*se\b.*\btak\b", behind)):
        return one.first, None
    return one.first, one.last


def _order(operation: DocumentedOperation, question: Question) -> dict[str, str]:
    selection = question.details.selection
    query: dict[str, str] = {}
    sorts = operation.resource.listing.sorts if operation.resource else {}
    if selection.sort is not None and selection.sort[0] in sorts:
        query["sort"] = f"{selection.sort[1]}{selection.sort[0]}"
    if selection.limit is not None and 0 < int(selection.limit) <= 100:
        query["limit"] = selection.limit
    return query
