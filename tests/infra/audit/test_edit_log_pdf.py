"""An edit log as PDF says line by line what the CSV says, and ends at 5 000 lines with an error that names CSV."""

import io
import json
import re
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, example, given, settings

from api.console.activity.edit_log.lines import Line, headings
from api.console.activity.edit_log.pdf_file import MAX_LINES, PdfFile, TooManyLines, breakable
from api.ports.reads import PrintingTimedOut
from infra.cli.audit import report as command
from infra.postgres.database import connect_as_table_owner
from infra.reads.objects.pdf.coverage import characters, printable
from infra.reads.objects.pdf.printer import Printer
from tests.support.command_line import run
from tests.support.edit_logs import AT, GOLDEN, ZONE, histories, read_csv, stored_log
from tests.support.pdf import read_pdf

YEAR = ("--fy", "2025-26")
IN_PDF = (0, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
"""The columns of the CSV in the order in which a line of the PDF has them."""
NAMES = ("कृष्ण ट्रेडर्स", "தமிழ்நாடு மின் வாரியம்")
DRAFT = next(each for each in GOLDEN if each["name"] == "invoice.drafted")
MANY = [(f"inv_{number}", DRAFT) for number in range(30)]


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        yield opened


@pytest.fixture
def report(env, tmp_path):
    """Return a function that makes the edit log in a format."""

    def make(org_id, suffix, *options, status=0):
        path = tmp_path / f"{org_id}.{suffix}"
        words = ("audit", "report", "--org", org_id, "--out", str(path), *(options or YEAR))
        return run(*words, env=env, status=status), path

    return make


def plain(texts):
    """Return texts without blanks, line ends and what is not printed."""
    return re.sub(r"[\s\u200b\x00-\x1f]", "", "".join(texts))


def said_by_csv(path):
    """Return the facts, and the lines in the order of the PDF, as one text each."""
    facts, _, lines = read_csv(path)
    lines = [[re.sub(r"^'(?=[=+\-@])", "", line[column]) for column in IN_PDF] for line in lines]
    for line in lines:
        line[0] = line[0].replace("T", " ")
    said = "".join(cell for line in lines for cell in line).replace("→", "->")
    return facts, plain(printable(said, characters()))


def said_by_pdf(pages):
    """Return the text of the first page and that of the lines, without the head and the foot of each page."""
    heads = plain(headings(ZONE)[column] for column in IN_PDF)
    first, *others = [re.sub(r"Editlog·.*?Page\d+of\d+", "", plain(page)) for page in pages]
    assert all(heads in page for page in others)
    return first, "".join(page.replace(heads, "") for page in others)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories())
@example(history=MANY)
def test_its_lines_are_those_of_the_csv(conn, report, history):
    org_id = stored_log(conn, history)
    facts, lines = said_by_csv(report(org_id, "csv")[1])
    printed, path = report(org_id, "pdf")

    pdf = read_pdf(path.read_bytes())
    first, found = said_by_pdf(pdf.pages)
    assert found == lines
    assert all(plain(text) in first for name, text in facts.items() if name != "Made")
    assert pdf.pages[-1].endswith(f"Page {len(pdf.pages)} of {len(pdf.pages)}")
    assert pdf.title == "Edit log Sharma Textiles" and "pdfaid:part" in pdf.metadata
    assert re.search(rf"{org_id}.pdf: \d+ lines? about {len(history)} events?", printed.out)
    for suffix in ("csv", "pdf"):
        path.with_suffix(f".{suffix}").unlink()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_names_in_scripts_of_india_are_shaped_and_read_back(conn, report):
    state = DRAFT["state"]
    name = json.dumps(json.loads(state)["clientName"], ensure_ascii=False)
    events = [{**DRAFT, "state": state.replace(name, f'"{each}"')} for each in NAMES]
    org_id = stored_log(conn, [(f"inv_{number}", event) for number, event in enumerate(events)])
    _, lines = said_by_csv(report(org_id, "csv")[1])
    assert all(plain(each) in lines for each in NAMES)
    made = subprocess.run(["pdftotext", "-raw", report(org_id, "pdf")[1], "-"], capture_output=True, check=True)
    assert said_by_pdf(made.stdout.decode().split("\f")[:-1])[1] == lines


def test_one_line_more_than_a_pdf_may_have_is_an_error_that_names_csv(conn, report):
    lines_of_one = len(read_csv(report(stored_log(conn, MANY[:1]), "csv")[1])[2])
    org_id = stored_log(conn, [(f"inv_{number}", DRAFT) for number in range(MAX_LINES // lines_of_one + 1)])
    refused, path = report(org_id, "pdf", status=1)
    assert f"A PDF has at most {MAX_LINES} lines" in refused.err and ".csv" in refused.err and "--from" in refused.err
    assert not path.exists() and [each for each in path.parent.iterdir() if each.suffix != ".csv"] == []


def test_exactly_as_many_lines_as_a_pdf_may_have_are_taken():
    made = PdfFile(io.BytesIO(), ZONE, bytes)
    line = Line(AT, "Asha", "user_1", "invoice", "", "inv_1", "sent", "", None, None, "", "req_1", 1)
    made.add([line] * MAX_LINES)
    with pytest.raises(TooManyLines):
        made.add([line])


def test_a_pdf_that_cannot_be_made_is_an_error_that_names_csv(conn, report, monkeypatch):
    monkeypatch.setattr(command, "Printer", type("Slow", (Printer,), {"make": lambda self, *_: late()}))

    def late():
        raise PrintingTimedOut("the document takes too long")

    org_id = stored_log(conn, MANY[:1])
    refused, path = report(org_id, "pdf", status=1)
    assert "takes too long" in refused.err and ".csv" in refused.err and not path.exists()


@pytest.mark.parametrize("text", ["a" * 100, "कृष्ण" * 30, "த" * 50 + "மிழ்" * 20, "word " * 40, "क्‍ष" * 40])
def test_a_long_word_is_broken_but_never_inside_of_what_is_written_as_one(text):
    parts = breakable(text, 10).split("\u200b")
    assert "".join(parts) == text and max(len(word) for part in parts for word in part.split()) < 20
    assert not any(part[0] in "्‍ि்" or part[0] == "ृ" for part in parts)
    assert not any(part[-1] in "्‍்" for part in parts[:-1])
