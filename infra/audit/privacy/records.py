"""Files that say what was erased, so that it can be erased again after an older backup was restored.

They name events by position and hash, and objects by their ids: nothing about the person.
"""

from __future__ import annotations

import msgspec
from psycopg import Connection

from domain.privacy.erasures import SubjectKind
from infra.audit.privacy.erase import Erasure
from infra.audit.privacy.objects import list_traces
from infra.audit.privacy.refusals import PrivacyRefused
from infra.audit.privacy.traces import Traces
from infra.log.heads import LogState
from infra.log.reading.erasures import list_hashes, list_values
from infra.postgres.database import Row

FORMAT = "smartdhandha-erasure-1"


class ErasureRecord(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What one erasure has deleted."""

    format: str
    org_id: str
    subject_kind: SubjectKind
    objects: dict[str, list[str]]
    """The ids of the objects, by their kinds."""
    events: list[tuple[int, str]]
    """The positions of the events whose values were deleted, with their hashes in hexadecimal digits."""


def record_of(conn: Connection[Row], org_id: str, erasure: Erasure) -> ErasureRecord:
    """Return the record of an erasure."""
    hashes = list_hashes(conn, org_id, erasure.positions)
    objects = {kind: list(ids) for kind, ids in erasure.objects.items()}
    events = [(position, hash.hex()) for position, hash in hashes.items()]
    return ErasureRecord(FORMAT, org_id, erasure.subject_kind, objects, events)


def parse_record(content: bytes) -> ErasureRecord:
    """Return the record in a file. Raises PrivacyRefused."""
    try:
        record = msgspec.json.decode(content, type=ErasureRecord)
    except msgspec.MsgspecError as error:
        raise PrivacyRefused(f"The file is no record of an erasure: {error}.") from None
    if record.format != FORMAT:
        raise PrivacyRefused(f"The file has the format {record.format!r}; this version reads {FORMAT!r}.")
    return record


def erasure_again(conn: Connection[Row], record: ErasureRecord, state: LogState) -> Erasure:
    """Return what of the record is in this log, whose values are there again. `lock_log` has locked the log.

    Events after the end of the log were not in the backup. Raises PrivacyRefused if an event is another one.
    """
    told = {position: hash for position, hash in record.events if position <= state.position}
    found = list_hashes(conn, record.org_id, list(told))
    wrong = [position for position, hash in told.items() if position not in found or found[position].hex() != hash]
    if wrong:
        raise PrivacyRefused(
            f"The event at position {wrong[0]} is not the one of the record: the record was made from another log, or "
            "before the log was rewritten. Erase with `privacy erase`."
        )
    positions = list_values(conn, record.org_id, list(told))
    traces = [list_traces(conn, record.org_id, kind, ids, state.position) for kind, ids in record.objects.items()]
    return Erasure(record.subject_kind, record.objects, positions, Traces.union(traces))
