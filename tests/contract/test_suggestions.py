"""Errors that know what one meant: `suggestion` in details, the same in words, and the order of refusals as ever."""

import pytest

from domain.accounts.key_secret import new_secret
from tests.support.cases import all_cases
from tests.support.client import Api, error_of
from tests.support.openapi import build_document, check_answer
from tests.support.scenarios import LINE, draft_invoice, invoice_body, leave_body, open_bill, sent_invoice

MANY = 900


@pytest.fixture
def nobody(organization):
    """No key at all."""
    with Api(organization.url, None) as api:
        yield api


def suggestions(error):
    return {detail["field"]: detail.get("suggestion") for detail in error["details"]}


def as_snake_case(fields):
    return {"".join(f"_{c.lower()}" if c.isupper() else c for c in name): value for name, value in fields.items()}


def test_a_body_in_snake_case_is_told_every_name(api):
    body = as_snake_case({**invoice_body(), "items": [as_snake_case(LINE)]})
    error = error_of(api.post("invoices", json=body), 422, "validation_failed")
    expected = {
        "client_id": "clientId",
        "client_name": "clientName",
        "invoice_date": "invoiceDate",
        "due_date": "dueDate",
    }
    expected |= {"items[0].unit_price": "unitPrice", "items[0].tax_rate": "taxRate"}
    assert {field: meant for field, meant in suggestions(error).items() if meant} == expected
    assert error["message"].startswith("Some fields are wrong: client_id (did you mean clientId?), ")
    messages = {detail["field"]: detail["message"] for detail in error["details"]}
    assert messages["client_id"] == (
        "is not a field of this request (did you mean clientId?); check its spelling or leave it out"
    )
    assert {"clientId", "invoiceDate", "dueDate", "items[0].unitPrice", "items[0].taxRate"} <= set(messages)


def test_a_field_of_the_other_object_is_recognized_and_one_that_was_sent_too_is_not_suggested(api):
    body = invoice_body(vendorId="acme", billDate="2026-01-01")
    del body["clientId"]
    error = error_of(api.post("invoices", json=body), 422, "validation_failed")
    assert suggestions(error) == {"vendorId": "clientId", "billDate": None, "clientId": None}


@all_cases(
    ("sent", "suggestion"),
    [
        ({"amount": "500"}, "items[0].unitPrice"),
        ({"tax_rate": 18}, "items[0].taxRate"),
        ({"qty": 2}, "items[0].quantity"),
        ({"colour": "red"}, None),
    ],
)
def test_a_field_of_a_line_that_is_sent_beside_the_lines_is_told_its_place(api, sent, suggestion):
    body = {name: value for name, value in invoice_body().items() if name != "items"}
    error = error_of(api.post("invoices", json={**body, **sent}), 422, "validation_failed")
    assert suggestions(error) == {next(iter(sent)): suggestion, "items": None}
    assert ("did you mean items[0]." in error["message"]) == (suggestion is not None)


def test_a_field_that_the_line_has_is_not_suggested_again(api):
    error = error_of(api.post("invoices", json=invoice_body(amount="500")), 422, "unknown_field")
    assert suggestions(error) == {"amount": None}
    body = invoice_body(items=[{"description": "Design", "quantity": 1, "taxRate": 18}], amount="500")
    error = error_of(api.post("invoices", json=body), 422, "validation_failed")
    assert suggestions(error) == {"items[0].unitPrice": None, "amount": "items[0].unitPrice"}


@all_cases(
    ("changes", "field", "suggestion"),
    [
        ({"invoiceDate": "31/01/2026"}, "invoiceDate", "2026-01-31"),
        ({"dueDate": "03/04/2027"}, "dueDate", None),
        ({"currency": "inr"}, "currency", "INR"),
        ({"items": [{**LINE, "unitPrice": "₹3,500.00"}]}, "items[0].unitPrice", "3500.00"),
        ({"items": [{**LINE, "quantity": "1,00,000"}]}, "items[0].quantity", "100000"),
        ({"items": [{**LINE, "taxRate": "18%"}]}, "items[0].taxRate", "18"),
        ({"items": [{**LINE, "hsnSac": "99 83 11"}]}, "items[0].hsnSac", "998311"),
    ],
)
def test_a_value_in_another_form_is_recognized(api, changes, field, suggestion):
    error = error_of(api.post("invoices", json=invoice_body(**changes)), 422, "validation_failed")
    assert suggestions(error) == {field: suggestion}
    words = f" (did you mean {suggestion}?)" if suggestion else ""
    assert error["message"] == f"Some fields are wrong: {field}{words}. See details for each."


@all_cases(("sent", "suggestion"), [("Paid", "paid"), ("canceled", "void"), ("issued", "sent"), ("x", None)])
def test_a_status_that_is_nearly_one_is_recognized(api, sent, suggestion):
    path = f"invoices/{sent_invoice(api)['id']}"
    error = error_of(api.patch(path, json={"status": sent}), 422, "validation_failed")
    assert suggestions(error) == {"status": suggestion}


def test_a_number_where_a_string_is_needed_is_told_so(api):
    error = error_of(api.post("invoices", json=invoice_body(clientId=42)), 422, "validation_failed")
    assert error["details"][0]["message"] == "must be a string of 1 to 64 characters, in quotes"


@all_cases(
    ("query", "code", "suggestion"),
    [
        ("state=paid", "unknown_parameter", "status"),
        ("client_id=a", "unknown_parameter", "clientId"),
        ("page=2", "unknown_parameter", "cursor"),
        ("per_page=5", "unknown_parameter", "limit"),
        ("q=acme", "unknown_parameter", "search"),
        ("order_by=dueDate", "unknown_parameter", "sort"),
        ("modified_since=2026-01-01", "unknown_parameter", "updatedSince"),
        ("metadata.orderId=7", "unknown_parameter", "metadata[key]"),
        ("status[]=paid", "unknown_parameter", "status"),
        ("created[gte]=2026-01-01", "unknown_parameter", "dateFrom"),
        ("created_before=2026-01-01", "unknown_parameter", "dateTo"),
        ("due_date__lte=2026-01-01", "unknown_parameter", "dueTo"),
        ("updated[gt]=2026-01-01", "unknown_parameter", "updatedSince"),
        ("filter[status]=paid", "unknown_parameter", "status"),
        ("page[number]=2", "unknown_parameter", "cursor"),
        ("updated[lte]=2026-01-01", "unknown_parameter", None),
        ("colour=red", "unknown_parameter", None),
        ("status=Paid,canceled", "invalid_parameter", "paid,void"),
        ("status=overdue", "invalid_parameter", "overdue=true"),
        ("overdue=yes", "invalid_parameter", "true"),
        ("sort=created_at desc", "invalid_parameter", "-createdAt"),
        ("sort=-due", "invalid_parameter", "-dueDate"),
        ("dateFrom=31/01/2026", "invalid_parameter", "2026-01-31"),
        ("updatedSince=2026-01-31", "invalid_parameter", "2026-01-31T00:00:00Z"),
        ("include=lines", "invalid_parameter", "items"),
    ],
)
def test_a_query_parameter_that_is_nearly_one_is_recognized(api, query, code, suggestion):
    error = error_of(api.get(f"invoices?{query}"), 400, code)
    assert list(suggestions(error).values()) == [suggestion]
    assert (f"(did you mean {suggestion}?)" in error["message"]) == (suggestion is not None)


@all_cases(
    ("query", "suggestion"),
    [("type=invoice.created", "invoice.drafted"), ("type=invoice.payed", "invoice.paid"), ("order=descending", "desc")],
)
def test_events_know_the_words_of_other_products(api, query, suggestion):
    error = error_of(api.get(f"events?{query}"), 400, "invalid_parameter")
    assert list(suggestions(error).values()) == [suggestion]


def test_the_other_end_of_a_page_of_events_suggests_its_order(api):
    error = error_of(api.get("events?before=5"), 400, "unknown_parameter")
    assert suggestions(error) == {"before": "order=desc"}
    error = error_of(api.get("events?order=desc&after=5"), 400, "unknown_parameter")
    assert suggestions(error) == {"after": "order=asc"}


def test_a_status_that_is_set_later_and_one_that_payments_set_are_explained(api):
    error = error_of(api.post("invoices", json=invoice_body(status="sent")), 422, "read_only_field")
    assert error["details"][0]["message"].endswith("set it with a PATCH afterwards")
    invoice = draft_invoice(api)["id"]
    error = error_of(api.patch(f"invoices/{invoice}", json={"status": "paid"}), 409, "invalid_transition")
    assert "record a payment to reach it." in error["message"] and error["allowed"] == ["sent", "void"]
    body = {"amount": "1", "paidOn": "2026-01-20"}
    error = error_of(api.post(f"invoices/{invoice}/payments", json=body), 409, "invalid_transition")
    assert "Set its status to sent first." in error["message"] and error["allowed"] == ["sent", "void"]


def test_one_object_in_place_of_a_list_is_told_about_brackets(api):
    error = error_of(api.post("invoices", json=invoice_body(items=LINE)), 422, "validation_failed")
    assert error["details"][0]["message"].endswith("; put square brackets around the object")


def test_an_unknown_address_suggests_one_that_exists_and_needs_no_key(nobody, organization):
    for path in ("/api/v1/invoice", "/v1/invoices", "/invoices"):
        error = error_of(nobody.get(f"{organization.url}{path}"), 404, "not_found")
        assert (error["suggestion"], error["message"]) == (
            "/api/v1/invoices",
            "There is nothing at this address. Did you mean /api/v1/invoices?",
        )
    error = error_of(nobody.post(f"{organization.url}/api/v1/leaves/x/approve"), 404, "not_found")
    assert 'PATCH /api/v1/leaves/{id} with {"status": "approved"}' in error["message"]
    assert "suggestion" not in error_of(nobody.get("nowhere"), 404, "not_found")


def test_the_error_of_a_wrong_method_says_what_to_do_instead(nobody):
    error = error_of(nobody.delete("invoices/x"), 405, "method_not_allowed")
    assert "nothing is deleted" in error["message"] and error["details"] == []


def test_an_id_of_another_kind_is_called_so_whether_it_exists_or_not(api):
    bill = open_bill(api)["id"]
    for id in (bill, bill[:-1] + ("0" if bill[-1] != "0" else "1")):
        error = error_of(api.get(f"invoices/{id}"), 404, "not_found")
        assert error["message"].endswith("This is the id of another kind of object: bill.")


def test_a_response_with_suggestions_matches_the_document(api):
    response = api.post("invoices", json=invoice_body(client_id="a", dueDate="31/12/2026"))
    error_of(response, 422, "validation_failed")
    check_answer(build_document(), "createInvoice", response)


@all_cases("body", [{"client_id": "a"}, {"items": [{"qty": 1}]}, {"status": "Paid"}])
def test_the_object_still_comes_before_the_suggestion(api, body):
    assert "suggestion" not in error_of(api.patch("invoices/inv_0", json=body), 404, "not_found")


def test_suggestions_cost_no_more_than_other_refusals(api):
    before = api.read("me")["credits"]["used"]
    error_of(api.post("leaves", json=leave_body(employee="x")), 422, "unknown_field")
    assert api.read("me")["credits"]["used"] == before + 1


def test_of_many_wrong_fields_only_those_that_are_shown_get_a_suggestion(api):
    body = {f"clientIdd{number}": number for number in range(MANY)}
    error = error_of(api.post("invoices", json=body), 422, "validation_failed")
    assert len(error["details"]) == 100 and error["details"][0]["suggestion"] == "clientId"
    assert "suggestion" not in error["details"][-1]
    assert error["message"].endswith(f"and {MANY + 4 - 10} more. See details for each.")


KEY = new_secret(lambda alphabet: alphabet[7])


@all_cases("name", ["x" * 5000, KEY, f"a{KEY}b"])
def test_a_long_name_and_a_key_are_not_repeated(api, name):
    response = api.post("invoices", json=invoice_body(**{name: 1}))
    assert KEY not in response.text and "x" * 201 not in response.text
    assert "suggestion" not in error_of(response, 422, "unknown_field")["details"][0]


@all_cases("id", ["x" * 3000, KEY])
def test_a_long_id_and_a_key_are_not_repeated(api, id):
    error = error_of(api.get(f"invoices/{id}"), 404, "not_found")
    assert KEY not in error["message"] and len(error["message"]) < 300
