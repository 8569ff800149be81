"""The portable copy: it gives an empty installation the same log and the same answers; a damaged one gives nothing."""

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.privacy.retention import Choice
from domain.reading.logo import read_logo
from infra.audit.privacy.holdings import store_choice
from infra.identity.organizations import create_organization, list_organizations
from infra.identity.settings import change_logo, update_organization
from infra.log.proofs.chain import FIRST_FORMAT, PERSONAL_FORMAT
from infra.postgres.database import connect_as_table_owner
from infra.projector.event_sums import EventSums
from projections.balances import BALANCES
from tests.support.client import Api
from tests.support.command_line import environment, run, run_process
from tests.support.formats import begin_in_format
from tests.support.organization import Organization
from tests.support.pictures import png
from tests.support.scenarios import (
    BILLS,
    INVOICES,
    LEAVES,
    NOTES,
    draft_invoice,
    issued_credit_note,
    issued_debit_note,
)
from tests.support.service import Service

KINDS = {"invoices": INVOICES, "bills": BILLS, "leaves": LEAVES, **NOTES}
CORRECTED = {"credit-notes": "invoices", "debit-notes": "invoices", "vendor-credits": "bills"}
"""Of what kind the document is that is made for a note."""
LISTS = [*KINDS, "invoices?sort=totalAmount&status=sent,paid", "bills?limit=2", "leaves?sort=-createdAt", "events"]
HOST = {"Host": "api.example.org"}
"""An answer with a link names the host that was asked."""
LOG = "SELECT org_id, position, chain_hash FROM events ORDER BY 1, 2"
HEADS = "SELECT * FROM org_log ORDER BY org_id"
SETTINGS = """
SELECT org_id, name, series_prefix, time_zone, new_time_zone, new_time_zone_from, document_years, leave_years, supplier
FROM organizations ORDER BY org_id
"""
LOGOS = "SELECT org_id, hash, png FROM organization_logos ORDER BY org_id"
EVERYTHING = (
    "SELECT (SELECT count(*) FROM organizations), (SELECT count(*) FROM events), (SELECT count(*) FROM org_log)"
)


@pytest.fixture(scope="module")
def service(database):
    with Service(database, "--no-worker") as running_service:
        yield running_service


@pytest.fixture(scope="module")
def keys(service, database):
    """Two organizations with one of everything, whose logs have both formats; a key of each."""
    with connect_as_table_owner(database) as conn:
        organizations = [Organization(service.url, conn), Organization(service.url, conn, "Other Traders")]
        begin_in_format(conn, organizations[0].id, FIRST_FORMAT)
        begin_in_format(conn, organizations[1].id, PERSONAL_FORMAT)
        raw = []
        for organization in organizations:
            api = organization.api()
            raw.append(api.key)
            for makers in KINDS.values():
                for make in makers.values():
                    make(api)
            organization.close()
        store_choice(conn, organizations[0].id, Choice(10, 0))
        update_organization(conn, organizations[0].id, name="Sharma", time_zone="America/New_York", series_prefix="ST")
        update_organization(conn, organizations[0].id, gstin="27AAPFU0939F1ZV", upi_id="sharma@okhdfcbank")
        for size in (2, 3):
            change_logo(conn, organizations[0].id, read_logo(png(size, size)))
    return raw


@pytest.fixture(scope="module")
def copy(keys, database, tmp_path_factory):
    path = tmp_path_factory.mktemp("copy") / "logs.jsonl"
    run("audit", "export", "--out", str(path), env=environment(DATABASE_URL=database))
    return path


@pytest.fixture(scope="module")
def taken_in(copy, new_database):
    """An empty database into which the copy was taken and rebuilt."""
    conninfo = new_database()
    env = environment(DATABASE_URL=conninfo)
    run("audit", "import", str(copy), env=env)
    run("projections", "rebuild", env=env)
    return conninfo


@pytest.fixture(scope="module")
def elsewhere(taken_in):
    with Service(taken_in, "--no-worker") as running_service:
        yield running_service


def both(database, taken_in, sql):
    contents = []
    for conninfo in (database, taken_in):
        with connect_as_table_owner(conninfo) as conn:
            contents.append(conn.execute(sql).fetchall())
    return contents


@pytest.mark.parametrize("sql", [LOG, HEADS, SETTINGS, LOGOS], ids=["events", "heads", "settings", "logos"])
def test_the_chain_is_the_same_to_the_last_hash(sql, copy, database, taken_in):
    here, there = both(database, taken_in, sql)
    assert here == there and here


def test_what_was_taken_in_is_whole(taken_in):
    env = environment(DATABASE_URL=taken_in)
    run("audit", "verify", env=env)
    run("projections", "verify", env=env)


def test_what_is_outstanding_is_the_same(copy, database, taken_in):
    with connect_as_table_owner(database) as conn:
        EventSums(BALANCES).add_new(conn)
    here, there = both(database, taken_in, "SELECT * FROM balances ORDER BY org_id, kind, unit, day")
    assert here == there and here


@pytest.mark.parametrize("number", [0, 1])
def test_every_object_and_list_is_answered_the_same_to_the_byte(number, keys, copy, service, elsewhere):
    with Api(service.url, keys[number]) as here, Api(elsewhere.url, keys[number]) as there:
        paths = [*LISTS]
        for kind, makers in KINDS.items():
            object_paths = [f"{kind}/{item['id']}" for item in here.read(kind)]
            for_notes = sum(len(NOTES[notes]) for notes, corrected in CORRECTED.items() if corrected == kind)
            assert len(object_paths) == len(makers) + for_notes
            paths += [*object_paths, *(f"{path}/events" for path in object_paths)]
        for path in paths:
            responses = [api.get(path, headers=HOST) for api in (here, there)]
            assert [response.status_code for response in responses] == [200, 200], path
            assert responses[0].content == responses[1].content, path


def test_automatic_numbers_go_on(keys, copy, service, elsewhere):
    with Api(service.url, keys[0]) as here, Api(elsewhere.url, keys[0]) as there:
        drafts = [draft_invoice(api)["invoiceNumber"] for api in (here, there)]
        credits = [issued_credit_note(api)["number"] for api in (here, there)]
        debits = [issued_debit_note(api)["number"] for api in (here, there)]
    assert drafts[0] == drafts[1]
    assert credits[0] == credits[1] and credits[0].startswith("CN-")
    assert debits[0] == debits[1] and debits[0].startswith("DN-")


def test_the_same_log_is_exported_the_same_from_the_other_side(copy, new_database, tmp_path):
    env = environment(DATABASE_URL=new_database())
    run("audit", "import", str(copy), env=env)
    again = tmp_path / "again.jsonl"
    run("audit", "export", "--out", str(again), env=env)
    assert again.read_bytes() == copy.read_bytes()


def changed(lines, number, **values):
    line = {**json.loads(lines[number - 1]), **values}
    return [*lines[: number - 1], json.dumps(line).encode() + b"\n", *lines[number:]]


def first_of_second(lines):
    """The number of the line with which the second organization begins."""
    return [number for number, line in enumerate(lines, 1) if b'"type":"organization"' in line][1]


def first_with_values(lines):
    """The number of the first line of an event that has personal values beside it."""
    return next(number for number, line in enumerate(lines, 1) if b'"personal":"[' in line)


def without_values(lines):
    number = first_with_values(lines)
    return [*lines[: number - 1], re.sub(rb',"personal":"\[.*"}', b"}", lines[number - 1]), *lines[number:]]


DAMAGED = {
    "altered personal values": (
        lambda lines: changed(lines, first_with_values(lines), personal='["00"]'),
        "the personal values beside the event are not those that its hash covers",
        "",
    ),
    "removed personal values": (without_values, "are gone, and the log has no record of their erasure", ""),
    "personal values in a log of format 1": (
        lambda lines: changed(lines, 4, personal='["00"]'),
        "Line 4: there are personal values beside the event, which the hashes of this log do not cover",
        "",
    ),
    "the other format": (
        lambda lines: changed(lines, first_of_second(lines), format="smartdhandha-log-1"),
        "the chain of ",
        "at position 1",
    ),
    "an altered event": (lambda lines: changed(lines, 4, state="{}"), "Line 4: the chain of ", "at position 3"),
    "a removed event": (lambda lines: [*lines[:3], *lines[4:]], "Line 4: the chain of ", "at position 3"),
    "an altered time": (
        lambda lines: changed(lines, 4, recordedAt="soon"),
        "Line 4: 'soon' must be an RFC 3339 timestamp",
        "",
    ),
    "an altered head": (lambda lines: changed(lines, 1, position=2), "the log of ", " of 2"),
    "a head that is no hash": (lambda lines: changed(lines, 1, chainHash="zz"), "Line 1: ", ""),
    "a head with another hash": (lambda lines: changed(lines, 1, chainHash="00" * 32), "is not the hash", ""),
    "a line that is no JSON": (lambda lines: [*lines[:5], b"{]\n", *lines[6:]], "Line 6: ", ""),
    "another format": (lambda lines: changed(lines, 1, format="other-1"), "Line 1: the format is 'other-1'", ""),
    "cut within a line": (lambda lines: [*lines[:5], lines[5][:40]], "Line 6: ", ""),
    "cut between events": (lambda lines: lines[:6], "ends at position 5 of ", ""),
    "cut between organizations": (lambda lines: lines[: first_of_second(lines) - 1], "its last line is missing", ""),
    "cut before the last line": (lambda lines: lines[:-1], "its last line is missing", ""),
    "an empty file": (lambda lines: [], "its last line is missing", ""),
    "an organization removed": (
        lambda lines: lines[first_of_second(lines) - 1 :],
        "the counts in the last line are wrong, or more lines follow",
        "",
    ),
}


@pytest.fixture(scope="module")
def empty(new_database):
    return new_database()


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_copy_is_refused_with_the_line_and_leaves_nothing(damage, copy, empty, tmp_path):
    change, *expected = DAMAGED[damage]
    path = tmp_path / "damaged.jsonl"
    path.write_bytes(b"".join(change(copy.read_bytes().splitlines(keepends=True))))
    done = run("audit", "import", str(path), env=environment(DATABASE_URL=empty), status=1)
    assert len(done.err.splitlines()) == 1 and done.err.endswith("nothing was imported.\n"), done.err
    assert all(words in done.err for words in expected), done.err
    with connect_as_table_owner(empty) as conn:
        assert conn.execute(EVERYTHING).fetchone() == (0, 0, 0)


def test_an_organization_that_is_already_here_is_refused(copy, database):
    with connect_as_table_owner(database) as conn:
        before = conn.execute(EVERYTHING).fetchone()
        done = run("audit", "import", str(copy), env=environment(DATABASE_URL=database), status=1)
        assert "already exists" in done.err
        assert conn.execute(EVERYTHING).fetchone() == before


def test_copies_made_at_once_do_not_disturb_each_other(copy, database):
    words = ("audit", "export", "--out", "-")
    with ThreadPoolExecutor(2) as executor:
        outs = list(executor.map(lambda _: run_process(*words, env=environment(DATABASE_URL=database)).out, range(2)))
    assert outs[0] == outs[1] and outs[0].splitlines()[-1].startswith('{"type":"end"')


def test_an_organization_without_events_is_exported_and_imported(new_database, tmp_path):
    here, there, path = new_database(), new_database(), tmp_path / "logs.jsonl"
    with connect_as_table_owner(here) as conn:
        organization = create_organization(conn, "Empty Traders")
    run("audit", "export", "--out", str(path), env=environment(DATABASE_URL=here))
    run("audit", "import", str(path), env=environment(DATABASE_URL=there))
    with connect_as_table_owner(there) as conn:
        assert list_organizations(conn)[0].id == organization.id
        assert conn.execute("SELECT position, recorded_at::text FROM org_log").fetchall() == [(0, "-infinity")]


def test_a_pipe_or_a_link_is_written_to_and_stays_what_it_is(keys, database, tmp_path):
    pipe, link, target = tmp_path / "pipe", tmp_path / "link", tmp_path / "target.jsonl"
    os.mkfifo(pipe)
    link.symlink_to(target)
    with ThreadPoolExecutor() as threads:
        read = threads.submit(pipe.read_bytes)
        for path in (pipe, link):
            run("audit", "export", "--out", str(path), env=environment(DATABASE_URL=database))
        assert pipe.is_fifo() and link.is_symlink()
        assert read.result(timeout=60) == target.read_bytes()
