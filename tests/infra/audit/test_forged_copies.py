"""A copy of logs that somebody has made by hand: its chain is right, and what it says cannot be."""

import json
from datetime import timedelta

import msgspec
import pytest
from msgspec import UNSET

from commands.invoice import DraftInvoice
from domain.reading import parse_instant
from domain.reading.logo import read_logo
from infra.audit.copies.checks import MAX_LINE
from infra.audit.copies.lines import EndLine, EventLine, LogoLine, encode, line_decoder
from infra.audit.copies.logos import hash_of
from infra.audit.copies.reader import chain_format
from infra.identity.keys import rotate_key
from infra.identity.settings import change_logo
from infra.log.proofs.chain import Chain, genesis, link
from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.command_line import environment, run
from tests.support.organization import Organization
from tests.support.pictures import png
from tests.support.scenarios import invoice_body

ROTATED, DRAFTED = "api_key.rotated", "invoice.drafted"
EVERYTHING = "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM org_log)"


@pytest.fixture(scope="module")
def source(new_database, tmp_path_factory):
    """The lines of a copy of one organization, with two keys and three invoices, and its database.

    The line with its logo is left out: a copy may lack it.
    """
    conninfo = new_database()
    with connect_as_table_owner(conninfo) as conn:
        books = Books(conn)
        organization = Organization("", conn, id=books.id)
        key = organization.new_key().row["id"]
        organization.new_key()
        rotate_key(conn, key, timedelta(days=1))
        change_logo(conn, books.id, read_logo(png()))
        for _ in range(3):
            books.do(DraftInvoice, invoice_body())
    path = tmp_path_factory.mktemp("source") / "logs.jsonl"
    run("audit", "export", "--org", books.id, "--out", str(path), env=environment(DATABASE_URL=conninfo))
    lines = [line_decoder.decode(line) for line in path.read_bytes().splitlines()]
    return [line for line in lines if not isinstance(line, LogoLine)], conninfo


@pytest.fixture(scope="module")
def elsewhere(new_database):
    """A database with another organization, and the hash of its key."""
    conninfo = new_database()
    with connect_as_table_owner(conninfo) as conn:
        organization = Organization("", conn)
        key = organization.new_key()
        return conninfo, key.row


def chained(organization, events):
    """Return the copy with these events, whose positions and hashes fit."""
    before, lines = genesis(organization.id), []
    for position, given in enumerate(events, 1):
        event = msgspec.structs.replace(given, position=position)
        before = link(
            before, Chain(organization.id, chain_format(organization)), event.event(parse_instant(event.recorded_at))
        )
        lines.append(msgspec.structs.replace(event, chain_hash=before.hex()))
    end = {"position": len(lines), "chain_hash": before.hex(), "recorded_at": lines[-1].recorded_at}
    return [msgspec.structs.replace(organization, **end), *lines, EndLine(1, len(lines))]


def imported(lines, elsewhere, tmp_path):
    """Import the lines; return the message of the refusal. Nothing may have changed."""
    path = tmp_path / "forged.jsonl"
    path.write_bytes(b"".join(encode(line) + b"\n" for line in lines))
    with connect_as_table_owner(elsewhere[0]) as conn:
        before = conn.execute(EVERYTHING).fetchone()
        done = run("audit", "import", str(path), env=environment(DATABASE_URL=elsewhere[0]), status=1)
        assert conn.execute(EVERYTHING).fetchone() == before
    assert done.err.endswith("nothing was imported.\n") and len(done.err.splitlines()) == 1, done.err
    return done.err


def at(events, name, number=0):
    return [index for index, event in enumerate(events) if event.name == name][number]


def with_values(of, number=0, /, **values):
    """Return a change: the event of this name gets these values."""

    def change(events):
        place = at(events, of, number)
        events[place] = msgspec.structs.replace(events[place], **values)
        return place + 2

    return change


def with_state(of, number=0, /, **values):
    def change(events):
        state = {**json.loads(events[at(events, of, number)].state), **values}
        return with_values(of, number, state=json.dumps(state))(events)

    return change


def same_secret(events):
    hash = json.loads(events[at(events, "api_key.issued")].state)["keyHash"]
    return with_state("api_key.issued", 1, keyHash=hash)(events)


def left_out(events):
    """The second event of an object stays without its first one."""
    events.pop(at(events, "api_key.issued"))
    return


def repeated(events):
    place = at(events, "invoice.drafted")
    events.insert(place + 1, events[place])
    return place + 3


def then_updated(**state):
    """Return a change: after the first invoice was drafted, it was updated."""

    def change(events):
        place = at(events, DRAFTED)
        later = {"name": "invoice.updated", "originator_version": 2, "state": json.dumps(state), "personal": UNSET}
        events.insert(place + 1, msgspec.structs.replace(events[place], **later))
        return place + 3

    return change


FORGED = {
    "times that fall": (
        with_values(DRAFTED, 2, recorded_at="2020-01-01T00:00:00Z"),
        "before that of the event",
    ),
    "the future": (with_values(DRAFTED, 2, recorded_at="2999-01-01T00:00:00Z"), "the time is in the future"),
    "an unknown name": (with_values(DRAFTED, name="invoice.eaten"), "'invoice.eaten' is not known"),
    "an unknown schema": (with_values(DRAFTED, schema_version=99), "the schema version 99"),
    "a state of another form": (with_values(DRAFTED, state='{"items": 7}', personal=UNSET), "cannot be read"),
    "a state that is no JSON": (with_values(DRAFTED, state="{", personal=UNSET), "cannot be read"),
    "metadata without an actor": (
        with_values(DRAFTED, metadata='{"requestId": "x"}'),
        "the metadata cannot be read",
    ),
    "an id of another form": (
        with_values(DRAFTED, originator_id="inv_1"),
        "'inv_1' is not an id of the kind",
    ),
    "an id of another kind": (
        with_values(DRAFTED, originator_id="bill_01M8GQ63SAP05NK96G7NW75EN2"),
        "is not an id of the kind invoice",
    ),
    "a version that is left out": (
        with_values(DRAFTED, originator_version=2),
        "is not the next one of its object",
    ),
    "an event that comes twice": (repeated, "is not the next one of its object"),
    "a first event that is missing": (left_out, "does not have the secret that this event replaces"),
    "a hash that is none": (with_state("api_key.issued", 1, keyHash="x"), "is not a SHA-256 hash"),
    "a secret of two keys": (same_secret, "belongs to another key"),
    "a replaced secret of somebody else": (
        with_state(ROTATED, previousHash="0" * 64),
        "does not have the secret",
    ),
    "a number that no index can hold": (
        then_updated(invoiceNumber="7" * 8000),
        "the invoice number has 8000 characters, more than 255",
    ),
    "an id that no index can hold": (
        then_updated(clientId="c" * 256),
        "the client id has 256 characters, more than 255",
    ),
    "an end that is no time": (with_state(ROTATED, previousUntil="never"), "'never' must be an RFC 3339"),
}


@pytest.mark.parametrize("name", FORGED)
def test_an_event_that_cannot_be_is_refused_with_its_line(name, source, elsewhere, tmp_path):
    change, words = FORGED[name]
    organization, *events, _ = source[0]
    line = change(events)
    message = imported(chained(organization, events), elsewhere, tmp_path)
    assert words in message
    assert line is None or message.startswith((f"Line {line}: ", f"Error: Line {line}: ")), message


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"id": "org_1"}, "'org_1' is not the id of an organization"),
        ({"name": " "}, "the name must have"),
        ({"name": "x" * 1001}, "the name must have"),
        ({"name": "Acme\nBcc"}, "the name must have"),
        ({"time_zone": "Asia/Kolkatta"}, "'Asia/Kolkatta' is not the IANA name"),
        ({"new_time_zone": "Mars"}, "'Mars' is not the IANA name"),
        ({"created_at": "soon"}, "'soon' must be an RFC 3339"),
        ({"series": {"2026": -1}}, "is not a serial number"),
        ({"series": {"x": 1}}, "is not a serial number"),
        ({"series": {"debt_note 2026": 1}}, "is not a serial number"),
        ({"live_organization": "org_01M8GQ63SAP05NK96G7NW75EN2"}, "must name its live organization"),
        ({"created_at": "2999-01-01T00:00:00Z"}, "was created in the future"),
        ({"new_time_zone": "UTC", "new_time_zone_from": "2999-01-01T00:00:00Z"}, "counts from the next day on"),
        ({"new_time_zone": "UTC"}, "must come together"),
        ({"new_time_zone_from": "2026-01-01T00:00:00Z"}, "must come together"),
        ({"series_prefix": "X" * 1500}, "the prefix of numbers must be a string of 1 to 10 characters; it has 1500"),
        ({"series_prefix": "<b>"}, "the prefix of numbers must be capital letters"),
        ({"clock_ahead": 60.0}, "only the clock of a test organization"),
        ({"document_years": 7}, "cannot be kept for that many years"),
        ({"document_years": 101}, "cannot be kept for that many years"),
        ({"leave_years": -1}, "cannot be kept for that many years"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_an_organization_that_cannot_be_is_refused(values, words, source, elsewhere, tmp_path):
    organization, *events, _ = source[0]
    message = imported(chained(msgspec.structs.replace(organization, **values), events), elsewhere, tmp_path)
    assert words in message and "Line 1: " in message


TEST_IDS = [f"org_test_01M8GQ63SAP05NK96G7NW75EN{digit}" for digit in "23"]


def empty(organization, id, live):
    """Return the line of a test organization with an empty log."""
    own = {"id": id, "live_organization": live, "position": 0, "chain_hash": genesis(id).hex(), "recorded_at": ""}
    return msgspec.structs.replace(organization, **own, series={})


@pytest.mark.parametrize("live", [None, "org_nobody", "org_01M8GQ63SAP05NK96G7NW75EN2", *TEST_IDS[:1]])
def test_the_test_mode_of_an_organization_that_is_not_in_the_copy_is_refused(live, source, elsewhere, tmp_path):
    """Otherwise the test mode of an organization of this installation could be taken over."""
    if live is None:
        with connect_as_table_owner(elsewhere[0]) as conn:
            ((live,),) = conn.execute(
                "SELECT org_id FROM organizations WHERE live_organization IS NULL LIMIT 1"
            ).fetchall()
    organization, *events, _ = source[0]
    *lines, _ = chained(organization, events)
    message = imported([*lines, empty(organization, TEST_IDS[0], live), EndLine(2, len(events))], elsewhere, tmp_path)
    assert f"Line {len(lines) + 1}: {TEST_IDS[0]} is imported with its live organization {live}, which must" in message


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"clock_ahead": 9e12}, "the clock is too far ahead"),
        ({"clock_ahead": 1e308}, "the clock is too far ahead"),
        ({"clock_ahead": 100 * 366 * 86400.0}, "the clock is too far ahead"),
        ({"new_time_zone": "UTC", "new_time_zone_from": "2999-01-01T00:00:00Z"}, "counts from the next day on"),
    ],
)
def test_the_clock_of_a_test_organization_ends_in_this_century(values, words, source, elsewhere, tmp_path):
    organization, *events, _ = source[0]
    *lines, _ = chained(organization, events)
    sibling = msgspec.structs.replace(empty(organization, TEST_IDS[0], organization.id), **values)
    message = imported([*lines, sibling, EndLine(2, len(events))], elsewhere, tmp_path)
    assert f"Line {len(lines) + 1}: " in message and words in message


def test_a_second_test_organization_of_a_live_one_is_refused(source, elsewhere, tmp_path):
    organization, *events, _ = source[0]
    *lines, _ = chained(organization, events)
    siblings = [empty(organization, id, organization.id) for id in TEST_IDS]
    message = imported([siblings[0], *lines, siblings[1], EndLine(3, len(events))], elsewhere, tmp_path)
    assert f"Line {len(lines) + 2}: {TEST_IDS[1]} is imported with its live" in message


def test_the_last_time_in_the_organizations_line_must_be_that_of_its_last_event(source, elsewhere, tmp_path):
    first, *others = source[0]
    message = imported(
        [msgspec.structs.replace(first, recorded_at="2026-01-01T00:00:00Z"), *others], elsewhere, tmp_path
    )
    assert "was not recorded at 2026-01-01" in message


def test_a_secret_of_this_installation_is_refused(source, elsewhere, tmp_path):
    """Otherwise the key of one organization would open the data of another one."""
    organization, *events, _ = source[0]
    line = with_state("api_key.issued", 1, keyHash=elsewhere[1]["keyHash"])(events)
    message = imported(chained(organization, events), elsewhere, tmp_path)
    assert f"Line {line}: " in message and "belongs to another key, which is here" in message


def test_a_key_of_this_installation_is_refused(source, elsewhere, tmp_path):
    organization, *events, _ = source[0]
    line = with_values("api_key.issued", 1, originator_id=elsewhere[1]["id"])(events)
    message = imported(chained(organization, events), elsewhere, tmp_path)
    assert f"Line {line}: " in message and "is already here" in message


def test_an_object_whose_events_do_not_fit_each_other_is_refused(source, elsewhere, tmp_path):
    """Each event can be read, and folding the second one fails."""
    organization, *events, _ = source[0]
    place = at(events, "invoice.drafted")
    state = json.dumps({"paymentId": "pay_1", "reversedAt": "2026-11-28T00:00:00Z"})
    second = msgspec.structs.replace(events[place], name="invoice.payment_reversed", originator_version=2, state=state)
    message = imported(chained(organization, [*events[: place + 1], second, *events[place + 1 :]]), elsewhere, tmp_path)
    assert f"Line {place + 3}: " in message


def test_a_line_without_an_end_is_not_read_whole(elsewhere, tmp_path):
    path = tmp_path / "endless.jsonl"
    path.write_bytes(b"x" * (2 * MAX_LINE))
    done = run("audit", "import", str(path), env=environment(DATABASE_URL=elsewhere[0]), status=1)
    assert f"Line 1: the line has more than {MAX_LINE} bytes" in done.err


def test_what_was_not_forged_is_imported(source, new_database, tmp_path):
    organization, *events, _ = source[0]
    path = tmp_path / "true.jsonl"
    path.write_bytes(b"".join(encode(line) + b"\n" for line in chained(organization, events)))
    env = environment(DATABASE_URL=new_database())
    run("audit", "import", str(path), env=env)
    run("audit", "verify", env=env)


def test_another_logo_or_one_that_is_no_picture_is_refused(source, elsewhere, tmp_path):
    *before, end = source[0]
    logo, other = LogoLine(read_logo(png())), LogoLine(read_logo(png(7, 7)))
    second = (logo, logo)
    assert "the logo is not the one that the log says" in imported([*before, other, end], elsewhere, tmp_path)
    assert "after its logo" in imported([*before, *second, end], elsewhere, tmp_path)
    assert "before its events" in imported([logo, end], elsewhere, tmp_path)
    text = LogoLine(b"<script>alert(1)</script>")
    events = [each for each in before if isinstance(each, EventLine)]
    number = at(events, "organization.updated")
    state = json.dumps({"logo": hash_of(text.png)}, separators=(",", ":"))
    events[number] = msgspec.structs.replace(events[number], state=state)
    *forged, last = chained(before[0], events)
    assert "the logo must be a PNG file" in imported([*forged, text, last], elsewhere, tmp_path)
