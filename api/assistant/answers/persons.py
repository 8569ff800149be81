"""The bodies of requests that add or change a party or an employee, with what a question names in its place."""

from __future__ import annotations

from typing import Any

from api.assistant.reading.persons import PARTY, ROLES
from api.assistant.reading.thread import Question

Body = dict[str, Any]
_LEFT = frozenset(("left", "lefton", "resigned", "resign", "quit", "last"))
_FIELDS: tuple[tuple[str, str, str], ...] = (
    ("gstin", "gstin", "27AAPFU0939F1ZV"),
    ("address", "address", "14 MG Road\nPune 411001"),
    ("phone", "phone", "+91 98450 12345"),
    ("email", "email", "accounts@acme.example"),
    ("pan", "pan", "AAPFU0939F"),
    ("gsttreatment", "gstTreatment", "composition"),
    ("externalid", "externalId", "crm-1042"),
    ("role", "roles", ""),
    ("joinedon", "joinedOn", "2024-04-01"),
    ("join", "joinedOn", "2024-04-01"),
    ("joined", "joinedOn", "2024-04-01"),
    ("notes", "metadata", ""),
    ("rename", "name", "Acme Traders"),
    ("name", "name", "Acme Traders"),
)
"""A word, the field that it changes, and the value of an example."""


def new_person(example: Body, question: Question) -> Body:
    """Return the body that adds a party or an employee."""
    details = question.details
    body = {**example, **_named(question)}
    if details.name is not None or details.quoted:
        name = details.quoted or (details.name.text if details.name else "")
        body |= {"name": name, "externalId": details.name.as_id} if details.name else {"name": name}
        body = {field: value for field, value in body.items() if field != "email" or details.email}
    if "roles" in example:
        named = [role for role in ROLES if role in question.terms | question.context]
        body["roles"] = named or example["roles"]
    elif details.days and not question.terms & _LEFT:
        body["joinedOn"] = details.days[0].first.isoformat()
    return body


def changed_person(example: Body, question: Question) -> Body:
    """Return the body that changes the fields that the question has a word for."""
    details, terms = question.details, question.terms
    named = _named(question)
    if question.intent.kind != PARTY and terms & _LEFT:
        return {"leftOn": details.days[0].first.isoformat() if details.days else "2026-09-30"}
    for word, field, value in _FIELDS:
        if word in terms and field not in named:
            named[field] = _value(field, value, question)
    return named or example


def _value(field: str, value: str, question: Question) -> Any:
    details = question.details
    if field == "roles":
        return [role for role in ROLES if role in question.terms] or list(ROLES)
    if field == "metadata":
        return {"notes": details.quoted or "Pays by cheque"}
    if field == "joinedOn" and details.days:
        return details.days[0].first.isoformat()
    if field == "name" and details.name is not None and not details.quoted:
        return details.name.text
    return details.quoted or value


def _named(question: Question) -> Body:
    details = question.details
    found = {"gstin": details.gstin, "email": details.email, "phone": details.phone}
    return {field: value for field, value in found.items() if value}
