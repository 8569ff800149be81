"""Folding whole logs into rows, and the registry of all projections."""

import pytest

from domain.registry import kind_of
from projections.folding.stored_event import UnreadableEvent
from projections.invoice import INVOICES
from projections.projection import LogTiles, Projection, RowProjection, join_details
from projections.query.past.rows import PastRows
from projections.registry import LOG_TILES, PAST_ROWS, PROJECTIONS, ROWS, SUMS
from projections.sums import SumProjection
from tests.support.cases import all_cases
from tests.support.histories import LATER, drafted_invoice, events_of, logged, read


def unreadable(stored):
    raise ValueError("no such field")


def fold_log(log, read=read, skipped=()):
    return list(INVOICES.fold_log("org_1", log, read, skipped))


def test_each_object_becomes_a_row_with_its_number_of_events():
    first, second = drafted_invoice("inv_1"), drafted_invoice("inv_2")
    first.transition_to("sent", LATER)

    rows = fold_log(logged(*events_of(first, second)))

    assert [(row.id, row.row.summary.status, row.events) for row in rows] == [
        ("inv_1", "sent", 2),
        ("inv_2", "draft", 1),
    ]


def test_a_skipped_event_is_left_out_of_the_row():
    first = drafted_invoice()
    first.transition_to("sent", LATER)

    (row,) = fold_log(logged(*events_of(first)), skipped={2})

    assert row.row.summary.status == "draft"


def test_an_object_whose_events_are_all_skipped_has_no_row():
    assert fold_log(logged(*events_of(drafted_invoice())), unreadable, skipped={1}) == []


def test_an_event_that_cannot_be_read_is_named_with_organization_position_and_cause():
    with pytest.raises(UnreadableEvent) as stopped:
        fold_log(logged(*events_of(drafted_invoice())), unreadable)

    assert str(stopped.value) == (
        "org_1: the event 'invoice.drafted' at position 1 cannot be read: ValueError: no such field"
    )


def test_an_event_that_cannot_be_folded_is_named_too():
    invoice = drafted_invoice()
    invoice.transition_to("sent", LATER)
    _, sent = events_of(invoice)

    with pytest.raises(UnreadableEvent, match=r"'invoice.sent' at position 1 cannot be read"):
        fold_log(logged(sent))


def test_the_kind_is_the_first_part_of_the_name():
    (stored,) = logged(*events_of(drafted_invoice()))

    assert kind_of(stored.name) == "invoice"


def test_two_json_objects_join_into_one():
    assert join_details(b'{"a":1}', b'{"b":[]}') == b'{"a":1,"b":[]}'


def test_rows_sums_past_rows_and_tiles_together_are_all_projections():
    assert [*ROWS.values(), *SUMS, PAST_ROWS, LOG_TILES] == list(PROJECTIONS.values())


@all_cases("projection", PROJECTIONS.values(), ids=PROJECTIONS)
def test_every_projection_declares_what_its_kind_needs(projection):
    kinds = (RowProjection, SumProjection, PastRows, LogTiles)
    kind = next(each for each in kinds if isinstance(projection, each))
    declared = [name for base in (Projection, kind) for name in base.__annotations__]

    assert [name for name in declared if not hasattr(projection, name)] == []
    assert PROJECTIONS[projection.name] is projection


@pytest.mark.parametrize("projection", ROWS.values(), ids=ROWS)
def test_the_columns_of_a_table_are_named_once(projection):
    assert len(set(projection.stored_columns)) == len(projection.stored_columns)
