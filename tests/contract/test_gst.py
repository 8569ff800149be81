"""GST on invoices and bills, and what documents of organizations without a GSTIN have of it."""

import pytest

from infra.identity.settings import update_organization
from tests.support.cases import all_cases
from tests.support.client import error_of, list_events
from tests.support.gst import gstin
from tests.support.oracle import fold
from tests.support.scenarios import bill_body, draft_bill, draft_invoice, invoice_body, pay_invoice

GST = ("cgst", "sgst", "igst", "cess", "supplyType", "documentType", "gstTreatment", "reverseCharge", "taxSummary")
PLACE = ("placeOfSupply", "placeOfSupplyFrom")
LINE = {"description": "Cloth", "quantity": "3", "unitPrice": "33.33", "taxRate": "12", "hsnSac": "5208"}


@pytest.fixture
def register(organization, owner):
    """A function that changes the profile of the organization."""

    def change(**profile):
        update_organization(owner, organization.id, **profile)

    return change


@pytest.fixture
def registered(register):
    """The organization has a GSTIN of Maharashtra."""
    register(legal_name="Sharma Textiles Private Limited", gstin=gstin("27"), address="12 MG Road\nPune 411001")


def shown(document, *names):
    return {name: document[name] for name in names if name in document}


def details_of(response):
    return [(each["field"], each["message"]) for each in error_of(response, 422, "validation_failed")["details"]]


def test_a_document_that_uses_nothing_of_it_has_no_field_of_it(api):
    for made in (draft_invoice(api), draft_bill(api)):
        assert not made.keys() & {*GST, *PLACE, "discount", "discountTotal", "taxableAmount", "roundOff", "supplier"}
        assert made["items"][0].keys() == {
            "description", "quantity", "unitPrice", "taxRate", "hsnSac", "amount", "taxAmount", "totalAmount",
        }  # fmt: skip


@pytest.mark.usefixtures("registered")
@all_cases(
    ("place", "price", "rate", "taxes"),
    [
        ("29", "10.10", "5", {"igst": "0.51", "cgst": "0.00", "sgst": "0.00", "totalAmount": "10.61"}),
        ("27", "10.10", "5", {"igst": "0.00", "cgst": "0.25", "sgst": "0.25", "totalAmount": "10.60"}),
        ("29", "100.05", "18", {"igst": "18.01", "totalAmount": "118.06"}),
        ("27", "100.05", "18", {"cgst": "9.00", "sgst": "9.00", "totalAmount": "118.05"}),
    ],
)
def test_within_a_state_there_is_cgst_and_sgst_and_else_igst(api, place, price, rate, taxes):
    lines = [{**LINE, "quantity": "1", "unitPrice": price, "taxRate": rate}]
    for draft in (draft_invoice, draft_bill):
        made = draft(api, placeOfSupply=place, items=lines)
        assert shown(made, *taxes) == taxes
        assert made["placeOfSupply"] == place
        assert shown(made["items"][0], "cgst", "sgst", "igst") == shown(made, "cgst", "sgst", "igst")


@pytest.mark.usefixtures("registered")
def test_a_discount_and_the_rounding_off_come_out_as_promised(api):
    invoice = draft_invoice(api, items=[LINE], discount={"percent": 10})
    amounts = {"subTotal": "99.99", "discountTotal": "10.00", "taxableAmount": "89.99", "cgst": "5.40", "sgst": "5.40"}
    assert shown(invoice, *amounts, "totalAmount") == {**amounts, "totalAmount": "100.79"}

    invoice = api.update(f"invoices/{invoice['id']}", {"roundOff": "nearest"})
    assert shown(invoice, "roundOff", "totalAmount", "balanceDue") == {
        "roundOff": "0.21", "totalAmount": "101.00", "balanceDue": "101.00",
    }  # fmt: skip


def test_without_a_gstin_discounts_and_rounding_work_and_a_place_is_kept(api):
    lines = [{**LINE, "discount": {"amount": "9.99"}}]
    invoice = draft_invoice(api, items=lines, discount={"percent": "10"}, roundOff="nearest", placeOfSupply="29")
    assert shown(invoice, "discountTotal", "taxableAmount", "taxTotal", "roundOff", "totalAmount", *PLACE, *GST) == {
        "discountTotal": "18.99", "taxableAmount": "81.00", "taxTotal": "9.72", "roundOff": "0.28",
        "totalAmount": "91.00", "placeOfSupply": "29", "placeOfSupplyFrom": "request",
    }  # fmt: skip
    assert invoice["discount"] == {"percent": "10"}
    assert shown(invoice["items"][0], "discount", "discountAmount", "taxableAmount", "totalAmount") == {
        "discount": {"amount": "9.99"}, "discountAmount": "18.99", "taxableAmount": "81.00", "totalAmount": "90.72",
    }  # fmt: skip


@all_cases(
    ("changes", "field", "words"),
    [
        ({"reverseCharge": True}, "reverseCharge", "needs the GSTIN of your organization"),
        ({"items": [{**LINE, "cessRate": 5}]}, "items[0].cessRate", "needs the GSTIN of your organization"),
        ({"placeOfSupply": "99"}, "placeOfSupply", "two-digit GST code"),
        ({"placeOfSupply": "Karnataka"}, "placeOfSupply", "two-digit GST code"),
        ({"roundOff": "0.21"}, "roundOff", "must be one of: nearest"),
        ({"discount": 10}, "discount", "must be an object with either percent or amount"),
        ({"discount": {}}, "discount", "must be an object with either percent or amount"),
        ({"discount": {"percent": 1, "amount": 1}}, "discount", "must be an object with either percent or amount"),
        ({"discount": {"percent": 101}}, "discount.percent", "must be less than or equal to 100"),
        ({"discount": {"amount": -1}}, "discount.amount", "must be greater than or equal to 0"),
        ({"discount": {"amount": "1000000"}}, "discount.amount", "must be at most what it reduces, 70000.00 INR"),
        ({"items": [{**LINE, "discount": {"amount": "0.001"}}]}, "items[0].discount.amount", "at most 2 decimal"),
        ({"discount": {"percentage": 10}}, "discount.percentage", "is not a field of this request"),
        ({"cgst": "1"}, "cgst", "cannot be set by this request"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(api, changes, field, words):
    for path, body in (("invoices", invoice_body(**changes)), ("bills", bill_body(**changes))):
        error = api.post(path, json=body).json()["error"]
        assert error["status"] == 422
        ((found, message),) = [(each["field"], each["message"]) for each in error["details"]]
        assert found == field
        assert words in message


def test_a_state_and_a_discount_that_are_written_otherwise_are_suggested(api):
    sent = invoice_body(placeOfSupply="Karnataka", discount={"percentage": 10})
    details = api.post("invoices", json=sent).json()["error"]["details"]
    suggestions = {each["field"]: each.get("suggestion") for each in details}
    assert suggestions == {"placeOfSupply": "29", "discount.percentage": "percent"}


@pytest.mark.usefixtures("registered")
def test_under_reverse_charge_the_recipient_pays_the_tax(api):
    invoice = draft_invoice(api, reverseCharge=True)
    assert shown(invoice, "taxTotal", "totalAmount", "cgst", "sgst", "taxPayableByRecipient", "reverseCharge") == {
        "taxTotal": "0.00", "totalAmount": "70000.00", "cgst": "0.00", "sgst": "0.00",
        "taxPayableByRecipient": "12600.00", "reverseCharge": True,
    }  # fmt: skip
    assert invoice["taxSummary"][0]["taxPayableByRecipient"] == "12600.00"

    invoice = api.update(f"invoices/{invoice['id']}", {"reverseCharge": False})
    assert "taxPayableByRecipient" not in invoice
    assert shown(invoice, "cgst", "sgst", "reverseCharge") == {
        "cgst": "6300.00",
        "sgst": "6300.00",
        "reverseCharge": False,
    }


def test_a_composition_supplier_has_a_bill_of_supply_and_charges_no_tax(api, register):
    register(gstin=gstin("27"), composition=True)
    (problem,) = details_of(api.post("invoices", json=invoice_body()))
    assert problem == ("items[0].taxRate", "must be 0: the supplier pays a composition levy, and must not collect tax")

    invoice = draft_invoice(api, items=[{**LINE, "taxRate": 0}])
    assert shown(invoice, "documentType", "taxTotal") == {"documentType": "bill_of_supply", "taxTotal": "0.00"}


def test_an_export_is_zero_rated_under_a_letter_of_undertaking_and_else_has_igst(api, register):
    register(gstin=gstin("27"))
    export = draft_invoice(api, placeOfSupply="96")
    assert shown(export, "supplyType", "igst", "gstTreatment") == {
        "supplyType": "inter_state", "igst": "12600.00", "gstTreatment": "overseas",
    }  # fmt: skip
    register(lut_number="AD270326000001A")
    export = api.update(f"invoices/{export['id']}", {"notes": "Under LUT"})
    assert shown(export, "supplyType", "igst", "totalAmount") == {
        "supplyType": "zero_rated", "igst": "0.00", "totalAmount": "70000.00",
    }  # fmt: skip


def test_a_union_territory_says_utgst(api, register):
    register(gstin=gstin("04"))
    assert draft_invoice(api)["stateTax"] == "UTGST"


def test_a_draft_follows_the_profile_and_what_was_sent_stays(api, register):
    early, sent = draft_invoice(api), draft_invoice(api)
    sent = api.update(f"invoices/{sent['id']}", {"status": "sent"})
    register(gstin=gstin("27"))
    early = api.update(f"invoices/{early['id']}", {"notes": "x"})
    assert shown(early, "cgst", "placeOfSupply") == {"cgst": "6300.00", "placeOfSupply": "27"}
    assert "cgst" not in api.update(f"invoices/{sent['id']}", {"notes": "x"})

    final = api.update(f"invoices/{early['id']}", {"status": "sent"})
    register(gstin=gstin("29"))
    again = api.update(f"invoices/{early['id']}", {"notes": "y"})
    assert shown(again, "cgst", "placeOfSupply", "supplier") == shown(final, "cgst", "placeOfSupply", "supplier")


def test_a_draft_gives_the_fields_up_with_the_gstin_and_can_always_become_void(api, register):
    register(gstin=gstin("27"))
    kept, void = draft_invoice(api, reverseCharge=True), draft_invoice(api, reverseCharge=True)
    taxed = draft_invoice(api)
    register(gstin="")
    assert not api.update(f"invoices/{taxed['id']}", {"notes": "x"}).keys() & {*GST, *PLACE, "taxableAmount"}
    ((field, _),) = details_of(api.patch(f"invoices/{kept['id']}", json={"notes": "x"}))
    assert field == "reverseCharge"
    assert api.update(f"invoices/{kept['id']}", {"reverseCharge": None})["taxTotal"] == "12600.00"
    assert api.update(f"invoices/{void['id']}", {"status": "void"})["taxPayableByRecipient"] == "12600.00"


@pytest.mark.usefixtures("registered")
def test_fields_that_are_cleared_are_absent_again(api):
    invoice = draft_invoice(api, discount={"percent": 10}, roundOff="nearest", placeOfSupply="29")
    cleared = api.update(f"invoices/{invoice['id']}", {"discount": None, "roundOff": None, "placeOfSupply": None})
    assert not cleared.keys() & {"discount", "discountTotal", "roundOff"}
    assert shown(cleared, *PLACE) == {"placeOfSupply": "27", "placeOfSupplyFrom": "organization"}
    assert "discountAmount" not in cleared["items"][0]


@pytest.mark.usefixtures("registered")
def test_sending_keeps_both_sides_and_says_what_the_law_wants(api):
    draft = draft_invoice(api, placeOfSupply="29")
    assert not draft.keys() & {"supplier", "recipient", "warnings"}
    sent = api.update(f"invoices/{draft['id']}", {"status": "sent"})
    assert sent["supplier"] == {
        "name": "Sharma Textiles Private Limited", "gstin": gstin("27"), "stateCode": "27",
        "stateName": "Maharashtra", "address": "12 MG Road\nPune 411001", "gstTreatment": "registered",
    }  # fmt: skip
    assert sent["recipient"] == {
        "name": "Acme Traders", "stateCode": "29", "stateName": "Karnataka", "gstTreatment": "unregistered",
    }  # fmt: skip
    assert [each["code"] for each in sent["warnings"]] == ["recipient_address_missing", "hsn_missing"]
    assert api.read(f"invoices/{draft['id']}") == sent
    paid = pay_invoice(api, sent, sent["balanceDue"])
    assert shown(paid, "warnings", "supplier", "recipient", "igst") == shown(
        sent, "warnings", "supplier", "recipient", "igst"
    )


@pytest.mark.usefixtures("registered")
def test_a_bill_has_the_vendor_as_supplier_and_the_organization_as_recipient(api):
    bill = draft_bill(api)
    opened = api.update(f"bills/{bill['id']}", {"status": "open"})
    assert opened["supplier"] == {"name": "Mills & Sons"}
    assert opened["recipient"]["gstin"] == gstin("27")
    assert not opened.keys() & {"documentType", "warnings"}


@pytest.mark.usefixtures("registered")
def test_time_travel_lists_and_events_know_the_fields(api):
    made = draft_invoice(api, discount={"percent": 10}, items=[LINE, {**LINE, "cessRate": "12", "hsnSac": "8703"}])
    api.update(f"invoices/{made['id']}", {"discount": None})
    sent = api.update(f"invoices/{made['id']}", {"status": "sent"})

    assert api.read(f"invoices/{made['id']}", version=1) == made
    listed = api.read("invoices", include="items")[0]
    assert listed == sent
    assert [entry["hsnSac"] for entry in sent["taxSummary"]] == ["5208", "8703"]
    short = api.read("invoices")[0]
    assert shown(short, "cgst", "documentType") == shown(sent, "cgst", "documentType")
    assert not short.keys() & {"taxSummary", "supplier", "warnings", "items"}
    *_, state = fold(list_events(api, f"invoices/{made['id']}/events"))
    computed = {"taxSummary", "id", "createdAt", "updatedAt", "version", "availableActions"}
    compared = sent.keys() - computed & state.keys()
    assert {name: state[name] for name in compared if name in state} == {
        name: sent[name] for name in compared if name in state
    }
    assert state["discount"] is None


@pytest.mark.usefixtures("registered")
def test_sending_the_same_again_changes_nothing(api):
    body = {"discount": {"percent": "10.0"}, "roundOff": "nearest", "placeOfSupply": "29", "reverseCharge": False}
    invoice = draft_invoice(api, **body)
    assert api.update(f"invoices/{invoice['id']}", {**body, "items": invoice_body()["items"]}) == invoice


def add_party(api, **fields):
    return api.create("parties", {"name": "Bharat Stores", "roles": ["client", "vendor"], **fields})


def test_a_document_follows_its_party_until_it_is_sent(api, register):
    register(gstin=gstin("27"))
    party = add_party(api, gstin=gstin("29"), address="2 Station Road")
    invoice = draft_invoice(api, clientId=party["id"], clientName=None)
    assert shown(invoice, "clientName", "igst", *PLACE, "gstTreatment") == {
        "clientName": "Bharat Stores", "igst": "12600.00", "placeOfSupply": "29", "placeOfSupplyFrom": "party",
        "gstTreatment": "registered",
    }  # fmt: skip
    api.update(f"parties/{party['id']}", {"gstin": gstin("27")})
    invoice = api.update(f"invoices/{invoice['id']}", {"notes": "x"})
    assert shown(invoice, "cgst", "igst", "placeOfSupply") == {"cgst": "6300.00", "igst": "0.00", "placeOfSupply": "27"}

    api.update(f"parties/{party['id']}", {"gstin": gstin("07")})
    sent = api.update(f"invoices/{invoice['id']}", {"status": "sent"})
    assert sent["recipient"] == {
        "name": "Bharat Stores", "gstin": gstin("07"), "stateCode": "07", "stateName": "Delhi",
        "address": "2 Station Road", "gstTreatment": "registered",
    }  # fmt: skip
    assert shown(sent, "igst", "placeOfSupply") == {"igst": "12600.00", "placeOfSupply": "07"}
    api.update(f"parties/{party['id']}", {"gstin": gstin("27"), "address": "3 Station Road", "name": "Bharat"})
    assert api.update(f"invoices/{invoice['id']}", {"notes": "y"})["recipient"] == sent["recipient"]


def test_a_party_without_gst_of_the_organization_is_kept_in_what_was_sent(api):
    party = add_party(api, stateCode="29")
    invoice = draft_invoice(api, clientId=party["id"])
    assert not invoice.keys() & {*GST, *PLACE}
    sent = api.update(f"invoices/{invoice['id']}", {"status": "sent"})
    assert sent["recipient"] == {
        "name": "Bharat Stores", "stateCode": "29", "stateName": "Karnataka", "gstTreatment": "unregistered",
    }  # fmt: skip
    assert "supplier" not in sent


def test_an_id_in_the_form_of_ours_must_name_a_party(api):
    unknown = "party_01M8J05HX4X668MVW79YWBK4Y6"
    ((field, message),) = details_of(api.post("invoices", json=invoice_body(clientId=unknown)))
    assert (field, "there is no such party" in message) == ("clientId", True)
    draft = draft_invoice(api)
    ((field, _),) = details_of(api.patch(f"invoices/{draft['id']}", json={"clientId": unknown}))
    assert field == "clientId"
    only_client = add_party(api, roles=["client"])
    ((field, message),) = details_of(api.post("bills", json=bill_body(vendorId=only_client["id"])))
    assert (field, "no vendor" in message) == ("vendorId", True)


def test_a_draft_that_moves_to_another_party_has_its_name_and_its_tax(api, register):
    register(gstin=gstin("27"))
    party = add_party(api, gstin=gstin("29"))
    draft = draft_invoice(api)
    moved = api.update(f"invoices/{draft['id']}", {"clientId": party["id"]})
    assert shown(moved, "clientName", "igst") == {"clientName": "Bharat Stores", "igst": "12600.00"}
    back = api.update(f"invoices/{draft['id']}", {"clientId": "acme", "clientName": "Acme"})
    assert shown(back, "clientName", "cgst", "gstTreatment") == {
        "clientName": "Acme", "cgst": "6300.00", "gstTreatment": "unregistered",
    }  # fmt: skip


def test_a_party_that_becomes_composition_stops_its_vendors_bill_until_the_rate_is_0(api, register):
    register(gstin=gstin("27"))
    party = add_party(api, gstin=gstin("27"))
    bill = draft_bill(api, vendorId=party["id"])
    api.update(f"parties/{party['id']}", {"gstTreatment": "composition"})
    ((field, _),) = details_of(api.patch(f"bills/{bill['id']}", json={"status": "open"}))
    assert field == "items[0].taxRate"
    opened = api.update(f"bills/{bill['id']}", {"items": [{**LINE, "taxRate": 0}], "status": "open"})
    assert shown(opened, "taxTotal", "gstTreatment") == {"taxTotal": "0.00", "gstTreatment": "composition"}
