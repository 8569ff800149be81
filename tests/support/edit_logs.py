"""Edit logs in tests: logs of any stored events, a naive reading of them, and what the files hold."""

from __future__ import annotations

import csv
import itertools
import json
import re
import secrets
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import openpyxl
from hypothesis import strategies as st

from domain.registry import kind_of
from infra.identity.organizations import create_organization
from infra.log.heads import get_chain
from infra.log.mapper import MAPPER
from infra.log.proofs.chain import FIRST_FORMAT, PERSONAL_FORMAT, genesis, link
from infra.log.proofs.personal import whole_state
from infra.log.reading.pages import stream_log
from infra.log.recorder import INSERT_EVENT, MOVE_HEAD
from infra.log.records import RecordedEvent
from tests.support.formats import begin_in_format

ZONE = "Asia/Kolkata"
AT = datetime(2026, 1, 10, 9, 30, 15, 123456, UTC)
GOLDEN = [
    json.loads(line) for line in (Path(__file__).parents[1] / "golden" / "events.jsonl").read_text("utf-8").splitlines()
]
"""One event of each shape that was ever stored."""
FIRST = ("drafted", "requested", "api_key.issued", "created", "set", "added", "organization.updated")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
WORDS = {
    "partially_paid": "partially paid",
    "full": "the whole day",
    "first_half": "the first half",
    "second_half": "the second half",
    "tds": "withheld tax (TDS)",
    "write_off": "written off",
    "round_off": "rounded off",
    "tax_invoice": "tax invoice",
    "bill_of_supply": "bill of supply",
    "intra_state": "within the State",
    "inter_state": "to another State",
    "zero_rated": "zero-rated",
    "request": "entered in the document",
    "organization": "from the organization",
    "party": "from the party",
    "deemed_export": "deemed export",
    "sez": "special economic zone",
    "composition": "composition levy",
}
WORD_FIELDS = (
    *("status", "kind", "day part", "start part", "end part", "type"),
    *("tax adjustment from", "document type", "supply type", "place of supply from", "gst treatment"),
)
ENTRIES = {"items": "line", "payments": "payment", "earlierSecrets": "earlier secret", "members": "person"}
ENTRIES |= {"warnings": "warning", "corrections": "correction", "correctedLines": "corrected line", "refunds": "refund"}
DEFAULTS: dict[str, dict[str, Any]] = {
    "invoice": {"payments": []},
    "bill": {"payments": []},
    "leave": {"startPart": "full", "endPart": "full"},
    "api_key": {"managesKeys": False, "threshold": 0},
    "budget": {"threshold": 0},
    "webhook": {},
    "user": {"members": {}},
    "organization": {},
    "party": {},
    "employee": {},
    "credit_note": {"refunds": []},
    "debit_note": {},
    "vendor_credit": {"refunds": []},
}
"""What an object has from its beginning, also if an old event does not say so."""
NOT_REVERSED = {"reversedAt": None, "reversedOn": None, "reversalReason": None}
"""What a refund has that was not taken back."""
NOT_SHOWN = ("numberFromSeries", "previousHash", "fromNow", "userId")
"""Fields of events that no object shows."""


class Cell(NamedTuple):
    """What one line says of one field."""

    position: int
    id: str
    field: str
    before: str
    after: str


@st.composite
def histories(draw):
    """Events of some objects of all kinds, mixed, each object in an order that can be: its name, its state, its id."""
    objects = []
    for number in range(draw(st.integers(1, 4))):
        begin = draw(st.sampled_from([each for each in GOLDEN if each["name"].endswith(FIRST)]))
        kind = kind_of(begin["name"])
        rest = [each for each in GOLDEN if kind_of(each["name"]) == kind and not each["name"].endswith(FIRST[:-2])]
        following = draw(st.lists(st.sampled_from(rest), max_size=8))
        objects.append([(f"{kind}_{number}", each) for each in (begin, *following)])
    order = draw(st.permutations([number for number, events in enumerate(objects) for _ in events]))
    queues = [iter(events) for events in objects]
    return [next(queues[number]) for number in order]


def stored_log(conn, history, at=AT, chain_format=FIRST_FORMAT):
    """Store these events as the log of a new organization; return its id."""
    org_id = create_organization(conn, "Sharma Textiles", ZONE).id
    begin_in_format(conn, org_id, chain_format)
    head = genesis(org_id)
    versions: dict[str, itertools.count[int]] = defaultdict(itertools.count)
    chain, rows = get_chain(conn, org_id), []
    for position, (id, event) in enumerate(history, 1):
        metadata = json.dumps(
            {"actor": {"type": "test", "id": "t"}, "requestId": f"req_{position}"}, separators=(",", ":")
        )
        record = RecordedEvent(
            position,
            id,
            next(versions[id]) + 1,
            event["name"],
            event["schemaVersion"],
            event["state"],
            metadata,
            at + timedelta(milliseconds=position),
        )
        if chain_format >= PERSONAL_FORMAT:
            record = _split(record)
        head = link(head, chain, record)
        rows.append((org_id, *(getattr(record, name) for name in RecordedEvent.__struct_fields__[:-1]), head))
    with conn.transaction():
        conn.cursor().executemany(INSERT_EVENT, rows)
        conn.execute(MOVE_HEAD, (len(rows), at + timedelta(milliseconds=len(rows)), head, org_id))
    return org_id


def _split(record):
    """Return the event as a log of format 2 stores it."""
    (stored,) = MAPPER.to_stored_events([MAPPER.event(record)], PERSONAL_FORMAT, secrets.token_bytes)
    return msgspec.structs.replace(record, state=stored.state.decode(), personal=stored.personal)


def read_naively(events):
    """Yield what each event changed, from the JSON of the events alone, in the order of the log."""
    states: dict[str, dict[str, Any]] = {}
    for event in events:
        position, id = event.position, event.originator_id
        before = states.get(id, {})
        after = states[id] = _after(before, id, event.name, json.loads(whole_state(event)), event.recorded_at)
        old, new = dict(_fields("", before)), dict(_fields("", after))
        changed = [field for field in {**old, **new} if old.get(field) != new.get(field)]
        for field in changed:
            yield Cell(position, id, field, _text(field, old.get(field)), _text(field, new.get(field)))
        if not changed:
            yield Cell(position, id, "", "", "")


def _after(before, id, name, data, at):
    kind, now = kind_of(name), at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    state = dict(before) or {**DEFAULTS[kind], "id": id, "createdAt": now}
    if name == "api_key.rotated":
        used = {"lastFour": state["lastFour"], "worksUntil": data.pop("previousUntil")}
        state["earlierSecrets"] = [*state.get("earlierSecrets", []), used]
    if kind == "user":
        member = {**state["members"].get(data["userId"], {"role": "", "status": ""}), **data}
        data = {"members": {**state["members"], data["userId"]: {key: member[key] for key in ("role", "status")}}}
    if "payments" in data:
        data["payments"] = _payments(state["payments"], [{"kind": "payment", **each} for each in data["payments"]])
    if "corrections" in data:
        data["correctedLines"] = _corrected_lines(state.get("correctedLines", ()), data)
        changed = [{name: each[name] for name in each if name != "lines"} for each in data["corrections"]]
        known = {each["id"]: each for each in (*state.get("corrections", ()), *changed)}
        data["corrections"] = list(known.values())
    if "refunds" in data:
        known = {each["id"]: each for each in (*state["refunds"], *data["refunds"])}
        data["refunds"] = [{**NOT_REVERSED, **each} for each in known.values()]
    if name.endswith(("drafted", "updated")) and "amountPaid" in data and "amountSettled" not in data:
        data["amountSettled"] = re.sub("[0-9]+", lambda digits: "0" * len(digits[0]), data["amountPaid"]).lstrip("0")
        data["amountSettled"] = f"0{data['amountSettled']}"  # an old event
    state |= {key: value for key, value in data.items() if key not in NOT_SHOWN}
    if kind == "api_key":
        state["earlierSecrets"] = [each for each in state.get("earlierSecrets", []) if each["worksUntil"] >= now]
    return state


def _corrected_lines(before, data):
    """Set the sums that an event has changed. In an older event, the lines of its corrections change them."""
    lines = {line["lineNumber"]: line for line in before}
    if "correctedLines" in data:
        return list((lines | {line["lineNumber"]: line for line in data["correctedLines"]}).values())
    for each in data["corrections"]:
        sign = 1 if (each["kind"] == "debit_note") != ("reversedAt" in each) else -1
        for line in each["lines"]:
            place, known = line["lineNumber"], lines.get(line["lineNumber"], {})
            sums = {name: Decimal(known.get(name, 0)) + sign * Decimal(line.get(name, 0)) for name in {**known, **line}}
            texts = {name: _written(name, amount) for name, amount in sums.items() if amount and name != "lineNumber"}
            lines[place] = {"lineNumber": place, **texts}
    return list(lines.values())


def _written(name, amount):
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if name == "quantity" and "." in text else text


def _payments(before, changed):
    for payment in changed:
        if payment.get("reversedAt"):
            before = [payment if each["id"] == payment["id"] else each for each in before]
        else:
            before = [*before, payment]
    return before


def _fields(way, value):
    """Yield the fields of a state in words, with their values. What holds nothing is left out."""
    within = f"{way}, " if way else ""
    if isinstance(value, dict):
        for key, each in value.items():
            if way in ("metadata", "person", "annual returns"):  # keys that the caller chose, not names of fields
                yield from _fields(f"{way} {key}", each)
            elif key in ENTRIES and isinstance(each, list):
                for number, entry in enumerate(each, 1):
                    yield from _fields(f"{within}{ENTRIES[key]} {number}", entry)
            elif key in ENTRIES:
                yield from _fields(f"{within}{ENTRIES[key]}", each)
            else:
                words = re.sub("[A-Z]", lambda found: f" {found[0].lower()}", key)
                yield from _fields(f"{within}{words}", each)
    elif value not in (None, []):
        yield way, value


def _text(field, value):
    if value is None:
        return ""
    if field == "key hash":
        return "not shown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value)
    text = str(value)
    if INSTANT.fullmatch(text):
        return datetime.fromisoformat(text).astimezone(ZoneInfo(ZONE)).isoformat(timespec="seconds")
    if field.rpartition(", ")[2] in WORD_FIELDS:
        return WORDS.get(text, text)
    return _no_formula(text)


def _no_formula(text):
    is_amount = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) and not is_amount else text


def read_csv(path):
    """Return the facts, the headings and the lines of a file in CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    end = rows.index([])
    return dict(rows[:end]), rows[end + 1], rows[end + 2 :]


def stream_csv(path):
    """Yield the lines of a file in CSV, however long it is."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        for row in rows:
            if not row:
                break
        next(rows)  # the headings
        yield from rows


def cells_of(lines):
    """Return what the lines of a file say of fields."""
    return [cell_of(line) for line in lines]


def cell_of(line):
    """Return what a line of a file says of a field."""
    return Cell(int(line[12]), line[5], line[7], line[8], line[9])


def read_xlsx(path, *, typed=False):
    """Return the facts and the rows of all sheets with lines: as texts as in CSV, or with the types of their cells."""
    book = openpyxl.load_workbook(path, read_only=True)
    about, *sheets = book.worksheets
    facts = {row[0]: row[1] for row in about.iter_rows(values_only=True)}
    value = (lambda cell: cell.value) if typed else _as_csv
    rows = [[value(cell) for cell in row] for sheet in sheets for row in sheet.iter_rows(max_col=13)]
    book.close()
    return facts, rows


def stream_xlsx(path):
    """Yield the lines in all sheets of a file as texts as in CSV, however long it is."""
    book = openpyxl.load_workbook(path, read_only=True)
    for sheet in book.worksheets[1:]:
        for row in sheet.iter_rows(max_col=13, min_row=2):
            yield [_as_csv(cell) for cell in row]
    book.close()


def _as_csv(cell):
    value = cell.value
    if isinstance(value, datetime) and "hh" in cell.number_format:
        return value.replace(tzinfo=ZoneInfo(ZONE)).isoformat(timespec="seconds")
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else _no_formula(value) if isinstance(value, str) else str(value)


def without_zeros(rows):
    """Return the rows with numbers as a sheet knows them: without zeros behind the last decimal place."""
    return [[_number(cell) for cell in row] for row in rows]


def _number(cell):
    return f"{Decimal(cell).normalize():f}" if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell) else cell


def rewrite_chain(conn, org_id):
    """Compute all hashes of a log anew, as somebody with all rights can."""
    head, chain = genesis(org_id), get_chain(conn, org_id)
    for record in list(stream_log(conn, org_id)):
        head = link(head, chain, record)
        sql = "UPDATE events SET chain_hash = %s WHERE org_id = %s AND position = %s"
        conn.execute(sql, (head, org_id, record.position))
    conn.execute("UPDATE org_log SET chain_hash = %s WHERE org_id = %s", (head, org_id))
