"""A whole list as CSV and as XLSX: what its cells hold, how its parts follow, and who may read each of them."""

import csv
import io
import json
import re
from datetime import date, datetime, timedelta
from itertools import islice
from zipfile import ZipFile

import msgspec
import openpyxl
import pytest

from api.console.objects.downloads.download import stored_filters
from api.console.objects.downloads.parts import Downloader, ListParts
from api.console.objects.downloads.running import DOWNLOADS_AT_ONCE, RunningDownloads
from api.console.objects.downloads.sheets.cells import MAX_TEXT, text_cell
from api.console.objects.downloads.sheets.csv_file import csv_pieces
from api.console.objects.downloads.sheets.xlsx_file import XlsxFile, XlsxState, xlsx_pieces
from api.console.objects.downloads.table import table_of
from api.console.objects.kinds import BILL_PAGES, INVOICE_PAGES, LEAVE_PAGES, OBJECT_PAGES
from api.http.errors import ApiError
from api.pages.responses import XLSX
from api.ports.request.streams import StreamBrokenOff
from domain.calendar import zone
from domain.document import camel
from domain.personal import personal_fields
from infra.identity.sessions import PostgresUsers
from infra.reads.objects.members import PostgresMemberReads
from projections.query.page import Page
from tests.support.console import new_user, open_session
from tests.support.scenarios import draft_bill, draft_invoice, pay_invoice, pending_leave, sent_invoice

FORMULA = '=HYPERLINK("https://evil.example")'


def sheet_of(content):
    """Return the sheet of a file as a spreadsheet program reads it: the cells of each row by their headings."""
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    heading, *rows = sheet.iter_rows()
    return sheet, [dict(zip([cell.value for cell in heading], row, strict=True)) for row in rows]


@pytest.fixture
def downloader(owner, organization):
    """An accountant in a session, who downloads."""
    user = new_user(owner, organization.id, "accountant").user
    return Downloader(open_session(owner, user.id), organization.id), user.id


@pytest.fixture
def pages_of(pool):
    """Return a function that returns the pages of a list, two rows each."""
    reads, users = PostgresMemberReads(pool), PostgresUsers(pool)

    def find(kind, who):
        parts = ListParts(kind, {}, who, rows_per_part=2)
        return parts.beginning_with(reads.list_page(who.org_id, parts.query()), reads, users)

    return find


def test_the_csv_has_all_rows_of_the_filters_with_all_fields(api, console):
    pay_invoice(api, sent_invoice(api, invoiceNumber="A/1", metadata={"order": "7"}), "1.00")
    draft_invoice(api, invoiceNumber="A/2", clientName="=1+1", notes="two\nlines")
    client = console("viewer")
    answer = client.get("/home/invoices/list.csv?limit=1&sort=invoiceNumber")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert re.fullmatch(r'attachment; filename="invoices-[0-9-]{10}.csv"', answer.headers["Content-Disposition"])
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["Invoice number"], row["Status"], row["Balance due"]) for row in rows] == [
        ("A/1", "partially_paid", "82599.00"),
        ("A/2", "draft", "82600.00"),
    ]
    assert (rows[1]["Client name"], rows[1]["Notes"], rows[0]["Metadata"]) == ("'=1+1", "two\nlines", '{"order":"7"}')
    for suffix in ("csv", "xlsx"):
        assert client.get(f"/home/invoices/list.{suffix}?status=closed").status_code == 400


def test_the_xlsx_has_numbers_days_and_times_and_no_text_is_a_formula(api, console):
    sent = sent_invoice(api, invoiceNumber="A/1", metadata={"order": "7"}, clientName=FORMULA, notes="two\nlines")
    draft_invoice(api, invoiceNumber="A/2", currency="JPY")
    answer = console("viewer").get("/home/invoices/list.xlsx?limit=1&sort=invoiceNumber")
    assert answer.headers["Content-Type"] == XLSX
    assert re.fullmatch(r'attachment; filename="invoices-[0-9-]{10}.xlsx"', answer.headers["Content-Disposition"])
    sheet, (first, second) = sheet_of(answer.content)
    assert (sheet.title, sheet.freeze_panes) == ("Invoices", "A2")
    assert (first["Total amount"].value, first["Total amount"].number_format, first["Currency"].value) == (
        82600,
        "#,##0.00",
        "INR",
    )
    assert (second["Total amount"].number_format, second["Currency"].value) == ("#,##0", "JPY")
    assert first["Invoice date"].value.date() == date(2026, 1, 10) and first["Invoice date"].is_date
    at = datetime.fromisoformat(sent["sentAt"]).astimezone(zone("Asia/Kolkata")).replace(tzinfo=None)
    assert abs(first["Sent at (Asia/Kolkata)"].value - at) <= timedelta(seconds=1)
    assert (first["Client name"].value, first["Client name"].data_type) == (FORMULA, "s")
    assert first["Client name"].number_format == "@"
    assert (first["Notes"].value, first["Metadata"].value) == ("two\nlines", '{"order":"7"}')
    assert (first["Is overdue"].value, second["Sent at (Asia/Kolkata)"].value) == (False, None)


def test_the_list_of_leaves_and_an_empty_list_are_files_too(api, console):
    client = console("hr")
    assert sheet_of(client.get("/home/leaves/list.xlsx").content)[1] == []
    pending_leave(api, startDate="2099-03-02", endDate="2099-03-02", dayPart="first_half")
    _, (row,) = sheet_of(client.get("/home/leaves/list.xlsx").content)
    assert (row["Days"].value, row["Start date"].value.date()) == (0.5, date(2099, 3, 2))


def test_a_file_has_its_headings_in_the_language_of_the_user(api, console):
    draft_invoice(api)
    client = console("viewer")
    client.fill("/language", {"language": "hi"}, on="/home")
    for suffix in ("csv", "xlsx"):
        content = client.get(f"/home/invoices/list.{suffix}").content
        text = content.decode() if suffix == "csv" else " ".join(sheet_of(content)[1][0])
        assert "Total amount" not in text and re.search("[\u0900-\u097f]", text)


def test_an_amount_that_no_spreadsheet_program_holds_exactly_is_a_text(api, console):
    item = {"description": "Steel", "quantity": 900, "unitPrice": "999999999999.99", "taxRate": 0}
    made = draft_invoice(api, items=[item])
    _, (row,) = sheet_of(console("viewer").get("/home/invoices/list.xlsx").content)
    assert made["totalAmount"] == "899999999999991.00"
    assert (row["Total amount"].value, row["Total amount"].data_type) == (899999999999991, "n")
    item["quantity"] = 901
    made = draft_invoice(api, items=[item])
    _, (row, _) = sheet_of(console("viewer").get("/home/invoices/list.xlsx").content)
    assert (row["Total amount"].value, row["Total amount"].data_type) == (made["totalAmount"], "s")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a & <b>", "a &amp; &lt;b&gt;"),
        ("_x0041_", "_x005F_x0041_"),
        ("bell\x07", "bell_x0007_"),
        ("line\r\n", "line_x000D_\n"),
        ("x" * (MAX_TEXT + 1), "x" * (MAX_TEXT - 1) + "…"),
        ("😀" * MAX_TEXT, "😀" * ((MAX_TEXT - 1) // 2) + "…"),
    ],
    ids=["markup", "an escape", "a control character", "ends of lines", "a long text", "a long text of pairs"],
)
def test_every_text_can_stand_in_a_cell(text, written):
    assert text_cell("A1", text) == f'<c r="A1" s="2" t="inlineStr"><is><t xml:space="preserve">{written}</t></is></c>'


@pytest.mark.parametrize("write", [csv_pieces, xlsx_pieces])
def test_a_file_reads_on_when_the_client_has_a_part_and_holds_nothing_meanwhile(api, pool, downloader, pages_of, write):
    for number in range(5):
        draft_bill(api, billNumber=f"B/{number}")
    made = []
    for piece in write(table_of(BILL_PAGES, "Asia/Kolkata"), pages_of(BILL_PAGES, downloader[0])):
        assert piece and pool.get_stats()["pool_available"] == pool.get_stats()["pool_size"]
        made.append(piece)
    content = b"".join(made)
    if write is csv_pieces:
        assert re.findall(r'"B/(\d)"', content.decode()) == ["4", "3", "2", "1", "0"]
    else:
        assert [row["Bill number"].value for row in sheet_of(content)[1]] == ["B/4", "B/3", "B/2", "B/1", "B/0"]


def test_a_file_that_another_process_goes_on_with_after_each_page_is_the_same(api, downloader, pages_of):
    for number in range(5):
        draft_bill(api, billNumber=f"B/{number}")
    table, state, content = table_of(BILL_PAGES, "Asia/Kolkata"), None, b""
    for page in pages_of(BILL_PAGES, downloader[0]):
        file = XlsxFile(table, state)
        content += b"".join(file.add(page))
        state = msgspec.json.decode(msgspec.json.encode(file.state), type=XlsxState)
    content += XlsxFile(table, state).finish()
    assert content == b"".join(xlsx_pieces(table, pages_of(BILL_PAGES, downloader[0])))


def test_rows_that_do_not_fit_in_a_sheet_are_in_the_next_one(api, downloader, pages_of):
    for number in range(5):
        draft_bill(api, billNumber=f"B/{number}")
    file = XlsxFile(table_of(BILL_PAGES, "Asia/Kolkata"), rows_per_sheet=2)
    pieces = [piece for page in pages_of(BILL_PAGES, downloader[0]) for piece in file.add(page)]
    content = b"".join(pieces) + file.finish()
    assert ZipFile(io.BytesIO(content)).testzip() is None and len(content) == file.size
    sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert [sheet.title for sheet in sheets] == ["Bills", "Bills 2", "Bills 3"]
    numbers = [[row[1].value for row in sheet.iter_rows()] for sheet in sheets]
    assert numbers == [["Bill number", *each] for each in (["B/4", "B/3"], ["B/2", "B/1"], ["B/0"])]


END_SESSION = "DELETE FROM user_sessions WHERE user_id = %s"
CHANGE_ROLE = "UPDATE memberships SET role = 'hr' WHERE user_id = %s"
REMOVE = "UPDATE memberships SET status = 'removed' WHERE user_id = %s"


@pytest.mark.parametrize("sql", [END_SESSION, CHANGE_ROLE, REMOVE], ids=["session", "role", "removed"])
def test_a_download_is_broken_off_when_the_user_may_no_longer_read(api, owner, downloader, pages_of, sql):
    """Seen red without the check of the parts."""
    for _ in range(5):
        draft_invoice(api)
    who, user_id = downloader
    pieces = csv_pieces(table_of(INVOICE_PAGES, "Asia/Kolkata"), pages_of(INVOICE_PAGES, who))
    assert len([*islice(pieces, 3)]) == 3  # the headings and two parts
    owner.execute(sql, (user_id,))
    with pytest.raises(StreamBrokenOff, match="broken off"):
        next(pieces)


def test_a_download_goes_on_when_its_session_shows_test_mode(api, pool, owner, sibling, downloader, pages_of):
    for _ in range(3):
        draft_invoice(api)
    who, user_id = downloader
    pages = pages_of(INVOICE_PAGES, who)
    next(pages)
    owner.execute("UPDATE user_sessions SET in_test_mode = true WHERE user_id = %s", (user_id,))
    shown = PostgresUsers(pool).get_member(who.token)
    assert shown is not None and shown.org_id == sibling.id
    assert len(next(pages).objects) == 1


def test_a_file_that_was_given_up_leaves_nothing_behind():
    pieces = xlsx_pieces(table_of(LEAVE_PAGES, "Asia/Kolkata"), iter([Page([], None)] * 3))
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]  # it is a generator


def test_an_organization_has_few_downloads_at_once_and_the_end_of_one_makes_room():
    downloads = RunningDownloads()
    running = [iter_of_parts() for _ in range(DOWNLOADS_AT_ONCE)]
    for number in range(len(running)):
        downloads.add(running[number], "org_1")
    more, other = iter_of_parts(), iter_of_parts()
    with pytest.raises(ApiError, match="Other downloads of this list are running"):
        downloads.add(more, "org_1")
    downloads.add(other, "org_2")
    del running[0]
    downloads.add(more, "org_1")


def iter_of_parts():
    """A download that sends nothing."""
    yield from ()


def test_a_list_with_more_rows_than_asked_for_is_longer(api, pool, organization):
    draft_invoice(api), draft_invoice(api)
    reads, listing = PostgresMemberReads(pool), INVOICE_PAGES.type.listing
    asked = [listing.query(organization.id, {}, rows=rows) for rows in (1, 2)]
    asked.append(listing.query(organization.id, {"search": "nobody"}, rows=1))
    assert [reads.is_longer(organization.id, query) for query in asked] == [True, False, False]


def test_a_download_is_a_security_event_with_its_filters_and_no_text_that_somebody_typed(
    api, console, owner, organization
):
    draft_invoice(api)
    client = console("viewer")
    client.get("/home/invoices/list.xlsx?status=draft,sent&search=sd_live_secret&metadata[order]=7&sort=-dueDate")
    client.get("/home/invoices/list.csv?status=closed")  # refused, so nothing has left the service
    sql = "SELECT actor_id, address, details FROM security_events WHERE org_id = %s AND kind = 'list.downloaded'"
    ((actor, address, details),) = owner.execute(sql, (organization.id,)).fetchall()
    assert actor == client.user_id and address == client.headers["X-Forwarded-For"]
    details = msgspec.json.decode(details) if isinstance(details, bytes | str) else details
    assert details == {
        "list": "invoice",
        "format": "xlsx",
        "filters": {"status": "draft,sent", "search": "…", "metadata[order]": "…", "sort": "-dueDate"},
    }
    assert "sd_live_secret" not in json.dumps(details)
    assert "downloaded a list: Invoices" in console().get("/settings/security").text


@pytest.mark.parametrize("kind", OBJECT_PAGES, ids=lambda kind: kind.kind)
def test_the_trace_has_no_value_of_a_personal_field(kind):
    events = kind.type.aggregate.event_classes().values()
    personal = {camel(name) for event in events for name, _ in personal_fields(event)}
    filters = {name: "secret" for name in kind.type.listing.filters if name in personal | {"search"}}
    assert set(stored_filters(filters).values()) == {"…"}
