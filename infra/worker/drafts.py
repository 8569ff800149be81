"""Computes drafts again whose party or whose organization's profile was changed, so that their taxes follow.

Each command on a draft computes it anyway, also the one that sends it. So nothing wrong is sent if the worker is late:
what it has still to do is in memory only, and a new process looks back a day.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from psycopg import Connection

from commands.overdue import DRAFTS, RefreshDraft
from infra.log.heads import LOGS
from infra.postgres.database import Row
from infra.worker.batches import TRANSACTION_OBJECTS, TURN_OBJECTS, Tally
from projections.registry import ROWS

FIRST_LOOK_BACK, MARGIN = timedelta(days=1), timedelta(minutes=1)
"""How far the first run looks back, and how far each other run looks back behind the run before it: a command may
commit some time after its own time."""
TURN_WORK = 500
"""How many organizations and parties have their drafts looked at in one run of the task."""
_BEGINNING = datetime.fromisoformat("0001-01-01T00:00:00+00:00")

_SELECT_NOW = "SELECT now()"
# Times in a log are those of its clock, which in test mode may be ahead. Test organizations have the profile of their
# live one. No draft has named a party before its first version.
_SELECT_CHANGED = f"""
SELECT l.org_id, p.id, p.version FROM {LOGS} l JOIN parties p USING (org_id)
WHERE l.recorded_at > %(since)s + l.clock_offset AND p.updated_at > %(since)s + l.clock_offset AND p.version > 1
UNION SELECT o.org_id, NULL, s.version FROM {LOGS} l JOIN organization_settings s USING (org_id)
JOIN organizations o ON o.org_id = l.org_id OR o.live_organization = l.org_id
WHERE l.recorded_at > %(since)s + l.clock_offset AND s.updated_at > %(since)s + l.clock_offset
"""
_SELECT_DRAFTS = """
SELECT id, created_at FROM {table} WHERE org_id = %s AND status = 'draft' AND (created_at, id) > (%s, %s) {of_party}
ORDER BY created_at, id LIMIT %s
"""


class _Work(NamedTuple):
    """Drafts of one kind that are to be computed again, after a place in their order."""

    org_id: str
    party_id: str | None
    """None for all drafts of the organization."""
    command: type[RefreshDraft]
    created_at: datetime = _BEGINNING
    id: str = ""


class DraftRefresher:
    """The task. It remembers what it has seen and what is left to do."""

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._seen: dict[tuple[str, str | None], int] = {}
        """The changes that the last look has found, with the version of the party or of the organization."""
        self._work: deque[_Work] = deque()

    def __call__(self, conn: Connection[Row]) -> int:
        """Compute drafts again, of each organization or party at most TURN_OBJECTS. Return how many were looked at.

        An organization or a party without drafts counts as one.
        """
        self._look(conn)
        done = 0
        tallies = {command: Tally(conn, command) for command in DRAFTS}
        for _ in range(min(len(self._work), TURN_WORK)):
            work = self._work[0]
            self._work.rotate(-1)  # if it fails, the next run begins with the others
            rest, count = _refresh(conn, work, tallies[work.command])
            self._work.pop()
            self._work.extend(rest)
            done += max(count, 1)
        for tally in tallies.values():
            tally.result()
        return done

    def _look(self, conn: Connection[Row]) -> None:
        """Add the drafts of what was changed since the last look."""
        ((now,),) = conn.execute(_SELECT_NOW).fetchall()
        since = now - FIRST_LOOK_BACK if self._since is None else self._since - MARGIN
        found = conn.execute(_SELECT_CHANGED, {"since": since}).fetchall()
        changed = {(org_id, party_id): version for org_id, party_id, version in found}
        waiting = {(work.org_id, work.party_id, work.command) for work in self._work if not work.id}
        for (org_id, party_id), version in changed.items():
            if self._seen.get((org_id, party_id)) == version:
                continue
            for command in DRAFTS:
                if (org_id, party_id, command) not in waiting:
                    self._work.append(_Work(org_id, party_id, command))
        self._since, self._seen = now, changed


def _refresh(conn: Connection[Row], work: _Work, tally: Tally) -> tuple[Sequence[_Work], int]:
    """Compute up to TURN_OBJECTS drafts again. Return what is left of the work, and how many were looked at."""
    done = 0
    while done < TURN_OBJECTS:
        page = _page(conn, work)
        if not page:
            return (), done
        tally.execute_together(work.org_id, [id for id, _ in page if id not in tally.resting])
        last, created_at = page[-1]
        work, done = work._replace(created_at=created_at, id=last), done + len(page)
    return (work,), done


def _page(conn: Connection[Row], work: _Work) -> list[Row]:
    target = work.command.target
    of_party = "" if work.party_id is None else f"AND {target.party}_id = %s"
    statement = _SELECT_DRAFTS.format(table=ROWS[target.kind].table, of_party=of_party)
    party = () if work.party_id is None else (work.party_id,)
    values = (work.org_id, work.created_at, work.id, *party, TRANSACTION_OBJECTS)
    return conn.execute(statement, values).fetchall()


refresh_drafts = DraftRefresher()
