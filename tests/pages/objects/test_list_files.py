"""Files of lists that are too long to be sent at once: asked for, made by the worker, and fetched for a day."""

import html
import re
from datetime import UTC, datetime

import msgspec
import pytest
from falcon import testing

from api.console.objects import routes
from api.console.objects.downloads.download import XLSX_FILE
from api.pages.responses import XLSX
from api.ports.users.files import MAX_FILES, MAX_FILES_OF_USER, TooManyFiles
from infra.bootstrap import app_on
from infra.worker.files.making import forget_list_files, make_list_files
from tests.support.console import SESSION, new_user, open_session
from tests.support.list_files import FILES, ask, ask_for, download_path, finish, rows_in
from tests.support.scenarios import draft_invoice, pending_leave, sent_invoice
from tests.support.trips import without_haste

SELECT_EVENTS = "SELECT actor_id, details FROM security_events WHERE org_id = %s AND kind = 'list.downloaded'"


def shown(client):
    """Return the page of the files as text."""
    return html.unescape(re.sub(r"<[^>]+>", " ", client.get(FILES).text))


def test_a_list_that_is_too_long_leads_to_the_page_that_asks_for_its_file(api, pool, owner, organization, monkeypatch):
    sent_invoice(api), sent_invoice(api), draft_invoice(api)
    monkeypatch.setattr(routes, "XLSX_FILE", XLSX_FILE._replace(max_rows=1))
    token = open_session(owner, new_user(owner, organization.id, "viewer").user.id)
    client = testing.TestClient(app_on(pool), headers={"Cookie": f"{SESSION}={token}", "Host": "localhost"})
    asked = client.simulate_get("/home/invoices/list.xlsx", query_string="status=sent&limit=1", extras=without_haste())
    assert (asked.status_code, asked.headers["Location"]) == (303, "/home/invoices/files?status=sent")
    short = client.simulate_get("/home/invoices/list.xlsx", query_string="status=draft", extras=without_haste())
    assert (short.status_code, short.headers["Content-Type"]) == (200, XLSX)


def test_a_file_is_asked_for_made_and_fetched_without_script(api, console, owner, organization):
    for number in range(5):
        sent_invoice(api, invoiceNumber=f"A/{number}", clientName="=1+1")
    draft_invoice(api)
    client = console("viewer")
    page = client.get("/home/invoices/files?status=sent&search==1%2B1&limit=1&cursor=x").text
    assert "Make the file" in page and "<bdi>Status</bdi>: <bdi>sent</bdi>" in page
    answer = ask(client, "status=sent&sort=invoiceNumber")
    assert (answer.status_code, answer.headers["Location"]) == (303, FILES)
    assert "Waits for its turn" in shown(client) and "See how far they are" in shown(client)
    while make_list_files(owner, rows_per_page=2) and "rows so far" not in shown(client):
        continue
    assert re.search(r"Is being made: [24] rows so far", shown(client))
    finish(owner)
    assert re.search(r"Ready until \d+ \w+ \d{4}, \d\d:\d\d: 5 rows, 0\.0 MB", shown(client))
    fetched = client.get(download_path(client))
    assert fetched.headers["Content-Type"] == XLSX
    assert re.fullmatch(r'attachment; filename="invoices-[0-9-]{10}.xlsx"', fetched.headers["Content-Disposition"])
    assert int(fetched.headers["Content-Length"]) == len(fetched.content)
    rows = rows_in(fetched.content)
    assert [(row["Invoice number"], row["Client name"]) for row in rows] == [(f"A/{n}", "=1+1") for n in range(5)]


def test_to_fetch_a_file_is_a_security_event_with_its_rows(api, console, owner, organization):
    draft_invoice(api, clientName="Acme"), draft_invoice(api, clientName="Acme")
    client = console("viewer")
    ask(client, "search=Acme&status=draft")
    finish(owner)
    assert owner.execute(SELECT_EVENTS, (organization.id,)).fetchall() == []
    client.get(download_path(client))
    ((actor, details),) = owner.execute(SELECT_EVENTS, (organization.id,)).fetchall()
    assert actor == client.user_id and msgspec.json.decode(details) == {
        "list": "invoice",
        "format": "xlsx",
        "filters": {"search": "…", "status": "draft"},
        "rows": 2,
    }


def test_a_form_that_is_sent_twice_asks_for_one_file(console):
    client = console("viewer")
    fields = client.hidden_on("/home/invoices/files")
    assert [client.post("/home/invoices/files", data=fields).status_code for _ in range(2)] == [303, 303]
    assert client.get(FILES).text.count('name="id"') == 1


def test_a_file_is_in_the_language_of_the_user_and_of_the_moment_that_was_asked_for(api, console, owner):
    draft_invoice(api, invoiceNumber="A/1")
    client = console("accountant")
    client.fill("/language", {"language": "hi"}, on="/home")
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    draft_invoice(api, invoiceNumber="A/2")
    ask(client, f"asOf={at}")
    finish(owner)
    (row,) = rows_in(client.get(download_path(client)).content)
    assert "A/1" in row.values() and "Invoice number" not in row
    assert any(re.search("[\u0900-\u097f]", heading) for heading in row)


def test_an_empty_list_and_one_of_leaves_are_files_too(api, console, owner):
    client = console("hr")
    ask(client, path="/home/leaves")
    finish(owner)
    assert rows_in(client.get(download_path(client)).content) == []
    pending_leave(api)
    ask(client, path="/home/leaves")
    finish(owner)
    assert len(rows_in(client.get(download_path(client)).content)) == 1


def test_wrong_filters_and_old_forms_are_refused(console):
    client = console("viewer")
    refused = ask(client, "status=closed")
    assert refused.status_code == 422 and "does not know these filters" in refused.text
    fields = {**client.hidden_on("/home/invoices/files"), "form_token": "1-x"}
    assert client.post("/home/invoices/files", data=fields).status_code == 422
    assert "There is no file." in shown(client)


def test_a_user_has_few_files_and_removing_one_makes_room(console):
    client = console("viewer")
    assert [ask(client).status_code for _ in range(MAX_FILES_OF_USER)] == [303] * MAX_FILES_OF_USER
    refused = ask(client)
    assert refused.status_code == 409 and f"You have {MAX_FILES_OF_USER} files already" in refused.text
    assert client.fill(FILES).headers["Location"] == FILES
    assert client.get(FILES).text.count('name="id"') == MAX_FILES_OF_USER - 1
    assert ask(client).status_code == 303


def test_the_users_of_an_organization_have_few_files_together(pool, organization):
    for number in range(MAX_FILES):
        ask_for(pool, organization.id, f"user_{number}", f"file_{number}")
    with pytest.raises(TooManyFiles) as refused:
        ask_for(pool, organization.id, "user_x", "file_x")
    assert not refused.value.are_own


@pytest.mark.parametrize(
    ("failure", "advice"),
    [
        ("not_allowed", "Your role does not show this list any more."),
        ("not_read", "The list could not be read in time. Narrow the filters"),
        ("too_large", "The file would have more than 512 MB. Narrow the filters"),
        ("broken", "Ask for the file again"),
        ("of a later version", "Ask for the file again"),
    ],
)
def test_a_file_that_has_failed_says_why_and_what_to_do(console, owner, organization, failure, advice):
    client = console("viewer")
    ask(client)
    failed = "UPDATE list_files SET state = 'failed', failure = %s WHERE org_id = %s"
    owner.execute(failed, (failure, organization.id))
    assert advice in shown(client)


def test_a_file_is_gone_after_a_day_and_the_worker_deletes_it_with_its_pieces(api, console, owner, organization):
    draft_invoice(api)
    client = console("viewer")
    ask(client)
    unfinished = client.get(f"{FILES}/{id_of(client)}")
    assert unfinished.status_code == 409 and "not ready" in unfinished.text
    finish(owner)
    path = download_path(client)
    sql = "SELECT kept_until - now() > interval '23:59' FROM list_files WHERE org_id = %s"
    assert owner.execute(sql, (organization.id,)).fetchone() == (True,)
    owner.execute("UPDATE list_files SET kept_until = now() WHERE org_id = %s", (organization.id,))
    assert client.get(path).status_code == 404 and "There is no file." in shown(client)
    assert forget_list_files(owner) >= 1
    for table in ("list_files", "list_file_pieces"):
        assert owner.execute(f"SELECT FROM {table} WHERE org_id = %s", (organization.id,)).fetchall() == []


def id_of(client):
    """Return the id of the first file on the page."""
    return re.findall(r'name="id" value="(\w+)"', client.get(FILES).text)[0]
