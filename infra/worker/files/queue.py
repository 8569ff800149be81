"""Which file is made next, and what is stored of it after each turn."""

from __future__ import annotations

import msgspec
from psycopg import Connection

from api.console.objects.downloads.sheets.archive import Archive
from api.console.objects.downloads.sheets.xlsx_file import XlsxState
from api.ports.users.files import KEPT_HOURS, MAKING, READY
from infra.postgres.database import Row

PIECE_BYTES = 256 * 1024
"""The most bytes of one row of the table. The table checks it, too."""

_UNFINISHED = "state IN ('waiting', 'making')"
# Of each organization the file that was asked for first; of these, the one whose last turn is longest ago.
_SELECT_NEXT = f"""
SELECT org_id, file_id, kind, filters, language, time_zone, size, progress, (
    SELECT m.role FROM organizations o JOIN all_members m ON m.org_id = coalesce(o.live_organization, o.org_id)
    WHERE o.org_id = next.org_id AND m.user_id = next.user_id AND m.status = 'active'
) FROM (
    SELECT DISTINCT ON (org_id) * FROM list_files WHERE {_UNFINISHED} ORDER BY org_id, asked_at, file_id
) next ORDER BY turned_at LIMIT 1
"""
_WHICH = f"WHERE org_id = %s AND file_id = %s AND {_UNFINISHED}"
_KEEP = f"kept_until = clock_timestamp() + interval '{KEPT_HOURS} hours'"
_STORE = f"""
UPDATE list_files SET state = %s, row_count = %s, size = %s, progress = %s, attempts = 0,
    turned_at = clock_timestamp(), {_KEEP} {_WHICH} AND size = %s
"""
_FAIL = f"UPDATE list_files SET state = 'failed', failure = %s, progress = NULL, {_KEEP} {_WHICH}"
_POSTPONE = f"UPDATE list_files SET attempts = attempts + 1, turned_at = clock_timestamp() {_WHICH} RETURNING attempts"
_DELETE_PIECES = "DELETE FROM list_file_pieces WHERE org_id = %s AND file_id = %s AND number >= %s"
_INSERT_PIECE = "INSERT INTO list_file_pieces (org_id, file_id, number, content) VALUES (%s, %s, %s, %s)"
_filters = msgspec.json.Decoder(dict[str, str]).decode


class Progress(msgspec.Struct):
    """How far a file is, and what its next turn needs."""

    columns: tuple[str, ...]
    """The columns of its sheets. Another version of the service may have others: then the file is begun again."""
    xlsx: XlsxState = msgspec.field(default_factory=lambda: XlsxState(Archive()))
    cursor: str | None = None
    """The cursor of the next page; None before the first one, and after the last one."""
    rows: int = 0
    pieces: int = 0


_progress = msgspec.json.Decoder(Progress).decode


class FileTurn(msgspec.Struct, frozen=True):
    """The file whose turn it is."""

    org_id: str
    id: str
    kind: str
    stored_filters: str
    language: str
    time_zone: str
    size: int
    """How many bytes of it are stored."""
    stored_progress: str | None
    role: str | None
    """The role of the user who has asked for it; None if the user does not belong to the organization any more."""

    @property
    def filters(self) -> dict[str, str]:
        """The filters of the list. Raises MsgspecError, which is a fault of this file alone."""
        return _filters(self.stored_filters)

    @property
    def progress(self) -> Progress | None:
        """How far the file is; None before its first turn, and if another version has stored it in another form."""
        if self.stored_progress is None:
            return None
        try:
            return _progress(self.stored_progress)
        except msgspec.MsgspecError:
            return None

    @property
    def _key(self) -> tuple[str, str]:
        return self.org_id, self.id

    def store(self, conn: Connection[Row], progress: Progress, content: bytes, *, is_last: bool) -> None:
        """Store the next bytes of the file. Nothing happens if somebody has removed it or gone on with it meanwhile."""
        first = progress.pieces
        pieces = [content[begin : begin + PIECE_BYTES] for begin in range(0, len(content), PIECE_BYTES)]
        progress.pieces += len(pieces)
        state = READY if is_last else MAKING
        facts = (state, progress.rows, progress.xlsx.archive.size, msgspec.json.encode(progress).decode())
        with conn.transaction():
            if conn.execute(_STORE, (*facts, *self._key, self.size)).rowcount:
                conn.execute(_DELETE_PIECES, (*self._key, first))
                numbered = [(*self._key, number, piece) for number, piece in enumerate(pieces, first)]
                conn.cursor().executemany(_INSERT_PIECE, numbered)

    def fail(self, conn: Connection[Row], failure: str) -> None:
        """Store that the file cannot be made, and delete what was made of it."""
        with conn.transaction():
            if conn.execute(_FAIL, (failure, *self._key)).rowcount:
                conn.execute(_DELETE_PIECES, (*self._key, 0))

    def postpone(self, conn: Connection[Row]) -> int:
        """Let other files have their turn first. Return how often this was done since the last page."""
        found = conn.execute(_POSTPONE, self._key).fetchone()
        return 0 if found is None else found[0]


def next_turn(conn: Connection[Row]) -> FileTurn | None:
    """Return the file whose turn it is; None if none waits."""
    found = conn.execute(_SELECT_NEXT).fetchone()
    return None if found is None else FileTurn(*found)
