"""The formats of hash chains, for tests that need logs of both.

Logs of tests have the format of new logs. TEST_CHAIN_FORMAT=1 lets them have the earlier one, as organizations have
that are older than the second format: `TEST_CHAIN_FORMAT=1 make test T=tests/contract`.
"""

from __future__ import annotations

import os
from typing import Any

from infra.log.proofs.chain import FORMATS

ALL_FORMATS = tuple(FORMATS)
VARIABLE = "TEST_CHAIN_FORMAT"


def begin_in_format(conn: Any, org_id: str, chain_format: int) -> None:
    """Let an empty log have this format, as if it were that of new logs."""
    sql = "UPDATE org_log SET chain_format = %s WHERE org_id = %s AND position = 0"
    assert conn.execute(sql, (chain_format, org_id)).rowcount == 1, "the log has events"


def let_new_logs_have_the_chosen_format(conn: Any) -> None:
    """Let new logs of this database have the format that the environment names, if it names one."""
    if VARIABLE in os.environ:
        chosen = int(os.environ[VARIABLE])
        conn.execute(f"ALTER TABLE org_log ALTER COLUMN chain_format SET DEFAULT {chosen}")
