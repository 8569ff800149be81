"""The copy of a log that is made before it is removed or rewritten, and read back: neither happens without it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path

from psycopg import Connection

from infra.audit.copies.checking import check_copy
from infra.audit.copies.checks import MAX_LINE
from infra.audit.copies.export_logs import organization_line, write_logs
from infra.audit.copies.reader import NOTHING_IMPORTED
from infra.audit.refusals import CopyRefused, ImportRefused
from infra.postgres.database import Row, get_now


def save_copy(conn: Connection[Row], orgs: Sequence[str], path: Path, done: str) -> str:
    """Write a copy of these logs to a file, read it back, and return its SHA-256 in hexadecimal digits.

    The logs must be locked. `done` says what comes after the copy: "removed" or "rewritten". Raises CopyRefused if the
    copy could not be imported as it is.
    """
    lines = [organization_line(conn, org) for org in orgs]
    with path.open("wb") as out:
        write_logs(conn, lines, out)
        out.flush()
        os.fsync(out.fileno())
    with path.open("rb") as copy:
        try:
            found = check_copy(iter(lambda: copy.readline(MAX_LINE + 1), b""), get_now(conn))
        except ImportRefused as refused:
            reason = str(refused).removesuffix(NOTHING_IMPORTED)
            raise CopyRefused(f"The copy could not be imported, so nothing was {done}. {reason}.") from None
        if found != lines:
            raise CopyRefused(f"The copy does not have the log as it is, so nothing was {done}.")
        copy.seek(0)
        return file_digest(copy, "sha256").hexdigest()
