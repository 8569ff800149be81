"""Computes drafts again if what their taxes depend on was changed: their party, or the organization's profile.

Each command on a draft computes it anyway, also the one that sends it. So nothing wrong is sent if the worker is late:
what it has still to do is in memory only, and a new process looks back a day.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from psycopg import Connection

from commands.overdue import DRAFTS, RefreshDraft
from infra.log.heads import LOGS
from infra.log.reading.objects import join_changes
from infra.postgres.database import Row
from infra.worker.batches import TRANSACTION_OBJECTS, TURN_OBJECTS, Tally, result_of
from projections.registry import ROWS

FIRST_LOOK_BACK, MARGIN = timedelta(days=1), timedelta(minutes=1)
"""How far the first run looks back, and how far each other run looks back behind the run before it: a command may
commit some time after its own time."""
TURN_WORK = 500
"""How many organizations and parties have their drafts looked at in one run of the task."""
_BEGINNING = datetime.fromisoformat("0001-01-01T00:00:00+00:00")

_SELECT_NOW = "SELECT now()"
OF_PARTY, OF_ORGANIZATION = ("stateCode", "gstTreatment"), ("gstin", "composition", "lutNumber")
"""The fields on which the amounts of a draft depend. All others are in no draft, and are taken when it is sent."""
# Times in a log are those of its clock, which in test mode may be ahead. Test organizations have the profile of their
# live one. No draft has named a party before its first version.
_SINCE = "%(since)s + l.clock_offset"
_SELECT_CHANGED = f"""
SELECT l.org_id, p.id, max(e.originator_version) FROM {LOGS} l JOIN parties p USING (org_id)
{join_changes("p", "party.updated", _SINCE, OF_PARTY)}
WHERE l.recorded_at > {_SINCE} AND p.updated_at > {_SINCE} AND p.version > 1 GROUP BY 1, 2
UNION ALL SELECT o.org_id, NULL, max(e.originator_version) FROM {LOGS} l JOIN organization_settings s USING (org_id)
{join_changes("s", "organization.updated", _SINCE, OF_ORGANIZATION)}
JOIN organizations o ON o.org_id = l.org_id OR o.live_organization = l.org_id
WHERE l.recorded_at > {_SINCE} AND s.updated_at > {_SINCE} GROUP BY 1
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
        """The changes that the last look has found, with the version that a party or an organization had after them."""
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
        result_of([*tallies.values()])
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
    return conn.execute(_statement(work), _values(work)).fetchall()


def _statement(work: _Work) -> str:
    target = work.command.target
    of_party = "" if work.party_id is None else f"AND {target.party}_id = %s"
    return _SELECT_DRAFTS.format(table=ROWS[target.kind].table, of_party=of_party)


def _values(work: _Work) -> tuple[Any, ...]:
    party = () if work.party_id is None else (work.party_id,)
    return (work.org_id, work.created_at, work.id, *party, TRANSACTION_OBJECTS)


refresh_drafts = DraftRefresher()
