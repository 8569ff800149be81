"""The pages of parties and employees: lists, forms that know what a GSTIN says, archiving, and where they are named."""

import html

import pytest

from domain.accounts.user import ROLES
from tests.pages.objects.test_forms import HEAD, ONE, lines, path_after
from tests.pages.objects.test_gst_forms import fields_of
from tests.pages.objects.test_lists import BILLING, LEAVES, href, numbers_on, stored, words_of
from tests.support.gst import gstin
from tests.support.scenarios import active_employee, active_party, draft_invoice, pending_leave

NEW = "/home/parties/new"
PARTY = {"name": "Acme Traders", "roles": "client", "do": "save"}
MUMBAI, BENGALURU = gstin("27"), gstin("29")


@pytest.fixture
def accountant(console):
    return console("accountant")


def test_a_party_is_made_with_what_its_gstin_says(api, accountant):
    fields = {**PARTY, "roles": "client+vendor", "gstin": MUMBAI.lower(), "phone": "+91 98450 12345"}
    fields |= {"address": "1 MG Road\r\nPune", "externalId": "acme", "email": "", "pan": "", "stateCode": ""}
    path = path_after(accountant.fill(NEW, fields))
    party = stored(api, path)
    assert (party["roles"], party["gstin"], party["stateCode"]) == (["client", "vendor"], MUMBAI, "27")
    assert (party["gstTreatment"], party["address"], party["externalId"]) == ("registered", "1 MG Road\nPune", "acme")
    page = words_of(accountant.get(path))
    for words in ("Party Acme Traders", "client and vendor", "27 Maharashtra", "registered", "1 MG Road Pune", "acme"):
        assert words in page, words


def test_the_list_shows_and_filters_parties(api, accountant):
    active_party(api, gstin=MUMBAI, phone="022 1234567")
    active_party(api, name="Zeta Mills", roles=["vendor"])
    text = words_of(accountant.get("/home/parties"))
    assert f"Acme Traders active client {MUMBAI} Maharashtra 022 1234567" in text
    assert "Zeta Mills active vendor – – –" in text
    for query in ("role=vendor", "search=zeta", "sort=-name&limit=1"):
        assert numbers_on(accountant.get(f"/home/parties?{query}")) == ["Zeta Mills"]
    assert numbers_on(accountant.get(f"/home/parties?gstin={MUMBAI}")) == ["Acme Traders"]
    page = accountant.get("/home/parties?role=friend")
    assert page.status_code == 400 and 'id="role-problem"' in page.text


def test_what_a_new_gstin_says_replaces_what_the_old_one_said(api, accountant):
    path = f"/home/parties/{active_party(api, gstin=MUMBAI)['id']}"
    fields = {name: values[0] for name, values in fields_of(accountant.get(f"{path}/edit")).items()}
    assert (fields["stateCode"], fields["gstTreatment"], fields["roles"]) == ("27", "registered", "client")
    fields |= {"address": "", "do": "save"}
    assert accountant.fill(f"{path}/edit", {**fields, "gstin": BENGALURU}).status_code == 303
    party = stored(api, path)
    assert (party["gstin"], party["stateCode"], party["gstTreatment"]) == (BENGALURU, "29", "registered")
    assert accountant.fill(f"{path}/edit", {**fields, "gstin": "", "stateCode": "29"}).status_code == 303
    party = stored(api, path)
    assert (party["gstin"], party["stateCode"], party["gstTreatment"]) == (None, "29", "unregistered")


def test_a_form_in_which_nothing_was_changed_changes_nothing(api, accountant):
    path = f"/home/parties/{active_party(api, gstin=MUMBAI)['id']}"
    fields = {name: values[0] for name, values in fields_of(accountant.get(f"{path}/edit")).items()}
    assert path_after(accountant.fill(f"{path}/edit", {**fields, "address": "", "do": "save"})) == path
    assert stored(api, path)["version"] == 1


def test_what_is_wrong_stands_at_its_field(api, accountant):
    wrong = {"gstin": MUMBAI[:-1] + "0", "stateCode": "96", "phone": "call me", "email": "nobody", "externalId": "a b"}
    page = accountant.fill(NEW, {**PARTY, "name": "", "roles": "", **wrong})
    assert page.status_code == 422
    for field in ("name", "roles", "gstin", "phone", "email", "externalId"):
        assert f'id="{field}-problem"' in page.text, field
    text = words_of(page)
    assert "Name is required." in text and "Role is required." in text
    page = accountant.fill(NEW, {**PARTY, "gstin": MUMBAI, "stateCode": "29"})
    assert "State or union territory contradicts the GSTIN, which says it already." in words_of(page)
    page = accountant.fill(NEW, {**PARTY, "gstTreatment": "sez"})
    assert "GST treatment needs a GSTIN." in words_of(page)
    active_party(api, externalId="acme")
    page = accountant.fill(NEW, {**PARTY, "externalId": "acme"})
    assert page.status_code == 409 and "“acme” is already the own id of another one" in words_of(page)


def test_a_party_is_archived_and_made_active_again(api, accountant):
    path = f"/home/parties/{active_party(api)['id']}"
    answer = accountant.fill(path, {"action": "archive"})
    assert answer.headers["Location"] == f"{path}?done=archive" and stored(api, path)["status"] == "archived"
    page = accountant.get(f"{path}?done=archive")
    assert "The party is archived." in words_of(page) and "/home/invoices/new" not in page.text
    assert accountant.fill(path, {"action": "activate"}).status_code == 303
    assert stored(api, path)["status"] == "active"


def test_the_page_leads_to_the_documents_that_name_the_party(api, accountant):
    party = active_party(api, externalId="acme")
    draft_invoice(api, invoiceNumber="A/1", clientId="acme"), draft_invoice(api, invoiceNumber="A/2", clientId="zeta")
    draft_invoice(api, invoiceNumber="A/3", clientId=party["id"])
    page = accountant.get(f"/home/parties/{party['id']}")
    assert numbers_on(accountant.get(href(page, "Invoices to this client"))) == ["A/3", "A/1"]
    assert "Bills of this vendor" not in page.text
    new = fields_of(accountant.get(href(page, "New invoice")))
    assert (new["clientId"], new["clientName"]) == ([party["id"]], ["Acme Traders"])
    fields = {**HEAD, "clientId": party["id"], "clientName": "", "currency": "INR", "notes": "", **lines(ONE)}
    invoice = path_after(accountant.fill("/home/invoices/new", {**fields, "do": "save"}))
    link = f'<a class="alone" href="/home/parties/{party["id"]}"><bdi>Acme Traders</bdi></a>'
    assert link in accountant.get(invoice).text
    for nobody in ("acme", "party_" + "0" * 26, "%00"):
        assert fields_of(accountant.get(f"/home/invoices/new?clientId={nobody}"))["clientId"] == [""]


def test_an_employee_is_added_changed_and_leads_to_the_leaves(api, console):
    hr = console("hr")
    fields = {"name": "Asha Rao", "email": "asha@example.in", "externalId": "E-7", "joinedOn": "2024-04-01"}
    path = path_after(hr.fill("/home/employees/new", {**fields, "leftOn": "", "do": "save"}))
    pending_leave(api, employeeId="E-7")
    page = hr.get(path)
    assert "1 Apr 2024" in words_of(page) and "asha@example.in" in words_of(page)
    assert numbers_on(hr.get(href(page, "Leaves of this employee"))) == ["Asha Rao"]
    assert fields_of(hr.get(href(page, "New leave request")))["employeeName"] == ["Asha Rao"]
    wrong = hr.fill(f"{path}/edit", {**fields, "leftOn": "2024-03-31", "do": "save"})
    assert "Last day at work must not be before “First day at work”, 1 Apr 2024." in words_of(wrong)
    assert hr.fill(f"{path}/edit", {**fields, "leftOn": "2026-03-31", "do": "save"}).status_code == 303
    assert stored(api, path)["leftOn"] == "2026-03-31"
    assert "E-7 asha@example.in 1 Apr 2024 31 Mar 2026" in words_of(hr.get("/home/employees"))


@pytest.mark.parametrize("role", ROLES)
def test_only_roles_with_the_scope_see_and_change_them(api, console, role):
    client = console(role)
    party, employee = active_party(api), active_employee(api)
    for path, readers in ((f"/home/parties/{party['id']}", BILLING), (f"/home/employees/{employee['id']}", LEAVES)):
        page = client.get(path)
        may_write = role in readers - {"viewer"}
        assert page.status_code == (200 if role in readers else 403)
        assert ("do-archive" in page.text) == ("/edit" in page.text) == may_write
        assert client.get(f"{path}/edit").status_code == (200 if may_write else 403)
        assert client.get(f"{path.rpartition('/')[0]}/new").status_code == (200 if may_write else 403)
        if not may_write:
            data = {"csrf": client.token_on("/logout"), "action": "archive", "version": "1"}
            assert client.post(path, data=data).status_code == 403


def test_a_change_of_somebody_else_is_shown_and_not_overwritten(api, accountant):
    path = f"/home/parties/{active_party(api)['id']}"
    hidden = accountant.hidden_on(f"{path}/edit")
    api.update(path.removeprefix("/home/"), {"phone": "022 1234567"})
    page = accountant.post(f"{path}/edit", data={**hidden, **PARTY, "name": "Acme Mills"})
    assert page.status_code == 409 and "Phone is now: " in words_of(page)
    assert html.unescape(fields_of(page)["name"][0]) == "Acme Mills"
    assert stored(api, path)["phone"] == "022 1234567"


def test_they_are_found_by_the_search(api, console):
    party, employee = active_party(api, name="Zeta Mills"), active_employee(api, name="Zeta Rao")
    page = console().get("/home/find?q=zeta")
    for path in (f"/home/parties/{party['id']}", f"/home/employees/{employee['id']}"):
        assert f'href="{path}"' in page.text
