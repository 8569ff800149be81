"""The people of an organization that is removed: those who belong to another one stay there."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import Connection
from psycopg.rows import scalar_row

from infra.postgres.database import Row

# As in the SQL function set_members, users are locked before their sessions.
_LOCK = """
SELECT FROM users u WHERE u.org_id = ANY(%(orgs)s) OR u.user_id IN (
    SELECT m.user_id FROM memberships m WHERE m.org_id = ANY(%(orgs)s)
) ORDER BY u.user_id FOR UPDATE
"""
_SELECT_ONLY_HERE = """
SELECT u.user_id FROM users u WHERE NOT EXISTS (
    SELECT FROM all_members m WHERE m.user_id = u.user_id AND m.org_id <> ALL(%(orgs)s)
) AND (u.org_id = ANY(%(orgs)s) OR EXISTS (
    SELECT FROM memberships m WHERE m.user_id = u.user_id AND m.org_id = ANY(%(orgs)s)
)) ORDER BY u.user_id
"""
_END_SESSIONS = """
DELETE FROM user_sessions s USING users u WHERE u.user_id = s.user_id AND coalesce(s.org_id, u.org_id) = ANY(%(orgs)s)
"""
_DELETE_LINKS = "DELETE FROM user_links WHERE org_id = ANY(%(orgs)s) OR shown_in = ANY(%(orgs)s)"
_MOVE = """
UPDATE users u SET org_id = e.org_id, role = NULL FROM (
    SELECT DISTINCT ON (m.user_id) m.user_id, m.org_id FROM memberships m WHERE m.org_id <> ALL(%(orgs)s)
    ORDER BY m.user_id, m.status <> 'active', m.status <> 'invited', m.org_id
) e WHERE e.user_id = u.user_id AND u.org_id = ANY(%(orgs)s)
"""
# Whom another organization has removed before: the name stays there, and nothing with which to log in.
_END_ACCESS = """
UPDATE users u SET removed_at = clock_timestamp(), password_hash = NULL
WHERE u.removed_at IS NULL AND EXISTS (
    SELECT FROM memberships m WHERE m.user_id = u.user_id AND m.org_id = ANY(%(orgs)s)
) AND NOT EXISTS (
    SELECT FROM all_members m WHERE m.user_id = u.user_id AND m.org_id <> ALL(%(orgs)s) AND m.status <> 'removed'
)
"""
_DELETE_SECURITY_EVENTS = "DELETE FROM security_events WHERE actor_id = ANY(%(users)s) OR object_id = ANY(%(users)s)"


def part_from_people(conn: Connection[Row], orgs: Sequence[str]) -> list[str]:
    """End the access of everybody to these organizations. Return the users who belong to no other organization.

    The others get another organization that they see first.
    """
    values = {"orgs": list(orgs)}
    conn.execute(_LOCK, values)
    only_here: list[str] = conn.cursor(row_factory=scalar_row).execute(_SELECT_ONLY_HERE, values).fetchall()
    for statement in (_END_SESSIONS, _DELETE_LINKS, _MOVE, _END_ACCESS):
        conn.execute(statement, values)
    conn.execute(_DELETE_SECURITY_EVENTS, {"users": only_here})
    return only_here
