"""Rows that are folded from merged fields are the same as rows that are folded event by event, byte for byte."""

import json
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.registry import kind_of
from infra.log.mapper import MAPPER, UPCASTERS
from infra.log.records import FoldedRecord
from projections.folding.stored_event import UnreadableEvent
from projections.registry import ROWS
from tests.infra.log.test_mapper import AT, golden, histories
from tests.support.cases import all_cases
from tests.support.histories import events_of

KINDS = ("invoice", "bill", "leave", "party", "employee", "credit_note", "debit_note", "vendor_credit")
LINES = {kind: [line for line in golden() if kind_of(line["name"]) == kind] for kind in KINDS}
BEGINNINGS = (".drafted", ".requested", ".created")
FIRST = {kind: [line for line in LINES[kind] if line["name"].endswith(BEGINNINGS)] for kind in KINDS}


def records(lines, id="x_1"):
    """The events of one object, a second apart."""
    return [
        FoldedRecord(
            number, id, number, line["name"], line["schemaVersion"], line["state"], AT + timedelta(seconds=number)
        )
        for number, line in enumerate(lines, 1)
    ]


def folded(projection, log, read_state, skipped=()):
    """The values and the resource of each row, or the message about the event that cannot be read."""
    try:
        rows = list(projection.fold_log("org_1", log, MAPPER.event, skipped, read_state))
    except UnreadableEvent as unreadable:
        return str(unreadable)
    return [(row.id, row.events, projection.values(row.row), projection.to_json(row.row)) for row in rows]


def assert_same(kind, log, skipped=()):
    projection = ROWS[kind]
    assert folded(projection, log, MAPPER.state, skipped) == folded(projection, log, None, skipped)


def with_field(name, value):
    return lambda fields: {**fields, name: value}


def without_a_field(number):
    return lambda fields: {name: fields[name] for place, name in enumerate(fields) if place != number % len(fields)}


ALTERATIONS = st.one_of(
    st.just(lambda fields: fields),
    st.builds(without_a_field, st.integers(0, 30)),
    st.builds(with_field, st.sampled_from(("unknown", "sentAt", "id", "timestamp")), st.just("x")),
    st.builds(with_field, st.sampled_from(("notes", "reason", "clientName", "employeeName")), st.text(max_size=9)),
)


@st.composite
def logs(draw, kind):
    """A log that begins as it should, goes on with any events of the kind, and may have altered events."""
    lines = [draw(st.sampled_from(FIRST[kind])), *draw(st.lists(st.sampled_from(LINES[kind]), max_size=8))]
    altered = []
    for line in lines:
        fields = draw(ALTERATIONS)(json.loads(line["state"]))
        as_stored = line["state"] if fields == json.loads(line["state"]) else msgspec.json.encode(fields).decode()
        spaced = json.dumps(fields, indent=draw(st.sampled_from((None, 1))))
        altered.append({**line, "state": draw(st.sampled_from((as_stored, as_stored, spaced)))})
    return records(altered)


@pytest.mark.thorough
@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_any_log_has_the_same_rows_and_the_same_unreadable_event(kind, data):
    log = data.draw(logs(kind))
    assert_same(kind, log, data.draw(st.sets(st.integers(1, len(log)), max_size=2)))


@all_cases("aggregate", histories(), ids=lambda aggregate: aggregate.kind)
def test_a_whole_history_has_the_same_row(aggregate):
    events = events_of(aggregate)
    log = records(
        [
            {
                "name": event.topic,
                "schemaVersion": event.schema_version,
                "state": MAPPER.to_stored_event(event).state.decode(),
            }
            for event in events
        ]
    )
    projection = ROWS[aggregate.kind]
    assert_same(aggregate.kind, log)
    assert (projection.fold_merged(log, MAPPER.state) is None) == (aggregate.kind not in KINDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [0, 1])
def test_a_wrong_value_is_found_and_its_event_named(kind, number):
    first = FIRST[kind][-1]
    fields = {**json.loads(first["state"]), ("status", "metadata")[number]: 5}
    log = records([{**first, "state": json.dumps(fields)}])
    assert f"'{first['name']}' at position 1 cannot be read" in folded(ROWS[kind], log, MAPPER.state)
    assert_same(kind, log)


@pytest.mark.parametrize("kind", KINDS)
def test_a_log_that_does_not_begin_with_the_new_object_cannot_be_read(kind):
    later = next(line for line in LINES[kind] if line not in FIRST[kind])
    log = records([later, FIRST[kind][-1]])
    assert f"'{later['name']}' at position 1 cannot be read" in folded(ROWS[kind], log, MAPPER.state)
    assert_same(kind, log)


def test_an_event_of_an_older_schema_version_is_lifted_before_it_is_merged(monkeypatch):
    first = FIRST["invoice"][-1]
    monkeypatch.setitem(UPCASTERS, (first["name"], 0), lambda raw: {**raw, "notes": "lifted"})
    log = records([{**first, "schemaVersion": 0}])
    assert_same("invoice", log)
    ((*_, json_),) = folded(ROWS["invoice"], log, MAPPER.state)
    assert json.loads(json_)["notes"] == "lifted"
