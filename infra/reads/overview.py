"""Implements the port Overview of the console: the data of Home and Activity, and the verification of the chain."""

from __future__ import annotations

from infra.audit.chain_check import read_chain_check, verify_part
from infra.postgres.pool import Pool
from infra.reads.activity import read_activity
from infra.reads.history import read_history
from infra.reads.home import read_home
from projections.views.activity import ActivityPage, ActivityQuery, ChainCheck, History
from projections.views.home import Home


class PostgresOverview:
    """Implements the port Overview with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def get_home(self, org_id: str) -> Home:
        return read_home(self._pool, org_id)

    def list_activity(self, org_id: str, query: ActivityQuery) -> ActivityPage:
        return read_activity(self._pool, org_id, query)

    def get_history(self, org_id: str, id: str, before: int | None, limit: int) -> History:
        return read_history(self._pool, org_id, id, before, limit)

    def get_chain_check(self, org_id: str) -> ChainCheck:
        return read_chain_check(self._pool, org_id)

    def verify_chain(self, org_id: str, *, again: bool) -> ChainCheck:
        return verify_part(self._pool, org_id, again=again)
