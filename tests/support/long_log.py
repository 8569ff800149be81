"""Long logs of small events, with a true hash chain, for tests of what depends on the number of events alone."""

from datetime import UTC, datetime, timedelta

import msgspec

from infra.log.heads import get_chain, get_head
from infra.log.proofs.chain import link
from infra.log.records import COLUMNS, RecordedEvent

BEGINNING = datetime(2026, 4, 1, tzinfo=UTC)


def append_events(conn, org_id, count):
    """Append this many events to a log."""
    position, before = get_head(conn, org_id)
    chain = get_chain(conn, org_id)
    with conn.transaction(), conn.cursor() as cursor:
        with cursor.copy(f"COPY events (org_id, {COLUMNS}) FROM STDIN") as copy:
            for number in range(position + 1, position + count + 1):
                event = small_event(number)
                before = link(before, chain, event)
                copy.write_row((org_id, *msgspec.structs.astuple(msgspec.structs.replace(event, chain_hash=before))))
        cursor.execute(
            "UPDATE org_log SET position = %s, chain_hash = %s, recorded_at = %s WHERE org_id = %s",
            (position + count, before, small_event(position + count).recorded_at, org_id),
        )


def small_event(position):
    """The event at a position: of an invoice of its own."""
    return RecordedEvent(
        position=position,
        originator_id=f"inv_{position:026}",
        originator_version=1,
        name="invoice.drafted",
        schema_version=1,
        state="{}",
        metadata='{"actor":{"type":"cli","id":"test"},"requestId":"req_test"}',
        recorded_at=BEGINNING + timedelta(seconds=position),
    )
