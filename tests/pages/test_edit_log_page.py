"""Activity → the edit log: who takes it, with which password, and that its lines are those of the command line."""

import csv
import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest

from api.console.activity.edit_log.csv_file import CsvFile
from api.console.activity.edit_log.facts import Source
from api.console.activity.edit_log.lines import Names
from api.console.activity.edit_log.parts import EditLogParts
from api.console.activity.edit_log.pdf_file import MAX_LINES
from api.console.activity.edit_log.streamed_xlsx import StreamedXlsx
from api.console.objects.downloads.parts import Downloader
from api.pages.responses import XLSX
from api.ports.request.streams import StreamBrokenOff
from domain.calendar import financial_year, financial_year_label
from domain.reading.period import parse_financial_year
from infra.audit.edit_log import pages
from infra.reads.edit_log import PostgresEditLogs
from infra.reads.objects.pdf.printer import Printer
from tests.support.command_line import environment, run
from tests.support.console import PASSWORD
from tests.support.edit_logs import read_xlsx
from tests.support.factors import add_app
from tests.support.pdf import read_pdf
from tests.support.scenarios import INVOICES, LEAVES, LINE, draft_invoice

PATH = "/activity/edit-log"
YEAR = financial_year_label(financial_year(date.today()))  # noqa: DTZ011 -- the tests run in one year
LINES_OF_AN_INVOICE_LINE = 5
"""At least so many fields of a line of an invoice are lines of an edit log."""


@pytest.fixture
def signed_in_person(person):
    """An owner who has set a password and is signed in."""
    person.log_in(person.email, PASSWORD)
    return person


def lines_of(content):
    """Return the lines below the headings, and the facts at the end."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    begin = rows.index([])
    end = rows.index([], begin + 1)
    return rows[begin + 1 : end], rows[end + 1 :]


def exports(owner, org_id):
    sql = "SELECT details::text FROM security_events WHERE org_id = %s AND kind = 'log.exported'"
    return [details for (details,) in owner.execute(sql, (org_id,)).fetchall()]


def test_an_owner_gets_the_lines_of_the_command_line(
    signed_in_person, organization, owner, api, tmp_path, shared_database
):
    draft_invoice(api, notes="=1+1")
    response = signed_in_person.fill(PATH, {"year": YEAR, "password": PASSWORD})
    assert response.status_code == 200 and response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="edit-log-{YEAR}.csv"' in response.headers["Content-Disposition"]
    path = tmp_path / "log.csv"
    words = ("audit", "report", "--org", organization.id, "--fy", YEAR, "--out", str(path))
    run(*words, env=environment(DATABASE_URL=shared_database))
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    lines, facts = lines_of(response.content)
    assert lines == rows[rows.index([]) + 1 :] and "'=1+1" in response.text
    assert facts[0][1].startswith("Yes, from position 1 to position")
    on_top = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row for row in on_top if row[:1] == ["Checkpoint"]] == [row for row in rows if row[:1] == ["Checkpoint"]]
    checkpoint = api.read("checkpoint")
    assert f"size {checkpoint['size']}, root hash {checkpoint['checkpoint'].splitlines()[2]}" in response.text
    assert f'"to": "{parse_financial_year(YEAR).last}"' in exports(owner, organization.id)[0].replace('":"', '": "')


def test_as_xlsx_it_says_what_the_sheet_of_the_command_line_says(
    signed_in_person, organization, api, tmp_path, shared_database
):
    for make in (*INVOICES.values(), *LEAVES.values()):
        make(api)
    draft_invoice(api, notes="=1+1 & <b> _x0041_")
    response = signed_in_person.fill(PATH, {"year": YEAR, "password": PASSWORD, "format": "xlsx"})
    assert (response.status_code, response.headers["Content-Type"]) == (200, XLSX)
    assert f'filename="edit-log-{YEAR}.xlsx"' in response.headers["Content-Disposition"]
    (tmp_path / "console.xlsx").write_bytes(response.content)
    words = ("audit", "report", "--org", organization.id, "--fy", YEAR, "--out", str(tmp_path / "cli.xlsx"))
    run(*words, env=environment(DATABASE_URL=shared_database))
    (facts, sheet), (expected_facts, expected) = (
        read_xlsx(tmp_path / name, typed=True) for name in ("console.xlsx", "cli.xlsx")
    )
    assert sheet == expected and len(sheet) > 100
    assert {**facts, "Made": ""} == {**expected_facts, "Made": ""} and "size" in facts["Checkpoint"]
    assert styles(tmp_path / "console.xlsx") == styles(tmp_path / "cli.xlsx")


def test_as_pdf_it_says_what_that_of_the_command_line_says(
    signed_in_person, organization, owner, api, tmp_path, shared_database
):
    draft_invoice(api, clientName="कृष्ण ट्रेडर्स")
    response = signed_in_person.fill(PATH, {"year": YEAR, "password": PASSWORD, "format": "pdf"})
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    assert f'filename="edit-log-{YEAR}.pdf"' in response.headers["Content-Disposition"]
    words = ("audit", "report", "--org", organization.id, "--fy", YEAR, "--out", str(tmp_path / "cli.pdf"))
    run(*words, env=environment(DATABASE_URL=shared_database))
    sent, made = read_pdf(response.content), read_pdf((tmp_path / "cli.pdf").read_bytes())
    assert sent.pages[1:] == made.pages[1:] and len(sent.pages) > 1
    assert re.sub("Made .* by", "", sent.pages[0]) == re.sub("Made .* by", "", made.pages[0])
    assert "Checkpoint size" in sent.pages[0] and "Yes, from position 1" in sent.pages[0]
    assert '"pdf"' in exports(owner, organization.id)[0]


def test_a_log_that_is_too_long_for_a_pdf_is_offered_as_csv(
    signed_in_person, organization, owner, api, tmp_path, shared_database
):
    lines = 0
    while lines <= MAX_LINES:
        lines += 200 * LINES_OF_AN_INVOICE_LINE
        draft_invoice(api, items=[LINE] * 200)
    refused = signed_in_person.fill(PATH, {"year": YEAR, "password": PASSWORD, "format": "pdf"})
    assert refused.status_code == 422
    assert "A PDF has at most 5,000 lines" in refused.text and "Download it as CSV or XLSX" in refused.text
    words = ("audit", "report", "--org", organization.id, "--fy", YEAR, "--out", str(tmp_path / "log.pdf"))
    assert "at most 5000 lines" in run(*words, env=environment(DATABASE_URL=shared_database), status=1).err
    assert exports(owner, organization.id) == []  # nothing has left the service
    assert signed_in_person.fill(PATH, {"year": YEAR, "password": PASSWORD}).status_code == 200


def styles(path):
    """Return the formats of the numbers in the first sheet with lines, by their places."""
    sheet = openpyxl.load_workbook(path).worksheets[1]
    cells = (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float))
    return {cell.coordinate: cell.number_format for cell in cells}


def test_a_wrong_password_sends_nothing(signed_in_person, organization, owner):
    response = signed_in_person.fill(PATH, {"year": YEAR, "password": "not this one"})
    assert response.status_code == 422 and "The password is wrong" in response.text
    assert exports(owner, organization.id) == []


@pytest.mark.parametrize(("year", "said"), [("2019-20", "Nothing was recorded"), ("2019", "Choose a financial year")])
def test_a_year_without_events_and_a_wrong_one_are_refused(signed_in_person, organization, owner, year, said):
    response = signed_in_person.fill(PATH, {"year": year, "password": PASSWORD})
    assert response.status_code == 422 and said in response.text
    assert exports(owner, organization.id) == []


@pytest.mark.parametrize("role", ["viewer", "accountant", "hr"])
def test_others_do_not_get_it(console, organization, owner, role):
    member = console(role)
    assert member.get(PATH).status_code == 403 and PATH not in member.get("/activity").text
    response = member.post(PATH, data={"csrf": member.token_on("/logout"), "year": YEAR, "password": "x"})
    assert (response.status_code, exports(owner, organization.id)) == (403, [])


def test_a_full_sheet_is_followed_by_another(begun, tmp_path):
    pieces, _ = begun(lambda out, zone: StreamedXlsx(out, zone, sheet_lines=10))
    path = tmp_path / "log.xlsx"
    path.write_bytes(b"".join(pieces))
    facts, sheet = read_xlsx(path)
    assert sheet[0] == sheet[11] == sheet[22] and openpyxl.load_workbook(path).sheetnames[:2] == ["About", "Edit log 1"]
    assert facts["Is the chain whole?"].startswith("Yes, from position 1")


def test_a_broken_chain_is_on_the_first_sheet(begun, owner, organization, tmp_path):
    owner.execute("UPDATE events SET state = '{}' WHERE org_id = %s AND position = 3", (organization.id,))
    pieces, _ = begun(StreamedXlsx)
    path = tmp_path / "log.xlsx"
    path.write_bytes(b"".join(pieces))
    facts, sheet = read_xlsx(path)
    assert facts["Is the chain whole?"].startswith("NO. It is broken at position 3")
    assert {int(row[12]) for row in sheet[1:]} == {1, 2}


def test_a_user_with_a_factor_needs_no_password(signed_in_person, api):
    draft_invoice(api)
    add_app(signed_in_person)
    page = signed_in_person.get(PATH)
    assert page.status_code == 200 and 'name="password"' not in page.text
    assert signed_in_person.fill(PATH, {"year": "2019"}).status_code == 422
    assert signed_in_person.fill(PATH, {"year": YEAR}).headers["Content-Type"].startswith("text/csv")


def test_it_is_in_the_language_of_the_user(signed_in_person, api):
    draft_invoice(api)
    signed_in_person.fill("/language", {"language": "hi"}, on="/home")
    response = signed_in_person.fill(PATH, {"year": YEAR, "password": PASSWORD})
    assert "पुराना मान" in response.text and "हाँ, क्रमांक" in response.text


class Session:
    """The users of the console, with one session that has a role; None after it has ended."""

    role: str | None = "owner"

    def get_role(self, token, org_id):
        return self.role


@pytest.fixture
def begun(pool, organization, api, monkeypatch):
    """Return a function that begins an edit log with pages of two events, and returns its pieces and its session."""
    monkeypatch.setattr(pages, "PAGE_EVENTS", 2)
    for _ in range(3):
        draft_invoice(api)

    def begin(file=CsvFile):
        edit_log = PostgresEditLogs(pool, Printer()).begin(organization.id, parse_financial_year(YEAR))
        assert edit_log is not None
        source = Source(
            *edit_log.organization[:3],
            True,
            *parse_financial_year(YEAR),
            "Asia/Kolkata",
            edit_log.organization.created_at,
            "1",
            edit_log.organization.head,
        )
        session: Any = Session()
        names = Names({}, edit_log.keys)
        return iter(EditLogParts(edit_log, source, names, Downloader("t", organization.id), session, file)), session

    return begin


def test_between_two_pieces_no_connection_is_held(begun, pool):
    pieces, _ = begun()
    for _ in pieces:
        assert pool.get_stats()["pool_available"] == pool.get_stats()["pool_size"]


@pytest.mark.parametrize(("role", "said"), [(None, "its session has ended"), ("viewer", "the role is now viewer")])
def test_a_user_who_may_no_longer_export_gets_no_further_piece(begun, role, said):
    pieces, session = begun()
    assert len([next(pieces), next(pieces)]) == 2
    session.role = role
    with pytest.raises(StreamBrokenOff, match=said):
        next(pieces)


def test_a_tampered_event_is_named_at_the_end_and_has_no_lines(begun, owner, organization):
    pieces, _ = begun()
    owner.execute("UPDATE events SET metadata = '{}' WHERE org_id = %s AND position = 3", (organization.id,))
    lines, facts = lines_of(b"".join(pieces))
    assert facts[0][1].startswith("NO. It is broken at position 3:")
    assert {line[-1] for line in lines[1:]} == {"1", "2"}
