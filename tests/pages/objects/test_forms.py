"""The forms for a new invoice, bill or leave, and for its change: the commands of the API, lines without a script."""

import re

import pytest

from tests.pages.objects.test_lists import stored, words_of
from tests.support.scenarios import (
    active_employee,
    active_party,
    decided_leave,
    draft_bill,
    draft_invoice,
    paid_invoice,
    pending_leave,
    sent_invoice,
)

HEAD = {"clientId": "acme", "clientName": "Acme Traders", "invoiceDate": "2026-01-10", "dueDate": "2099-01-31"}
ONE = {"description": "Consulting", "hsnSac": "998311", "quantity": "20", "unitPrice": "3,500", "taxRate": "18"}
TWO = {"description": "Travel", "hsnSac": "", "quantity": "1", "unitPrice": "99.995", "taxRate": "0"}
NONE = dict.fromkeys(ONE, "")


def lines(*each):
    """Return the fields of these lines."""
    return {name: [line[name] for line in each] for name in ONE}


def path_after(answer):
    """Return the path of the object to which a saved form leads."""
    path, _, done = answer.headers["Location"].partition("?")
    assert done == "done=saved"
    return path


@pytest.fixture
def accountant(console):
    return console("accountant")


def test_a_draft_of_two_lines_is_made_and_shown(api, accountant):
    fields = {**HEAD, "invoiceNumber": "A/1", "currency": "INR", "notes": "", **lines(ONE, NONE, TWO), "do": "save"}
    answer = accountant.fill("/home/invoices/new", fields)
    assert answer.status_code == 303, words_of(answer)
    invoice = stored(api, path_after(answer))
    assert (invoice["invoiceNumber"], invoice["status"], invoice["totalAmount"]) == ("A/1", "draft", "82700.00")
    assert [each["hsnSac"] for each in invoice["items"]] == ["998311", None]
    page = accountant.get(path_after(answer))
    assert "₹99.995" in page.text and "₹82,700.00" in page.text


def test_without_a_number_the_invoice_gets_the_next_one(api, accountant):
    fields = {**HEAD, "invoiceNumber": "", "currency": "INR", "notes": "", **lines(ONE), "do": "save"}
    answer = accountant.fill("/home/invoices/new", fields)
    assert stored(api, path_after(answer))["invoiceNumber"].startswith("INV-2025-26-")


def test_totals_are_those_that_the_service_computes_and_nothing_is_stored(api, accountant):
    fields = {**HEAD, "invoiceNumber": "", "currency": "INR", "notes": "", **lines(ONE, TWO)}
    page = accountant.fill("/home/invoices/new", {**fields, "do": "compute"})
    text = words_of(page)
    assert page.status_code == 200
    assert "Subtotal ₹70,100.00 Tax ₹12,600.00 Total ₹82,700.00 Balance due ₹82,700.00" in text
    assert api.read("invoices") == []


def test_lines_are_added_and_what_was_typed_stays(accountant):
    fields = {**HEAD, "invoiceNumber": "", "currency": "INR", "notes": "", **lines(ONE)}
    page = accountant.fill("/home/invoices/new", {**fields, "do": "add"})
    assert page.text.count('name="description"') == 4
    assert 'value="Consulting"' in page.text and 'value="3,500"' in page.text


def test_a_line_is_removed_and_the_others_stay(api, accountant):
    fields = {**HEAD, "invoiceNumber": "", "currency": "INR", "notes": "", **lines(ONE, TWO, NONE)}
    assert accountant.fill("/home/invoices/new", {**fields, "do": "compute"}).text.count('name="remove"') == 2
    page = accountant.fill("/home/invoices/new", {**fields, "remove": "1"})
    assert page.status_code == 200 and page.text.count('name="description"') == 2
    assert 'value="Travel"' in page.text and 'value="Consulting"' not in page.text
    for nothing in ("0", "4", "-1", "x", "9" * 5000):
        page = accountant.fill("/home/invoices/new", {**fields, "remove": nothing})
        assert page.text.count('name="description"') == 3
    assert api.read("invoices") == []


def test_what_is_wrong_is_marked_at_its_line(api, accountant):
    wrong = {**TWO, "quantity": "none", "hsnSac": "12"}
    head = {**HEAD, "clientId": "", "clientName": ""}
    fields = {**head, "invoiceNumber": "", "currency": "INR", "notes": "", **lines(NONE, ONE, wrong)}
    for do in ("save", "compute"):
        page = accountant.fill("/home/invoices/new", {**fields, "do": do})
        assert 'id="quantity-3-problem"' in page.text and 'id="hsnSac-3-problem"' in page.text
        assert 'id="quantity-2-problem"' not in page.text
    page = accountant.fill("/home/invoices/new", {**fields, "do": "save"})
    assert page.status_code == 422 and "Client is required." in words_of(page)
    page = accountant.fill("/home/invoices/new", {**HEAD, "currency": "INR", "notes": "", **lines(NONE), "do": "save"})
    assert "Enter at least one line." in words_of(page)
    assert api.read("invoices") == []


def test_a_draft_of_200_lines_is_made_and_changed(api, accountant):
    fields = {**HEAD, "invoiceNumber": "L/1", "currency": "INR", "notes": "", **lines(*[ONE] * 200), "do": "save"}
    path = path_after(accountant.fill("/home/invoices/new", fields))
    assert len(stored(api, path)["items"]) == 200
    page = accountant.get(f"{path}/edit")
    assert page.text.count('name="description"') == 20 and "Add lines" not in page.text
    fields |= {"linesAfter": "", **lines(*[TWO] * 200)}
    assert accountant.fill(f"{path}/edit", fields).status_code == 303
    assert stored(api, path)["totalAmount"] == "20000.00"


def test_a_wrong_field_far_below_is_named_at_the_top_with_a_link(accountant):
    fields = {**HEAD, "dueDate": "2025-01-01", "invoiceNumber": "L/2", "currency": "INR", "notes": "", "do": "save"}
    fields |= lines(*[ONE] * 150, {**ONE, "quantity": "abc"})
    page = accountant.fill("/home/invoices/new", fields).text
    summary = page[page.index("Nothing was saved yet") :][:600]
    assert '<a href="#quantity-151">Line 151: Quantity must be a number, such as' in summary and "autofocus" in page
    assert 'id="quantity-151"' in page


def test_messages_name_the_fields_as_the_form_does(accountant):
    fields = {**HEAD, "dueDate": "2025-01-01", "invoiceNumber": "", "currency": "INR", "notes": "", **lines(ONE)}
    page = words_of(accountant.fill("/home/invoices/new", {**fields, "do": "save"}))
    assert "Due date must not be before \u201cDate\u201d" in page and "invoiceDate" not in page


def test_a_draft_that_is_sent_twice_is_made_once(api, accountant):
    fields = (
        accountant.hidden_on("/home/invoices/new") | HEAD | {"currency": "INR", "notes": "", **lines(ONE), "do": "save"}
    )
    locations = {accountant.post("/home/invoices/new", data=fields).headers["Location"] for _ in range(2)}
    assert len(locations) == 1 and len(api.read("invoices")) == 1


def test_only_what_can_still_be_changed_is_offered(api, accountant):
    draft, sent, paid = draft_invoice(api), sent_invoice(api), paid_invoice(api)
    offered = {}
    for name, invoice in (("draft", draft), ("sent", sent), ("paid", paid)):
        page = accountant.get(f"/home/invoices/{invoice['id']}/edit").text
        names = ("clientId", "invoiceNumber", "invoiceDate", "dueDate", "notes", "description")
        offered[name] = [each for each in names if f'name="{each}"' in page]
    assert offered == {
        "draft": ["clientId", "invoiceNumber", "invoiceDate", "dueDate", "notes", "description"],
        "sent": ["invoiceDate", "dueDate", "notes"],
        "paid": ["notes"],
    }
    answer = accountant.fill(
        f"/home/invoices/{sent['id']}/edit", {"invoiceDate": "2026-01-11", "dueDate": "2099-02-01"}
    )
    changed = api.read(f"invoices/{sent['id']}")
    assert answer.status_code == 303 and (changed["invoiceDate"], changed["dueDate"]) == ("2026-01-11", "2099-02-01")


def test_a_change_of_somebody_else_is_shown_and_not_overwritten(api, accountant):
    path = f"/home/invoices/{draft_invoice(api, notes='mine')['id']}"
    fields = accountant.hidden_on(f"{path}/edit") | HEAD | {"notes": "old", "currency": "INR", **lines(ONE)}
    api.update(path.removeprefix("/home/"), {"notes": "theirs"})
    page = accountant.post(f"{path}/edit", data=fields | {"invoiceNumber": "A/9", "do": "save"})
    assert page.status_code == 409 and ">\nold</textarea>" in page.text
    assert "Notes is now: theirs" in words_of(page)
    assert stored(api, path)["notes"] == "theirs"
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    again = {**HEAD, **fields, "notes": "old", "currency": "INR", "invoiceNumber": "A/9", **lines(ONE), "do": "save"}
    assert accountant.post(f"{path}/edit", data=again).status_code == 303
    assert stored(api, path)["notes"] == "old"


def test_a_bill_is_entered_wrongly_made_void_and_entered_rightly(api, accountant):
    head = {"vendorId": "mills", "vendorName": "Mills", "billNumber": "B/7", "billDate": "2026-01-10"}
    fields = {**head, "dueDate": "2099-01-31", "currency": "INR", "notes": ""}
    wrong = path_after(accountant.fill("/home/bills/new", {**fields, **lines(TWO), "do": "save"}))
    again = accountant.fill("/home/bills/new", {**fields, **lines(ONE), "do": "save"})
    assert again.status_code == 409 and "B/7" in words_of(again)
    assert accountant.fill(wrong, {"action": "void"}).status_code == 303
    right = path_after(accountant.fill("/home/bills/new", {**fields, **lines(ONE), "do": "save"}))
    assert [stored(api, path)["status"] for path in (wrong, right)] == ["void", "draft"]


def test_a_leave_is_requested_and_changed(api, console):
    hr = console("hr")
    fields = {"employeeId": "asha", "employeeName": "Asha Rao", "type": "sick", "startDate": "2099-03-01"}
    fields |= {"endDate": "2099-03-03", "dayPart": "full", "startPart": "second_half", "endPart": "full"}
    answer = hr.fill("/home/leaves/new", {**fields, "reason": "fever", "do": "save"})
    location = path_after(answer)
    leave = stored(api, location)
    assert (leave["status"], leave["employeeId"], leave["reason"]) == ("pending", "asha", "fever")
    path = f"{location}/edit"
    page = hr.get(path).text
    assert 'name="employeeId"' not in page and ">\nfever</textarea>" in page
    assert hr.fill(path, {**fields, "endDate": "2099-03-02", "reason": "", "do": "save"}).status_code == 303
    assert stored(api, location)["endDate"] == "2099-03-02"
    other = pending_leave(api, employeeId="ravi")
    answer = hr.fill("/home/leaves/new", {**fields, "employeeId": "ravi", "reason": "", "do": "save"})
    assert answer.status_code == 409 and other["id"] in words_of(answer)


def test_an_unknown_object_has_no_form(api, accountant):
    assert accountant.get("/home/invoices/inv_x/edit").status_code == 404
    draft_bill(api)


def test_a_number_is_read_as_the_api_reads_it_but_for_its_grouping(api, accountant):
    fields = {**HEAD, "invoiceNumber": "", "currency": "INR", "notes": ""}
    for wrong in ("1,5", "1,00", "12,3456", "1.5.0", "1,00,00"):
        page = accountant.fill("/home/invoices/new", {**fields, **lines({**TWO, "quantity": wrong}), "do": "save"})
        assert page.status_code == 422 and 'id="quantity-1-problem"' in page.text, wrong
    for right, quantity in (("1,000", "1000"), ("1,00,000.5", "100000.5"), ("12\u00a0345", "12345")):
        answer = accountant.fill("/home/invoices/new", {**fields, **lines({**TWO, "quantity": right}), "do": "save"})
        assert stored(api, path_after(answer))["items"][0]["quantity"] in (quantity, float(quantity))


def test_buttons_for_lines_change_nothing_in_a_form_without_lines(api, console):
    client = console()
    leave = pending_leave(api)
    for path in ("/home/leaves/new", f"/home/leaves/{leave['id']}/edit"):
        for do in ("compute", "add"):
            assert client.fill(path, {"do": do}).status_code == 200


def test_an_object_that_cannot_be_changed_any_more_has_only_its_page(api, console):
    leave = decided_leave(api, "approved")
    path = f"/home/leaves/{leave['id']}"
    answer = console().get(f"{path}/edit")
    assert (answer.status_code, answer.headers["Location"]) == (303, path)


def test_an_empty_date_is_missed(api, accountant):
    path = f"/home/invoices/{sent_invoice(api)['id']}/edit"
    page = accountant.fill(path, {"invoiceDate": "2026-01-10", "dueDate": "", "notes": "", "do": "save"})
    assert page.status_code == 422 and "Due date is required." in words_of(page)


def test_a_name_is_enough_and_keeps_the_id_that_it_had_before(api, console):
    client = console("accountant")
    draft_invoice(api, clientId="C-0042", clientName="Acme Traders")
    page = client.get("/home/invoices/new").text
    assert page.index('name="clientName"') < page.index('name="clientId"')
    assert '<option value="Acme Traders">C-0042</option>' in page
    made = {}
    for name in ("acme  traders", "Zeta & Söhne", "रमेश Traders"):
        fields = {**HEAD, "clientId": "", "clientName": name, "currency": "INR", "notes": "", **lines(ONE)}
        made[name] = stored(api, path_after(client.fill("/home/invoices/new", fields)))["clientId"]
    assert made["acme  traders"] == "C-0042" and made["Zeta & Söhne"] == "zeta-sohne"
    assert re.fullmatch("client-[0-9a-f]{10}", made["रमेश Traders"])
    hr = console("hr")
    fields = {"employeeName": "Asha Rao", "type": "sick", "startDate": "2099-03-01", "endDate": "2099-03-03"}
    parts = {"dayPart": "full", "startPart": "full", "endPart": "full", "reason": "", "do": "save"}
    leave = stored(api, path_after(hr.fill("/home/leaves/new", {**fields, **parts})))
    assert leave["employeeId"] == "asha-rao"
    assert '<option value="Asha Rao">asha-rao</option>' in hr.get("/home/leaves/new").text


def test_the_name_of_a_party_or_an_employee_is_offered_and_gives_its_id(api, console):
    client, hr = console("accountant"), console("hr")
    draft_invoice(api, clientId="C-0042", clientName="Acme Traders")
    acme, mills = active_party(api), active_party(api, name="Mills & Sons", roles=["vendor"])
    gone = active_party(api, name="Zeta")
    api.update(f"parties/{gone['id']}", {"status": "archived"})
    page = client.get("/home/invoices/new").text
    assert f'<option value="Acme Traders">{acme["id"]}</option>' in page and "C-0042" not in page
    assert mills["id"] not in page and gone["id"] not in page
    assert mills["id"] in client.get("/home/bills/new").text
    fields = {**HEAD, "clientId": "", "clientName": "acme  traders", "currency": "INR", "notes": "", **lines(ONE)}
    made = stored(api, path_after(client.fill("/home/invoices/new", fields)))
    assert made["clientId"] == acme["id"]
    asha = active_employee(api)
    assert f'<option value="Asha Rao">{asha["id"]}</option>' in hr.get("/home/leaves/new").text


def test_names_are_offered_up_to_a_few_kilobytes(api, console):
    for number in range(60):
        draft_invoice(api, clientId=f"c{number}", clientName=f"{number} " + "ज" * 150)
    page = console("accountant").get("/home/invoices/new")
    assert page.text.count("</option>") > 10 and len(page.content) < 20_000


def test_a_form_without_a_name_and_without_an_id_misses_the_name(accountant):
    fields = {**HEAD, "clientId": "", "clientName": "", "currency": "INR", "notes": "", **lines(ONE), "do": "save"}
    page = accountant.fill("/home/invoices/new", fields)
    assert page.status_code == 422 and 'id="clientName-problem"' in page.text
    assert 'id="clientId-problem"' not in page.text and "Client is required." in words_of(page)
