"""`audit report`: its lines agree with a naive reading of the log, and what it says of the chain is true."""

import json
import stat
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain.reading.period import Days
from infra.audit.edit_log import changes, pages
from infra.cli.audit.edit_log import check_edit_log
from infra.log.proofs.notes import encode_base64
from infra.log.proofs.tiles import GrowingTree
from infra.log.reading import histories as reading
from infra.log.reading.pages import list_page, stream_log
from infra.postgres.database import connect_as_table_owner
from tests.support.command_line import run
from tests.support.edit_logs import (
    AT,
    GOLDEN,
    cells_of,
    histories,
    read_csv,
    read_naively,
    read_xlsx,
    rewrite_chain,
    stored_log,
    without_zeros,
)
from tests.support.formats import ALL_FORMATS

YEAR = ("--fy", "2025-26")
DAYS = Days(date(2025, 4, 1), date(2026, 3, 31))
WHOLE, ALWAYS = "Is the chain whole?", "Was the log always on?"
INVOICE = [("invoice_1", each) for each in GOLDEN if each["name"].startswith("invoice.")][:9]


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        yield opened


@pytest.fixture
def org_id(conn):
    """An organization whose log has nine events of an invoice."""
    return stored_log(conn, INVOICE)


@pytest.fixture
def report(env, tmp_path):
    """Return a function that runs `audit report` for an organization, and returns what it printed and the file."""

    def make(org_id, *options, name="log.csv", status=0):
        path = tmp_path / name
        words = ("audit", "report", "--org", org_id, "--out", str(path), *(options or YEAR))
        return run(*words, env=env, status=status), path

    return make


@pytest.fixture
def nothing_is_kept(monkeypatch):
    """Read pages of two events and forget every object after its page, so that each is folded again and again."""
    monkeypatch.setattr(pages, "PAGE_EVENTS", 2)
    monkeypatch.setattr(changes, "KEPT_BYTES", 0)
    monkeypatch.setattr(reading, "VERSION_ROWS", 3)


@pytest.mark.thorough
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(history=histories(), chain_format=st.sampled_from(ALL_FORMATS))
@example(history=INVOICE, chain_format=1)
@example(history=INVOICE, chain_format=2)
def test_the_lines_are_those_of_a_naive_reading(conn, report, nothing_is_kept, history, chain_format):
    org_id = stored_log(conn, history, chain_format=chain_format)
    _, path = report(org_id, name=f"{org_id}.csv")
    facts, _, lines = read_csv(path)
    assert sorted(cells_of(lines)) == sorted(read_naively(stream_log(conn, org_id)))
    assert [int(line[12]) for line in lines] == sorted(int(line[12]) for line in lines)
    assert facts[WHOLE].startswith(f"Yes, from position 1 to position {len(history)}:")


def test_the_sheet_says_what_the_text_says(conn, report):
    begins = {each["name"].partition(".")[0]: each for each in reversed(GOLDEN)}
    org_id = stored_log(conn, [*INVOICE, *((f"{kind}_2", event) for kind, event in begins.items())])
    _, csv_path = report(org_id)
    _, xlsx_path = report(org_id, name="log.xlsx")
    facts, headings, lines = read_csv(csv_path)
    shown, sheet = read_xlsx(xlsx_path)
    assert {name: text for name, text in shown.items() if name != "Made"} == {
        name: text for name, text in facts.items() if name != "Made"
    }
    assert without_zeros(sheet) == without_zeros([headings, *lines])


def test_the_checkpoint_of_the_end_stands_at_the_top(conn, report, org_id):
    tree = GrowingTree()
    for record in stream_log(conn, org_id):
        tree.add(record.chain_hash)
    _, path = report(org_id)
    assert read_csv(path)[0]["Checkpoint"] == f"size 9, root hash {encode_base64(tree.root())}"
    conn.execute("UPDATE events SET metadata = '{}' WHERE org_id = %s AND position = 7", (org_id,))
    _, path = report(org_id, name="broken.csv", status=1)
    assert "Checkpoint" not in read_csv(path)[0]


def test_a_full_sheet_is_followed_by_another(report, org_id, monkeypatch):
    monkeypatch.setattr("api.console.activity.edit_log.xlsx_file.SHEET_LINES", 10)
    _, path = report(org_id, name="log.xlsx")
    _, sheet = read_xlsx(path)
    assert sheet[0] == sheet[11]
    _, csv_path = report(org_id)
    assert without_zeros(row for row in sheet if row != sheet[0]) == without_zeros(read_csv(csv_path)[2])


def test_amounts_days_and_times_are_typed(report, org_id):
    _, path = report(org_id, name="log.xlsx")
    _, sheet = read_xlsx(path, typed=True)
    values = {row[7]: row[9] for row in sheet[1:] if row[12] == 1}
    assert values["total amount"] == 82601.39 and values["line 2, unit price"] == 10.1005
    assert values["due date"] == datetime(2026, 1, 31)  # noqa: DTZ001 -- a cell has no zone
    assert values["created at"] == datetime(2026, 1, 10, 15, 0, 15)  # noqa: DTZ001
    assert (values["invoice number"], values["is overdue"]) == ("INV-2025-26-0001", "no")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_no_text_is_a_formula(conn, report, text):
    org_id = stored_log(conn, [*INVOICE[:1], ("invoice_1", _updated(notes=text))])
    _, path = report(org_id)
    assert read_csv(path)[2][-1][9] == f"'{text}"
    _, path = report(org_id, name="log.xlsx")
    _, sheet = read_xlsx(path, typed=True)
    assert sheet[-1][9] == text.replace("\r", "_x000D_")  # the escape of the format, which this reader leaves


def test_the_hash_of_a_secret_is_not_shown(conn, report):
    key = [("api_key_1", each) for each in GOLDEN if each["name"] in ("api_key.issued", "api_key.rotated")][:2]
    _, path = report(stored_log(conn, key))
    written = path.read_text("utf-8")
    assert "abababab" not in written and "cdcdcdcd" not in written
    assert [line[8:10] for line in read_csv(path)[2] if line[7] == "key hash"] == [
        ["", "not shown"],
        ["not shown", "not shown"],
    ]


def test_only_the_events_of_the_period_have_lines(conn, report):
    at = datetime(2025, 3, 31, 18, 29, 59, 998000, UTC)  # the second event is the first one of 1 April in India
    org_id = stored_log(conn, INVOICE[:4], at)
    _, path = report(org_id)
    facts, _, lines = read_csv(path)
    assert {int(line[12]) for line in lines} == {2, 3, 4}
    assert facts[WHOLE].startswith("Yes, from position 1 to position 4:") and "positions 2 to 4" in facts[ALWAYS]
    _, path = report(org_id, "--from", "2025-03-31", "--to", "2025-03-31", name="day.csv")
    assert {int(line[12]) for line in read_csv(path)[2]} == {1}


def _updated(**fields):
    return {"name": "invoice.updated", "schemaVersion": 1, "state": json.dumps(fields)}


TAMPERINGS = {
    "a changed event": (
        "UPDATE events SET state = replace(state, '1.00', '9.00') WHERE org_id = %s AND position = 6",
        6,
    ),
    "another actor": ("UPDATE events SET metadata = '{}' WHERE org_id = %s AND position = 3", 3),
    "a removed event": ("DELETE FROM events WHERE org_id = %s AND position = 4", 4),
    "removed last events": ("DELETE FROM events WHERE org_id = %s AND position > 7", 8),
    "a head that was moved back": (
        "UPDATE org_log l SET position = 7, chain_hash = e.chain_hash FROM events e "
        "WHERE l.org_id = %s AND e.org_id = l.org_id AND e.position = 7",
        8,
    ),
    "an event before the first one": ("UPDATE events SET position = 0 WHERE org_id = %s AND position = 1", 0),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
@pytest.mark.parametrize("name", ["log.csv", "log.xlsx"])
def test_a_tampered_log_is_named_and_has_no_lines_from_there_on(conn, report, org_id, tampering, name):
    statement, position = TAMPERINGS[tampering]
    conn.execute(statement, (org_id,))
    done, path = report(org_id, name=name, status=1)
    assert f"BROKEN at position {position}:" in done.out
    facts, lines = (read_csv(path)[0], read_csv(path)[2]) if name.endswith("csv") else read_xlsx(path)
    assert facts[WHOLE].startswith(f"NO. It is broken at position {position}:") and facts[ALWAYS].startswith(
        "Not proved"
    )
    assert {line[12] for line in lines} - {"Position"} == {str(number) for number in range(1, min(position, 8))}


def test_a_log_whose_time_goes_back_is_broken_also_with_new_hashes(conn, report, org_id):
    earlier = AT - timedelta(minutes=1)
    conn.execute("UPDATE events SET recorded_at = %s WHERE org_id = %s AND position = 5", (earlier, org_id))
    rewrite_chain(conn, org_id)
    done, _ = report(org_id, status=1)
    assert "BROKEN at position 5: its time is before that of the event before it" in done.out


def test_a_log_that_is_changed_while_it_is_written_gives_no_file(conn, org_id):
    log = check_edit_log(conn, org_id, DAYS)
    conn.execute("UPDATE events SET metadata = '{}' WHERE org_id = %s AND position = 7", (org_id,))
    with pytest.raises(Exception, match="changed meanwhile, at position 7"):
        log.write(conn, Counting())


class Counting:
    """A file that only counts lines."""

    def __init__(self):
        self.positions = []

    def begin(self, facts):
        pass

    def add(self, lines):
        self.positions += [line.position for line in lines]

    def end(self):
        pass


def test_a_page_is_read_when_the_one_before_is_written(conn, monkeypatch):
    monkeypatch.setattr(pages, "PAGE_EVENTS", 4)
    monkeypatch.setattr(changes, "KEPT_BYTES", 5000)
    log = check_edit_log(conn, stored_log(conn, _many(60)), DAYS)
    file, asked = Counting(), list[int]()

    def observed(conn, org_id, after, limit):
        assert limit == 4 and (set(file.positions) == set(range(1, after + 1)) or after < 0)
        asked.append(after)
        return list_page(conn, org_id, after, limit)

    monkeypatch.setattr("infra.audit.edit_log.pages.list_page", observed)
    log.write(conn, file)
    assert len(asked) == 15 and max(file.positions) == 60


def test_the_reader_keeps_no_more_than_its_bytes(conn, monkeypatch):
    monkeypatch.setattr(changes, "KEPT_BYTES", 5000)
    org_id = stored_log(conn, _many(40))
    reader, found = changes.ChangeReader(org_id), 0
    for after in range(0, 40, 4):
        page = list_page(conn, org_id, after, 4)
        reader.prepare(conn, page)
        found += len(list(reader.changes(page)))
        assert reader.kept_bytes <= 5000
    assert found == 40


def _many(number):
    """Events of as many invoices, each with one change much later."""
    half = number // 2
    begins = [(f"invoice_{each}", INVOICE[0][1]) for each in range(half)]
    return [*begins, *((id, _updated(notes=id)) for id, _ in begins)]


def test_the_file_is_for_its_owner_alone_and_nothing_else_is_left(report, org_id, tmp_path):
    for name in ("log.csv", "log.xlsx"):
        _, path = report(org_id, name=name)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["log.csv", "log.xlsx"]


def test_an_event_that_cannot_be_read_is_named_and_leaves_no_file(conn, report, tmp_path):
    org_id = stored_log(conn, [*INVOICE[:2], ("invoice_1", {**INVOICE[2][1], "schemaVersion": 9})])
    for name in ("log.csv", "log.xlsx"):
        done, _ = report(org_id, name=name, status=1)
        assert "the event 'invoice.updated' at position 3 cannot be read" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--fy", "2025-27"), "must be a financial year, such as 2025-26"),
        (("--fy", "2025"), "must be a financial year, such as 2025-26"),
        (("--fy", "2019-20"), "has no event from 2019-04-01 to 2020-03-31: the organization was created on"),
        (("--from", "2026-01-01"), "Give either --fy, or --from and --to."),
        (("--fy", "2025-26", "--from", "2026-01-01", "--to", "2026-01-02"), "Give either --fy, or --from and --to."),
        (("--from", "2026-01-02", "--to", "2026-01-01"), "must not be before that of --from"),
        (("--fy", "2025-26", "--org", "org_0"), "There is no organization 'org_0'"),
    ],
)
def test_a_wrong_call_says_what_to_do(report, org_id, options, said):
    done, path = report(org_id, *options, status=2)
    assert said in done.err and not path.exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("log.txt", "must end in .csv, .xlsx or .pdf"),
        ("old.csv", "exists already"),
        ("no/log.csv", "There is no folder"),
    ],
)
def test_a_wrong_file_is_refused_before_the_log_is_read(report, org_id, tmp_path, name, said):
    (tmp_path / "old.csv").write_text("old")
    done, _ = report(org_id, name=name, status=2)
    assert said in done.err and (tmp_path / "old.csv").read_text() == "old"


def test_a_report_is_a_security_event(conn, report, org_id):
    report(org_id)
    sql = "SELECT details::text FROM security_events WHERE org_id = %s AND kind = 'log.exported'"
    ((details,),) = conn.execute(sql, (org_id,)).fetchall()
    assert json.loads(details) == {"from": "2025-04-01", "to": "2026-03-31", "format": "csv"}
