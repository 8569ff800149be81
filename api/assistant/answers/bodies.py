"""The body of a request that changes something: the reference's example, with what a question names in its place."""

from __future__ import annotations

from datetime import date
from typing import Any

from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.reading.changes import STATUS_ACTIONS, UPDATE
from api.assistant.reading.details import Details
from api.assistant.reading.thread import Question
from api.operation import OperationKind

Body = dict[str, Any]
_FIELDS: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset(("duedate", "deadline")), "dueDate", "2026-03-31"),
    (frozenset(("notes",)), "notes", "Thank you for your business"),
    (frozenset(("currency",)), "currency", "USD"),
    (frozenset(("shorten", "end", "enddate")), "endDate", "2026-02-03"),
    (frozenset(("start", "startdate")), "startDate", "2026-02-03"),
    (frozenset(("number",)), "number", "A-118"),
    (frozenset(("client", "vendor", "name")), "name", "Acme & Sons"),
    (frozenset(("reason",)), "reason", "Family visit"),
    (frozenset(("sick", "earned", "type")), "type", "sick"),
    (frozenset(("item", "quantity", "unitprice", "description", "tax", "hsn", "total")), "items", ""),
    (frozenset(("date", "day")), "date", "2026-03-31"),
)
"""The fields that a question can change, by the words for them, each with the value of an example."""


def body_of(operation: DocumentedOperation, question: Question, today: date) -> Body | None:
    """Return the body of the request; None without one."""
    if operation.example is None or operation.body is None:
        return None
    example = dict(operation.example)
    if operation.kind is OperationKind.CREATE:
        body = _leave(example, question) if operation.tag == "Leaves" else _document(example, question)
    elif operation.kind is OperationKind.UPDATE:
        body = _update(example, question, operation.settable_statuses)
    elif operation.path.endswith("/reversal"):
        body = _reversal(example, question.details)
    else:
        body = _payment(example, question, today)
    return {name: value for name, value in body.items() if name in operation.body["properties"]}


def _document(example: Body, question: Question) -> Body:
    if "items" not in example:
        return example
    details, party = question.details, "client" if "clientId" in example else "vendor"
    if details.name is not None:
        example |= {f"{party}Id": details.name.as_id, f"{party}Name": details.name.text}
    if details.number:
        example["invoiceNumber" if party == "client" else "billNumber"] = details.number
    if details.currency:
        example["currency"] = details.currency
    item = dict(example["items"][0])
    if details.item is not None:
        item |= {"quantity": _like(item["quantity"], details.item.quantity)}
        item |= {"unitPrice": _like(item["unitPrice"], details.item.unit_price)}
        item |= {"description": details.item.description.capitalize()} if details.item.description else {}
    elif details.amount:
        item |= {"quantity": _like(item["quantity"], "1"), "unitPrice": _like(item["unitPrice"], details.amount)}
    if details.tax_rate:
        item["taxRate"] = _like(item["taxRate"], details.tax_rate)
    return example | {"items": [item]} | _document_days(example, question)


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
        body |= {"startDate": details.days[0].first.isoformat(), "endDate": last.isoformat()}
    if details.has_half:
        if len(details.days) < 2:
            body["endDate"] = body["startDate"]
        body["dayPart"] = details.half or "first_half"
    return body if question.details.name or details.days or details.has_half else {**example, **body}


def _update(example: Body, question: Question, settable: tuple[str, ...]) -> Body:
    action = question.intent.action or ""
    if "metadata" in question.terms:
        return _metadata(question)
    if STATUS_ACTIONS.get(action) in settable:
        note = {"note": question.details.quoted} if question.details.quoted and "note" in _fields_of(question) else {}
        return {"status": STATUS_ACTIONS[action], **note}
    if action not in (UPDATE, "shorten"):
        return example
    terms, details = question.terms, question.details
    for words, field, value in _FIELDS:
        if words & terms:
            return _field(field, value, question)
    return example if not details.days else {"dueDate": details.days[0].first.isoformat()}


def _field(field: str, value: str, question: Question) -> Body:
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
        field = {"invoice": "invoiceDate", "bill": "billDate"}.get(kind or "", "endDate")
    if field == "type":
        return {"type": details.leave_type or value}
    if field in ("notes", "reason"):
        return {field: details.quoted or value}
    return {field: day or details.currency or value}


def _fields_of(question: Question) -> set[str]:
    """Return the fields of a decision that the question has a word for."""
    return {"note"} if question.terms & {"notes", "reason"} and question.intent.kind == "leave" else set()


def _metadata(question: Question) -> Body:
    key, value = question.details.pair or ("orderId", "SO-1042")
    return {"metadata": {key: None if "delete" in question.terms else value}}


def _payment(example: Body, question: Question, today: date) -> Body:
    details = question.details
    if details.kind_of_payment:
        example = {"kind": details.kind_of_payment, **example}
        example.pop("method", None)
        reasons = {"tds": "194J Q4", "write_off": "Nobody pays the rest", "round_off": "A difference from rounding"}
        example["reference"] = reasons[details.kind_of_payment]
    if details.amount:
        example["amount"] = details.amount
    if details.days:
        example["paidOn"] = details.days[0].first.isoformat()
    elif details.amount:
        example["paidOn"] = today.isoformat()
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
