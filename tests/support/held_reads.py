"""Long reads that wait in PostgreSQL until a test lets them go on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from tests.support.client import Api, data_of
from tests.support.scenarios import draft_invoice
from tests.support.waiting import wait_until

HOLD = """
CREATE FUNCTION hold(org text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    WHILE NOT pg_try_advisory_xact_lock_shared(hashtext(org)) LOOP
        PERFORM pg_sleep(0.01);
    END LOOP;
    RETURN true;
END $$;
CREATE POLICY hold ON events AS RESTRICTIVE FOR SELECT USING (hold(org_id));
"""
"""After these statements, each read of an organization's events waits while the organization's lock is held. No time
limit of PostgreSQL ends this wait."""
HELD = """
SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep' AND query LIKE '%events%'
"""


def allow_to_hold(owner: Any) -> None:
    """Prepare a database for `held_read`. Only this test may use the database."""
    owner.execute(HOLD)


def past_invoice(api: Api) -> str:
    """Make an invoice, and return the path of its first version. A GET of this path is a long read."""
    path = f"invoices/{draft_invoice(api)['id']}?version=1"
    data_of(api.get(path), 200)
    return path


@contextmanager
def held_read(owner: Any, api: Api, path: str, org_id: str) -> Iterator[None]:
    """Let a long read of the organization wait in PostgreSQL during the block. After the block, it must succeed."""
    with ThreadPoolExecutor(1) as thread:
        owner.execute("SELECT pg_advisory_lock(hashtext(%s))", (org_id,))
        try:
            read = thread.submit(api.get, path)
            wait_until(lambda: owner.execute(HELD).fetchall())
            yield
            assert not read.done()
        finally:
            owner.execute("SELECT pg_advisory_unlock(hashtext(%s))", (org_id,))
        data_of(read.result(), 200)
