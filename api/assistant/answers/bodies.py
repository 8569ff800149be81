"""The body of a request that changes something: the reference's example, with what a question names in its place."""

from __future__ import annotations

import re
from collections.abc import Set
from datetime import date, timedelta
from typing import Any

from api.assistant.answers.persons import changed_person, new_person
from api.assistant.answers.webhooks.bodies import webhook_body
from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.reading.changes import STATUS_ACTIONS, UPDATE
from api.assistant.reading.details import Details
from api.assistant.reading.persons import PARTY, PERSONS
from api.assistant.reading.thread import Question
from api.assistant.reading.values.texts import find_reason
from api.openapi.texts import request_example
from api.operation import OperationKind
from api.samples.placeholders import fill_days

Body = dict[str, Any]
_FIELDS: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset(("duedate", "deadline")), "dueDate", "{today+45}"),
    (frozenset(("notes",)), "notes", "Thank you for your business"),
    (frozenset(("currency",)), "currency", "USD"),
    (frozenset(("shorten", "end", "enddate")), "endDate", "{today+31}"),
    (frozenset(("start", "startdate")), "startDate", "{today+31}"),
    (frozenset(("number",)), "number", "A-118"),
    (frozenset(("client", "vendor", "name")), "name", "Acme & Sons"),
    (frozenset(("reason",)), "reason", "Family visit"),
    (frozenset(("sick", "earned", "type")), "type", "sick"),
    (frozenset(("item", "quantity", "unitprice", "description", "tax", "hsn", "total")), "items", ""),
    (frozenset(("date", "day")), "date", ""),
)
"""The fields that a question can change, by the words for them, each with the value of an example."""
_DATES = {"invoice": ("invoiceDate", "{today}"), "bill": ("billDate", "{today}"), "leave": ("endDate", "{today+31}")}
"""The field that a question calls the date, by the kind of object, with the value of an example."""
_SETTLED = {
    "tds": ("7000.00", "194J Q4"),
    "write_off": ("600.00", "Nobody pays the rest"),
    "round_off": ("0.61", "The bank kept it"),
}
"""The kinds of payments without money, each with the amount and the reference of an example."""
_NOTE = "Too many people are away"
"""The note of an example of a decision."""
_PART = "40000.00"
"""The amount of an example that pays a part of the total."""


def body_of(operation: DocumentedOperation, question: Question, today: date) -> Body | None:
    """Return the body of the request; None without one."""
    if operation.example is None or operation.body is None:
        return None
    example = request_example(operation.id, today)
    if operation.resource is None:
        return webhook_body(operation.id, example, question)
    is_person = operation.resource.aggregate.kind in PERSONS
    if operation.kind is OperationKind.CREATE and is_person:
        body = new_person(example, question)
    elif operation.kind is OperationKind.CREATE:
        body = _leave(example, question) if operation.tag == "Leaves" else _document(example, question)
    elif operation.kind is OperationKind.UPDATE:
        body = _update(example, question, operation.settable_statuses, today)
    elif operation.path.endswith("/reversal"):
        body = _reversal(example, question.details)
    else:
        body = _payment(example, question)
    return {name: value for name, value in body.items() if name in operation.body["properties"]}


def _document(example: Body, question: Question) -> Body:
    if "invoiceId" in example or "billId" in example:
        return _note(example, question.details)
    if "items" not in example:
        return example
    details, party = question.details, "client" if "clientId" in example else "vendor"
    terms = question.terms | question.context
    example = example | _head(party, details)
    item = dict(example["items"][0])
    if details.item is not None:
        item |= {"quantity": _like(item["quantity"], details.item.quantity)}
        item |= {"unitPrice": _like(item["unitPrice"], details.item.unit_price)}
        item |= {"description": details.item.description.capitalize()} if details.item.description else {}
    elif details.amount and "discount" not in terms:
        item |= {"quantity": _like(item["quantity"], "1"), "unitPrice": _like(item["unitPrice"], details.amount)}
    if details.tax_rate:
        item["taxRate"] = _like(item["taxRate"], details.tax_rate)
    return example | {"items": [item]} | _gst(question, terms) | _document_days(example, question)


def _note(example: Body, details: Details) -> Body:
    """Return the body of a note that corrects an invoice: parts of its lines, or the amount that the question names."""
    body, names = dict(example), {"invoiceId": "inv", "billId": "bill"}
    body |= {name: details.ids[names[name]] for name in names.keys() & body.keys() if names[name] in details.ids}
    body |= {"reason": details.quoted} if details.quoted else {}
    if details.amount is None:
        return body
    return {name: value for name, value in body.items() if name != "items"} | {"amount": details.amount}


def _head(party: str, details: Details) -> Body:
    """Return the client or vendor, the number and the currency that the question names."""
    body = dict[str, Any]()
    if details.name is not None:
        body |= {f"{party}Id": details.name.as_id, f"{party}Name": details.name.text}
    elif PARTY in details.ids:
        body[f"{party}Id"] = details.ids[PARTY]
    if details.number:
        body["invoiceNumber" if party == "client" else "billNumber"] = details.number
    return body | ({"currency": details.currency} if details.currency else {})


def _gst(question: Question, terms: Set[str]) -> Body:
    """Return the fields of a document that GST and discounts add, as far as the question, or its thread, names them."""
    details, body = question.details, dict[str, Any]()
    if "discount" in terms:
        is_amount = details.amount is not None and details.discount is None
        body["discount"] = {"amount": details.amount} if is_amount else {"percent": _like(10, details.discount or "10")}
    if "reversecharge" in terms:
        body["reverseCharge"] = True
    if "wholerupees" in terms:
        body["roundOff"] = "nearest"
    if "placeofsupply" in terms:
        body["placeOfSupply"] = "29"
    return body


def _document_days(example: Body, question: Question) -> Body:
    days = question.details.days
    if not days:
        return {}
    own = "invoiceDate" if "invoiceDate" in example else "billDate"
    if len(days) > 1:
        return {own: days[0].first.isoformat(), "dueDate": days[-1].last.isoformat()}
    day = days[0].first.isoformat()
    if "duedate" in question.terms:
        return {"dueDate": day, own: min(example[own], day)}
    return {own: day, "dueDate": max(example["dueDate"], day)}


def _leave(example: Body, question: Question) -> Body:
    details = question.details
    body = {name: example[name] for name in ("employeeId", "type", "startDate", "endDate")}
    if details.name is not None:
        body |= {"employeeId": details.name.as_id}
        body |= {} if details.name.is_id else {"employeeName": details.name.text}
    if details.leave_type:
        body["type"] = details.leave_type
    if details.days:
        last = details.days[0].last if len(details.days) == 1 else details.days[-1].last
        if details.length and len(details.days) == 1:
            last = details.days[0].first + timedelta(details.length - 1)
        body |= {"startDate": details.days[0].first.isoformat(), "endDate": last.isoformat()}
    if details.has_half:
        if len(details.days) < 2 and not _lasts(question):
            body["endDate"] = body["startDate"]
        body |= _half(body, question)
    return body if question.details.name or details.days or details.has_half else {**example, **body}


def _lasts(question: Question) -> bool:
    """Return whether the question names a leave of several days: a range of days, or its first or last day."""
    days = question.details.days
    return any(each.first != each.last for each in days) or _first_or_last(question) is not None


def _first_or_last(question: Question) -> str | None:
    text = question.reading.plain.lower()
    if re.search(r"\bfirst day|pehle din|पहले दिन", text):
        return "startPart"
    return "endPart" if re.search(r"\blast day|aakhri din|akhri din|आख़िरी दिन|आखिरी दिन|अंतिम दिन", text) else None


def _half(body: Body, question: Question) -> Body:
    """Return the part of the day: of one day, or of the first or the last one of several."""
    if body["startDate"] == body["endDate"]:
        return {"dayPart": question.details.half or "first_half"}
    part = _first_or_last(question) or ("endPart" if question.details.half == "first_half" else "startPart")
    return {part: "first_half" if part == "endPart" else "second_half"}


def _update(example: Body, question: Question, settable: tuple[str, ...], today: date) -> Body:
    action, is_leave = question.intent.action or "", question.intent.kind == "leave"
    if "metadata" in question.terms:
        return _metadata(question)
    if STATUS_ACTIONS.get(action) in settable:
        said = question.details.quoted or find_reason(question.reading.plain)
        note = {"note": said or _NOTE} if "note" in _fields_of(question) or (said and is_leave) else {}
        return {"status": STATUS_ACTIONS[action], **note}
    if question.intent.kind in PERSONS:
        return changed_person(example, question)
    if action not in (UPDATE, "shorten") and "item" not in question.terms:
        return _with_status(example, question, settable)
    details = question.details
    for terms in (question.terms, question.context):
        for words, field, value in _FIELDS:
            if words & terms:
                return _field(field, value, question, today)
    return example if not details.days else {"dueDate": details.days[0].first.isoformat()}


def _with_status(example: Body, question: Question, settable: tuple[str, ...]) -> Body:
    """Return the example, with the status that the question names last in the place of its own."""
    named = [status for word in question.reading.words for status in settable if status in (word.key, word.meaning)]
    named += [STATUS_ACTIONS[word.meaning] for word in question.reading.words[-1:] if word.meaning in STATUS_ACTIONS]
    fitting = [status for status in named if status in settable]
    return {"status": fitting[-1]} if fitting and "status" in example else example


def _field(field: str, value: str, question: Question, today: date) -> Body:
    details, kind = question.details, question.intent.kind
    day = details.days[-1].first.isoformat() if details.days else None
    if field == "number":
        return {"invoiceNumber" if kind == "invoice" else "billNumber": details.number or value}
    if field == "name":
        party, name = ("vendor" if kind == "bill" else "client"), details.name.text if details.name else value
        return {f"{party}Name": details.quoted or name}
    if field == "items":
        return {"items": [{"description": "Consulting", "quantity": 20, "unitPrice": 3500, "taxRate": 18}]}
    if field == "date":
        field, value = _DATES.get(kind or "", _DATES["leave"])
    if field == "type":
        return {"type": details.leave_type or value}
    if field in ("notes", "reason"):
        return {field: details.quoted or value}
    return {field: day or details.currency or fill_days(value, today)}


def _fields_of(question: Question) -> set[str]:
    """Return the fields of a decision that the question has a word for."""
    return {"note"} if question.terms & {"notes", "reason"} and question.intent.kind == "leave" else set()


def _metadata(question: Question) -> Body:
    key, value = question.details.pair or ("orderId", "SO-1042")
    return {"metadata": {key: None if "delete" in question.terms else value}}


def _payment(example: Body, question: Question) -> Body:
    details = question.details
    if details.kind_of_payment:
        amount, reference = _SETTLED[details.kind_of_payment]
        example = {"kind": details.kind_of_payment, **example, "amount": amount, "reference": reference}
        example.pop("method", None)
    elif "partially_paid" in question.terms:
        example["amount"] = _PART
    if details.amount:
        example["amount"] = details.amount
    if details.days:
        example["date" if "date" in example else "paidOn"] = details.days[0].first.isoformat()
    if details.method and not details.kind_of_payment:
        example["method"] = details.method
    return example | ({"reference": details.reference} if details.reference else {})


def _reversal(example: Body, details: Details) -> Body:
    if details.days:
        example["reversedOn"] = details.days[0].first.isoformat()
    return example | ({"reason": details.quoted} if details.quoted else {})


def _like(example: Any, number: str) -> Any:
    """Return the number as the example has it: as a text, or as a JSON number."""
    if isinstance(example, str):
        return number
    return int(number) if number.isdigit() else float(number)
