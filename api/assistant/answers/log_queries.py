"""The queries of the logs that a question asks for: which events, and which requests were sent."""

from __future__ import annotations

import re

from api.assistant.reading.thread import Question

_TYPE = re.compile(r"\b(?:invoice|bill|leave)\.[a-z_]+\b")
_POSITION = re.compile(
    r"\b(?:position|after|from|se)\s+(?:number\s+|position\s+)?(\d{1,12})\b|\b(\d{1,12})\s+(?:ke baad|se aage|के बाद)"
)
_NEWEST = re.compile(
    r"\b(?:newest|latest|recent|most recent|last \d+|descending|desc|reverse order|naye|nay[ae])\b|नए|नये|ताज़ा|ताज़े"
)
_REQUEST_ID = re.compile(
    r"\brequest[ -]?id\b\W{0,3}(?:is |of |was |called )?([a-z0-9._-]*\d[a-z0-9._-]*)|\b(req_\w+)", re.IGNORECASE
)
_STATUS = re.compile(r"\b([45](?:xx|\d\d))\b")
_WORDS = (
    ("payment_reversed", frozenset(("reverse", "bounce"))),
    ("overdue", frozenset(("overdue",))),
    ("approved", frozenset(("approved", "approve"))),
    ("denied", frozenset(("denied", "deny"))),
    ("cancelled", frozenset(("cancelled", "cancel"))),
    ("shortened", frozenset(("shorten",))),
    ("voided", frozenset(("void", "cancelled", "cancel"))),
    ("opened", frozenset(("opened", "opening", "open"))),
    ("sent", frozenset(("sent", "send"))),
    ("payment_recorded", frozenset(("partially_paid", "record", "received"))),
    ("paid", frozenset(("paid",))),
    ("payment_recorded", frozenset(("payment",))),
    ("requested", frozenset(("requested", "apply"))),
    ("drafted", frozenset(("draft", "create", "created"))),
    ("updated", frozenset(("update", "updated", "changed"))),
)  # fmt: skip
"""By the end of an event's type: the words of a question for it, the surest first."""


def event_query(question: Question, types: frozenset[str]) -> dict[str, str]:
    """Return the query; `types` are the types of events that there are."""
    text = f"{question.reading.plain} {question.reading.corrected}".lower()
    query: dict[str, str] = {}
    if wanted := type_of(question, text, types):
        query["type"] = wanted
    if position := _POSITION.search(text):
        query["after"] = position[1] or position[2]
    if _NEWEST.search(text):
        query["order"] = "desc"
    if question.details.selection.limit:
        query["limit"] = question.details.selection.limit
    if question.terms & {"whole", "object", "include"} or "fully" in question.terms:
        query["include"] = "object"
    return query


def type_of(question: Question, text: str, types: frozenset[str]) -> str | None:
    """Return the type of event that the question names by its name, or by words such as "paid invoices"; or None."""
    named = next((match for match in _TYPE.findall(text) if match in types), None)
    kind = question.intent.kind
    if named is not None or kind is None:
        return named
    for terms in (question.terms, question.context):
        for ending, words in _WORDS:
            if f"{kind}.{ending}" in types and words & terms:
                return f"{kind}.{ending}"
    return None


def request_query(question: Question) -> dict[str, str]:
    """Return the query of the record of requests: the id, the status or the day that the question names."""
    text = question.reading.plain
    if found := _REQUEST_ID.search(text):
        return {"requestId": (found[1] or found[2]).rstrip(".-")}
    query = {"status": ",".join(dict.fromkeys(_STATUS.findall(text)))} if _STATUS.search(text) else {}
    if not query and not question.terms.isdisjoint(("error", "refused", "failed")):
        query = {"status": "4xx,5xx"}
    days = question.details.days
    return query | ({"from": f"{days[0].first}T00:00:00Z", "to": f"{days[-1].last}T23:59:59Z"} if days else {})
