"""From a body to a command: every wrong field is found at once, and all messages read alike."""

import re
from typing import Any

import msgspec
import pytest

from commands.body import InvalidCommand, parse_command
from commands.command import Command
from commands.dispatch import HANDLERS, handle
from commands.fields import JsonNumber, Text
from commands.fields.of_body import body_fields
from commands.fields.others import Boolean, NetworkList
from commands.invoice import DraftInvoice, RecordInvoicePayment, UpdateInvoice
from commands.memory import InMemoryUnitOfWork
from commands.objects import Pairs
from domain.errors import Invalid, NotFound
from domain.errors.codes import READ_ONLY_FIELD, UNKNOWN_FIELD, VALIDATION_FAILED
from tests.support.cases import all_cases
from tests.support.sample_commands import AT, draft_invoice
from tests.support.scenarios import LINE, invoice_body

FIELDS = [(command, name) for command in HANDLERS for name in body_fields(command)]
"""Every field of every body."""
WRONG_KINDS: list[Any] = [True, 1.5, -1, JsonNumber("1.5e999"), [], {}, [{}], "\0"]
ACCEPTED: list[tuple[type, Any]] = [(Pairs, {}), (Boolean, True), (NetworkList, [])]
"""The types of fields for which one of these values is right."""
PREDICATE = re.compile(r"(must|is|cannot) .*[^.]")


def wrong_fields(body: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        parse_command(DraftInvoice, body)
    return {(violation.field, violation.code) for violation in refused.value.violations}


@all_cases(("command", "name"), FIELDS, ids=[f"{command.__name__}.{name}" for command, name in FIELDS])
def test_every_field_refuses_every_wrong_kind_with_a_predicate(command: type[Command], name: str):
    field = body_fields(command)[name]
    accepted: Any = next((value for kind, value in ACCEPTED if isinstance(field.type, kind)), None)
    kinds = [kind for kind in WRONG_KINDS if accepted is None or kind != accepted]
    for value in [*kinds, *([] if field.nullable else [None])]:
        parsed = parse_command(command, {name: value}, "id", may_be_retry=True)
        assert isinstance(parsed, InvalidCommand), value
        messages = [violation.message for violation in parsed.violations if violation.field.startswith(name)]
        assert messages, value
        assert [message for message in messages if not PREDICATE.fullmatch(message)] == []


@all_cases("command", [command for command in HANDLERS if body_fields(command)])
def test_every_read_only_and_every_unknown_field_is_refused(command):
    body = dict.fromkeys([*command.read_only, "colour"], 1)
    parsed = parse_command(command, body, "id", may_be_retry=True)
    assert isinstance(parsed, InvalidCommand)
    refusals = {violation.field: (violation.code, violation.message) for violation in parsed.violations}
    later = ", and set it with a PATCH afterwards"
    for name in command.read_only:
        message = f"cannot be set by this request; leave it out{later if name == 'status' else ''}"
        assert refusals[name] == (READ_ONLY_FIELD, message)
    assert refusals["colour"] == (
        UNKNOWN_FIELD,
        "is not a field of this request; check its spelling or leave it out",
    )


def test_unknown_read_only_missing_and_wrong_fields_are_found_at_once():
    body = invoice_body(invoiceDate="2025-02-29", items=[{"quantity": "NaN", "amount": 1, "colour": 1}, 7])
    body |= {"bogus": 1, "status": "sent", "currency": "inr"}
    del body["clientId"]
    assert wrong_fields(body) == {
        ("clientId", VALIDATION_FAILED),
        ("invoiceDate", VALIDATION_FAILED),
        ("currency", VALIDATION_FAILED),
        ("bogus", UNKNOWN_FIELD),
        ("status", READ_ONLY_FIELD),
        ("items[0].quantity", VALIDATION_FAILED),
        ("items[0].description", VALIDATION_FAILED),
        ("items[0].unitPrice", VALIDATION_FAILED),
        ("items[0].taxRate", VALIDATION_FAILED),
        ("items[0].amount", READ_ONLY_FIELD),
        ("items[0].colour", UNKNOWN_FIELD),
        ("items[1]", VALIDATION_FAILED),
    }


def test_fields_that_contradict_each_other_are_found_beside_the_wrong_ones():
    huge = {**LINE, "quantity": 10**11, "unitPrice": 10**11}
    body = invoice_body(dueDate="2020-01-01", items=[huge, {**LINE, "quantity": 0}], bogus=1)
    expected = {("bogus", UNKNOWN_FIELD), ("items[1].quantity", VALIDATION_FAILED), ("dueDate", VALIDATION_FAILED)}
    assert wrong_fields(body) == expected | {("items", VALIDATION_FAILED)}


@pytest.mark.parametrize("items", [None, {}, "x", [], [LINE] * 201])
def test_items_are_a_list_of_1_to_200_objects(items):
    assert wrong_fields(invoice_body() | {"items": items}) == {("items", VALIDATION_FAILED)}


@all_cases("number", [" ", "-1", "/1", "A" * 17, "A 1", "A.1", "Ä1", "A1\n"])
def test_an_invoice_number_is_that_of_rule_46(number):
    assert wrong_fields(invoice_body(invoiceNumber=number)) == {("invoiceNumber", VALIDATION_FAILED)}


def test_null_is_taken_where_a_field_is_optional():
    body = invoice_body() | {"clientName": None, "notes": None, "invoiceNumber": None}
    command = parse_command(DraftInvoice, body | {"items": [{**LINE, "hsnSac": None}]})
    assert isinstance(command, DraftInvoice)
    assert (command.client_name, command.notes, command.items[0].hsn_sac) == (None, None, None)


@pytest.mark.parametrize("field", ["clientId", "invoiceDate", "dueDate", "items", "status", "invoiceNumber"])
def test_null_does_not_clear_a_required_field(field):
    command = parse_command(UpdateInvoice, {field: None}, "inv_1")
    assert isinstance(command, InvalidCommand) and [violation.field for violation in command.violations] == [field]


@pytest.mark.parametrize("value", [None, ""])
def test_null_sets_a_field_with_a_default_to_it(value):
    command = parse_command(UpdateInvoice, {"currency": value}, "inv_1")
    assert isinstance(command, UpdateInvoice) and command.changes() == {"currency": "INR"}


@all_cases(("command", "name"), FIELDS, ids=[f"{command.__name__}.{name}" for command, name in FIELDS])
def test_an_empty_text_means_null_unless_the_field_may_be_empty(command: type[Command], name: str):
    field = body_fields(command)[name]
    if isinstance(field.type, Text) and field.type.min == 0:
        assert not field.is_null("")
        return
    of_null, of_empty = [parse_command(command, {name: value}, "id", may_be_retry=True) for value in (None, "")]
    if isinstance(of_null, InvalidCommand):
        assert isinstance(of_empty, InvalidCommand) and of_empty.violations == of_null.violations
    else:
        assert of_empty == of_null


def test_a_field_that_is_absent_from_a_change_is_unset():
    command = parse_command(UpdateInvoice, {"notes": None}, "inv_1")
    assert isinstance(command, UpdateInvoice) and command.changes() == {"notes": None}
    assert command.client_name is msgspec.UNSET


def test_a_payment_needs_its_amount_and_day():
    command = parse_command(RecordInvoicePayment, {"id": "x", "method": None}, "inv_1")
    assert isinstance(command, InvalidCommand)
    assert [(violation.field, violation.code, violation.message) for violation in command.violations] == [
        ("id", READ_ONLY_FIELD, "cannot be set by this request; leave it out"),
        ("amount", VALIDATION_FAILED, "is required"),
        ("paidOn", VALIDATION_FAILED, "is required"),
    ]


def test_an_unknown_object_is_not_found_before_its_wrong_fields_are_named():
    with pytest.raises(NotFound):
        handle(parse_command(UpdateInvoice, {"bogus": 1}, "inv_1"), InMemoryUnitOfWork(AT))


def test_wrong_fields_are_named_beside_those_that_the_present_status_refuses():
    uow = InMemoryUnitOfWork(AT)
    handle(draft_invoice(), uow)
    handle(UpdateInvoice(id="inv_1", status="sent"), uow)
    with pytest.raises(Invalid) as refused:
        handle(parse_command(UpdateInvoice, {"bogus": 1, "clientName": "Other"}, "inv_1"), uow)
    assert {violation.field: violation.code for violation in refused.value.violations} == {
        "bogus": UNKNOWN_FIELD,
        "clientName": READ_ONLY_FIELD,
    }


def test_a_new_object_with_wrong_fields_is_refused_at_once_unless_it_may_be_a_retry():
    with pytest.raises(Invalid):
        parse_command(DraftInvoice, {})
    command = parse_command(DraftInvoice, {}, may_be_retry=True)
    with pytest.raises(Invalid):
        handle(command, InMemoryUnitOfWork(AT))
