"""Vendor credits over HTTP: the credit notes of vendors, which lower a bill."""

from infra.identity.settings import update_organization
from tests.support.client import error_of
from tests.support.gst import gstin
from tests.support.scenarios import active_party, bill_body, draft_bill, open_bill, reverse_refund

SERIAL = iter(range(1, 1000))


def draft(api, bill, **body):
    given = {"billId": bill["id"], "number": f"CR/{next(SERIAL)}", "reason": "Two were damaged", **body}
    return api.create("vendor-credits", given)


def issued(api, bill, **body):
    return api.update(f"vendor-credits/{draft(api, bill, **body)['id']}", {"status": "issued"})


def wrong(response):
    error = error_of(response, 422, "validation_failed")
    return {each["field"]: each["message"] for each in error["details"]}


def opened(api, **changes):
    return api.update(f"bills/{api.create('bills', bill_body(**changes))['id']}", {"status": "open"})


def test_an_issued_vendor_credit_lowers_its_bill(api):
    bill = open_bill(api)
    note = draft(api, bill, items=[{"lineNumber": 1, "quantity": 2}])
    assert (note["status"], note["totalAmount"], note["billNumber"]) == ("draft", "8260.00", bill["billNumber"])
    assert api.read(f"bills/{bill['id']}") == bill

    note = api.update(f"vendor-credits/{note['id']}", {"status": "issued"})
    assert (note["amountApplied"], note["refundDue"]) == ("8260.00", "0.00")
    lowered = api.read(f"bills/{bill['id']}")
    assert (lowered["amountCredited"], lowered["balanceDue"], lowered["status"]) == ("8260.00", "74340.00", "open")
    assert [each["type"] for each in api.read(f"bills/{bill['id']}/events")][-1] == "bill.credited"
    refused = error_of(api.patch(f"bills/{bill['id']}", json={"status": "void"}), 409, "invalid_transition")
    assert note["number"] in refused["message"]

    api.update(f"vendor-credits/{note['id']}", {"status": "void"})
    after = api.read(f"bills/{bill['id']}")
    assert (after["amountCredited"], after["balanceDue"]) == ("0.00", bill["balanceDue"])
    assert [each["type"] for each in api.read(f"bills/{bill['id']}/events")][-1] == "bill.credit_reversed"


def test_what_exceeds_the_balance_is_refunded_by_the_vendor(api):
    bill = open_bill(api)
    payment = {"amount": bill["balanceDue"], "paidOn": "2026-02-01"}
    api.create(f"bills/{bill['id']}/payments", payment)
    note = issued(api, bill, amount="1000.00")
    assert (note["amountApplied"], note["refundDue"]) == ("0.00", "1000.00")
    assert "recordRefund" in note["availableActions"]
    path = f"vendor-credits/{note['id']}/refunds"
    refunded = api.create(path, {"amount": "400.00", "method": "bank"})
    assert (refunded["amountRefunded"], refunded["refundDue"]) == ("400.00", "600.00")
    error_of(api.post(path, json={"amount": "600.01"}), 422, "amount_exceeds_balance")
    error_of(api.patch(f"vendor-credits/{note['id']}", json={"status": "void"}), 409, "invalid_transition")
    after = reverse_refund(api, "vendor-credits", refunded, reversedOn=refunded["refunds"][0]["date"])
    assert (after["amountRefunded"], after["refundDue"]) == ("0.00", "1000.00")
    assert api.read(f"vendor-credits/{note['id']}/events")[-1]["type"] == "vendor_credit.refund_reversed"
    assert api.update(f"vendor-credits/{note['id']}", {"status": "void"})["status"] == "void"


def test_what_was_written_off_of_a_bill_is_not_given_back(api):
    bill = open_bill(api)
    body = {"amount": bill["balanceDue"], "paidOn": "2026-02-01", "kind": "write_off", "reference": "Given up"}
    api.create(f"bills/{bill['id']}/payments", body)
    note = draft(api, bill, amount="1000.00")
    refused = error_of(api.patch(f"vendor-credits/{note['id']}", json={"status": "issued"}), 409, "invalid_transition")
    assert "Reverse this in the bill first (pay_" in refused["message"]


def test_a_vendor_credit_names_both_sides_as_the_bill_does(api, owner, organization):
    update_organization(owner, organization.id, gstin=gstin("27"), legal_name="Sharma Textiles")
    vendor = active_party(api, roles=["vendor"], name="Mills", gstin=gstin("29"))
    note = issued(api, opened(api, vendorId=vendor["id"]), amount="118.00")
    assert (note["supplier"]["name"], note["recipient"]["name"]) == ("Mills", "Sharma Textiles")
    assert (note["igst"], note["taxableAmount"], note["supplyType"]) == ("18.00", "100.00", "inter_state")


def test_a_number_is_required_and_unique_for_the_vendor(api):
    party = active_party(api, roles=["vendor"], externalId="mills")
    first_bill, second_bill = opened(api, vendorId="mills"), opened(api, vendorId=party["id"])
    body = {"billId": first_bill["id"], "reason": "x", "amount": "1.00"}
    assert set(wrong(api.post("vendor-credits", json=body))) == {"number"}
    first = draft(api, first_bill, number="CR 1", amount="1.00")
    for bill in (first_bill, second_bill):
        again = body | {"billId": bill["id"], "number": "cr 1"}
        error = error_of(api.post("vendor-credits", json=again), 409, "duplicate_number")
        assert error["conflictingId"] == first["id"]
        assert "this vendor credit was entered before" in error["message"]
    other = draft(api, second_bill, amount="1.00")
    changed = api.patch(f"vendor-credits/{other['id']}", json={"number": "CR 1"})
    assert error_of(changed, 409, "duplicate_number")["conflictingId"] == first["id"]
    api.update(f"vendor-credits/{first['id']}", {"status": "void"})
    assert api.update(f"vendor-credits/{other['id']}", {"number": "CR 1"})["number"] == "CR 1"
    draft(api, opened(api, vendorId="others"), number="CR 1", amount="1.00")


def test_an_id_is_not_given_to_a_party_whose_vendor_credits_have_the_same_numbers(api):
    party = active_party(api, roles=["vendor"])
    draft(api, opened(api, vendorId=party["id"]), number="CR 7", amount="1.00")
    theirs = draft(api, opened(api, vendorId="mills"), number="cr 7", amount="1.00")
    message = wrong(api.patch(f"parties/{party['id']}", json={"externalId": "mills"}))["externalId"]
    assert theirs["id"] in message


def test_refusals(api):
    bill, unopened = open_bill(api), draft_bill(api)
    for body, fields in (
        ({"billId": unopened["id"], "amount": "1.00"}, {"billId"}),
        ({"billId": "bill_none", "amount": "1.00"}, {"billId"}),
        ({"items": [{"lineNumber": 1, "quantity": 21}]}, {"items[0].quantity"}),
        ({"amount": "82600.01"}, {"amount"}),
    ):
        sent = {"billId": bill["id"], "number": "CR 9", "reason": "x", **body}
        assert set(wrong(api.post("vendor-credits", json=sent))) == fields, body


def test_the_annual_return_of_the_organization_is_not_that_of_its_vendor(api, owner, organization):
    update_organization(owner, organization.id, gstin="27AAPFU0939F1ZV", annual_returns={"2024-25": "2025-10-20"})
    bill = opened(api, billDate="2025-03-31", dueDate="2025-04-30")
    in_time, late = (draft(api, bill, amount="1.00", date=day) for day in ("2025-11-30", "2025-12-01"))
    assert (in_time["taxAdjustment"], late["taxAdjustment"]) == (True, False)


def test_lists_find_those_of_a_vendor_and_of_a_bill(api):
    bill, other_bill = open_bill(api), opened(api, vendorId="zenith")
    note, other = draft(api, bill, number="CR-A"), draft(api, other_bill, number="CR-B")
    for params, found in (
        ({"billId": bill["id"]}, note),
        ({"vendorId": "zenith"}, other),
        ({"number": "CR-A"}, note),
        ({"search": "CR-B"}, other),
    ):
        assert [each["id"] for each in api.read("vendor-credits", **params)] == [found["id"]], params
