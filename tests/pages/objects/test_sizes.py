"""Pages of long documents stay small: 60 KB of HTML, and nothing of the document is lost."""

import html
import re

import pytest

from api.console.objects.forms.lines import EMPTY_LINES, GROUP, LINE_FIELDS, LineForm, groups_of, pack, unpack
from api.http.errors import ApiError
from tests.pages.objects.test_forms import HEAD, path_after
from tests.pages.objects.test_lists import stored, words_of
from tests.support.scenarios import draft_invoice, pay_invoice, pending_leave, sent_invoice

MAX_BYTES = 60_000
TEXTS = dict.fromkeys(("description", "hsnSac", "quantity", "unitPrice", "taxRate"), "")


def lines_of(count, description="Cotton cloth, 40 count, white, bale {}"):
    prices = {"hsnSac": "520819", "quantity": "12.5", "unitPrice": "1234.50", "taxRate": "18"}
    return [{"description": description.format(number), **prices} for number in range(1, count + 1)]


def columns_of(lines):
    return {name: [line[name] for line in lines] for name in TEXTS}


def shown_in(page):
    """Return the lines that a form shows, and what else it sends."""
    columns = {name: re.findall(rf'name="{name}" value="([^"]*)"', page.text) for name in TEXTS}
    lines = [
        dict(zip(columns, map(html.unescape, texts), strict=True)) for texts in zip(*columns.values(), strict=True)
    ]
    return lines, hidden_in(page)


def hidden_in(page):
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    return {name: html.unescape(text) for name, text in fields}


def is_small(page):
    assert page.status_code in (200, 409, 422), page.text
    return len(page.content) <= MAX_BYTES


def lines_on(page):
    return [html.unescape(each) for each in re.findall(r'<tr><th scope="row"><bdi>(.*?)</bdi>', page.text)]


def test_an_invoice_of_200_lines_and_20_payments_is_one_small_page(api, console):
    invoice = sent_invoice(api, items=lines_of(200))
    for _ in range(20):
        pay_invoice(api, invoice, "10.00")
    page = console().get(f"/home/invoices/{invoice['id']}")
    assert lines_on(page) == [each["description"] for each in invoice["items"]] and is_small(page)
    assert page.text.count("reversePayment&amp;payment=") == 20


def test_the_longest_texts_are_shown_in_parts_and_printed_from_one_page(api, console):
    items, metadata = lines_of(200, "ज" * 496 + "{}"), {f"key_{number}": "ज" * 500 for number in range(40)}
    invoice = draft_invoice(api, items=items, notes="ज" * 5000, metadata=metadata)
    client, path = console(), f"/home/invoices/{invoice['id']}"
    page = client.get(path)
    addresses = [html.unescape(each) for each in re.findall(rf'href="({path}\?lines=\d+)#lines"', page.text)]
    pages = [client.get(each) for each in addresses]
    assert all(map(is_small, pages)) and len(pages) > 5
    assert [line for each in pages for line in lines_on(each)] == [line["description"] for line in items]
    whole = client.get(f"{path}?show=all")
    assert f'href="{path}?show=all"' in page.text and len(lines_on(whole)) == 200 and "key_39" in whole.text


def test_many_payments_are_shown_in_parts_and_each_can_be_taken_back(api, console):
    invoice = sent_invoice(api)
    for _ in range(60):
        paid = pay_invoice(api, invoice, "10.00")
    client, path = console(), f"/home/invoices/{invoice['id']}"
    assert is_small(client.get(path))
    last = paid["payments"][-1]["id"]
    assert f'id="{last}"' not in client.get(path).text
    fields = client.hidden_on(f"{path}?do=reversePayment&payment={last}")
    assert client.post(path, data={**fields, "reason": "bounced"}).status_code == 303
    assert stored(api, path)["payments"][-1]["reversedOn"]


def test_the_json_has_its_own_address(api, console):
    invoice = sent_invoice(api)
    client, path = console("viewer"), f"/home/invoices/{invoice['id']}"
    assert f'href="{path}/json"' in client.get(path).text
    assert f'href="{path}/json?version=1"' in client.get(f"{path}?version=1").text
    answer = client.get(f"{path}/json")
    assert answer.json() == api.read(f"invoices/{invoice['id']}")
    assert answer.headers["Content-Type"].startswith("application/json")
    assert client.get(f"{path}/json?version=1").json()["status"] == "draft"
    assert client.get("/home/invoices/inv_x/json").status_code == 404
    assert console("hr").get(f"{path}/json").status_code == 403


def test_a_form_of_200_lines_is_small_and_saving_a_part_of_it_keeps_the_others(api, console):
    items = lines_of(200)
    path = f"/home/invoices/{draft_invoice(api, items=items)['id']}"
    client = console()
    page = client.get(f"{path}/edit")
    first, hidden = shown_in(page)
    assert is_small(page) and first == items[:GROUP]
    page = client.post(f"{path}/edit", data={**hidden, **columns_of(first), "lines": "113"})
    lines, hidden = shown_in(page)
    assert is_small(page) and lines == items[100:120]
    lines[12] = {**lines[12], "description": "Changed"}
    answer = client.post(f"{path}/edit", data={**hidden, **form_fields(api, path), **columns_of(lines), "do": "save"})
    assert answer.status_code == 303, words_of(answer)
    assert [each["description"] for each in stored(api, path)["items"]] == [
        "Changed" if number == 112 else each["description"] for number, each in enumerate(items)
    ]


def form_fields(api, path):
    document = stored(api, path)
    names = ("clientId", "clientName", "invoiceNumber", "invoiceDate", "dueDate", "currency")
    return {name: document[name] for name in names} | {"notes": document["notes"] or ""}


def test_a_change_in_one_part_travels_through_the_others_until_it_is_saved(api, console):
    items = lines_of(60)
    path = f"/home/invoices/{draft_invoice(api, items=items)['id']}"
    client = console()
    lines, hidden = shown_in(client.get(f"{path}/edit"))
    lines[0] = {**lines[0], "description": 'A "new"\ttext'}
    for number in ("21", "41"):
        page = client.post(f"{path}/edit", data={**hidden, **columns_of(lines), "lines": number})
        lines, hidden = shown_in(page)
    assert api.read(path.removeprefix("/home/"))["version"] == 1
    page = client.post(f"{path}/edit", data={**hidden, **columns_of(lines), "remove": "41"})
    lines, hidden = shown_in(page)
    answer = client.post(f"{path}/edit", data={**hidden, **form_fields(api, path), **columns_of(lines), "do": "save"})
    assert answer.status_code == 303, words_of(answer)
    names = [each["description"] for each in stored(api, path)["items"]]
    assert names == ['A "new"\ttext', *(each["description"] for each in items[1:40] + items[41:])]


def test_a_new_draft_of_200_lines_is_typed_in_small_pages(api, console):
    client, items = console("accountant"), lines_of(200)
    head = {**HEAD, "currency": "INR", "notes": ""}
    page = client.get("/home/invoices/new")
    while "Add lines" in page.text:
        page = client.post("/home/invoices/new", data={**head, **typed_on(page, items), "do": "add"})
        assert is_small(page)
    answer = client.post("/home/invoices/new", data={**head, **typed_on(page, items), "do": "save"})
    names = [each["description"] for each in stored(api, path_after(answer))["items"]]
    assert names == [each["description"] for each in items]


def typed_on(page, items):
    """Return what the form sends when its lines are filled in with those items that have their numbers."""
    numbers = [int(number) for number in re.findall(r'id="description-(\d+)"', page.text)]
    return {**hidden_in(page), **columns_of(items[numbers[0] - 1 : numbers[-1]])}


def test_a_form_in_which_every_field_is_wrong_is_small_and_leads_to_each_of_them(console):
    client = console("accountant")
    wrong = {
        "description": "Cotton cloth, 40 count, white",
        "hsnSac": "5",
        "quantity": "x",
        "unitPrice": "x",
        "taxRate": "x",
    }
    fields = {**client.hidden_on("/home/invoices/new"), "currency": "INR", **columns_of([wrong] * 200)}
    page = client.post("/home/invoices/new", data={**fields, "do": "save"})
    assert page.status_code == 422 and is_small(page) and page.text.count('aria-invalid="true"') >= 4 * GROUP
    page = client.post("/home/invoices/new", data={**hidden_in(page), **typed_on(page, [wrong] * 200), "lines": "150"})
    assert is_small(page) and 'id="quantity-150-problem"' in page.text
    assert re.search(r'id="description-150"[^>]* autofocus', page.text)
    assert '<button class="link" name="lines" value="1">Line 1: ' in page.text


def test_a_change_in_another_tab_is_told_with_its_lines_and_who_made_it(api, console):
    items = lines_of(30)
    path = f"/home/invoices/{draft_invoice(api, items=items)['id']}"
    mine, theirs = console("accountant"), console("admin")
    lines, hidden = shown_in(mine.get(f"{path}/edit"))
    their_lines, their_hidden = shown_in(theirs.get(f"{path}/edit"))
    their_lines[1] = {**their_lines[1], "description": "Theirs"}
    data = {**their_hidden, **form_fields(api, path), **columns_of(their_lines), "do": "save"}
    assert theirs.post(f"{path}/edit", data=data).status_code == 303
    lines[0] = {**lines[0], "description": "Mine"}
    fields = form_fields(api, path)
    page = mine.post(f"{path}/edit", data={**hidden, **fields, **columns_of(lines), "do": "save"})
    text = words_of(page)
    assert page.status_code == 409 and 'value="Mine"' in page.text and is_small(page)
    assert "Line 2 is now: Theirs, 12.5 × 1234.50, 18 %" in text and theirs.email in text
    assert "Line 1 is now" not in text and "Line 3" not in text.partition("Notes")[0]
    lines, hidden = shown_in(page)
    taken, _ = shown_in(mine.post(f"{path}/edit", data={**hidden, **fields, **columns_of(lines), "do": "take"}))
    assert [each["description"] for each in taken[:2]] == [items[0]["description"], "Theirs"]
    answer = mine.post(f"{path}/edit", data={**hidden, **fields, **columns_of(lines), "do": "save"})
    assert answer.status_code == 303
    saved = [each["description"] for each in stored(api, path)["items"]]
    assert saved == ["Mine", *(each["description"] for each in items[1:])]


def test_a_list_of_long_names_is_small_however_many_rows_are_asked_for(api, console):
    for number in range(100):
        sent_invoice(api, clientName="ज" * 200)
        pending_leave(api, employeeId=f"emp_{number}", employeeName="ज" * 200)
    client = console()
    for path in ("/home/invoices", "/home/leaves"):
        for query in ("", "?limit=100"):
            assert is_small(client.get(f"{path}{query}")), (path, query, len(client.get(f"{path}{query}").content))


@pytest.mark.parametrize("count", [0, 1, GROUP, GROUP + EMPTY_LINES, GROUP + EMPTY_LINES + 1, 200])
def test_each_line_is_in_one_group(count):
    groups = groups_of([LineForm(dict(TEXTS))] * count)
    assert [number for group in groups for number in range(group.first, group.last + 1)] == list(range(1, count + 1))
    assert max(group.last - group.first + 1 for group in groups) <= GROUP + EMPTY_LINES


def test_lines_that_are_stored_travel_as_their_numbers():
    stored_lines = [LineForm({**TEXTS, "description": each}) for each in ("a", "b", "b", "c")]
    changed = [*stored_lines[:3], LineForm({**TEXTS, "description": 'x\t"y'}), stored_lines[3], stored_lines[0]]
    text = pack(changed, stored_lines)
    assert text.splitlines()[0] == "1-3" and len(text.splitlines()) == 4
    for sent in (text, text.replace("\n", "\r\n")):
        assert unpack(sent, stored_lines) == changed


@pytest.mark.parametrize("text", ["9-9", "0-1", "3-1", "x", "1-", "a\tb", '"', "1-1\n\n", "-1-2", "1-9999999999"])
def test_a_hidden_field_that_the_form_does_not_make_is_refused(text):
    with pytest.raises(ApiError):
        unpack(text, [LineForm(dict(TEXTS))] * 3)
    assert len(LINE_FIELDS) == len(TEXTS)
