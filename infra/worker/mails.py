"""The task for mails: gives those up that could not be sent, and deletes old traces and links to sign up."""

from __future__ import annotations

from datetime import timedelta

from psycopg import Connection

from infra.log.security_events import write_lines
from infra.postgres.database import Row
from infra.worker.batches import delete_batches

MAIL_TRACES_RETENTION = timedelta(days=90)
"""How long it is kept that a mail was sent, to whom and when."""

# A claimed mail is still being sent until its claim ends.
_GIVE_UP = """
WITH given_up AS (
    UPDATE mails SET status = 'expired', address = NULL, facts = '{}', is_claimed = false, ended_at = clock_timestamp()
    WHERE mail_id IN (
        SELECT mail_id FROM mails WHERE status = 'queued' AND due_at <= clock_timestamp()
        AND queued_at < clock_timestamp() - interval '2 days' LIMIT 500 FOR UPDATE SKIP LOCKED
    )
    RETURNING mail_id, kind, org_id, user_id, result
)
SELECT record_security_event(
    'mail.refused', org_id, NULL, NULL, user_id, NULL, 'mail_' || mail_id,
    json_build_object('mail', kind, 'reason', 'not sent within 2 days; last answer: ' || coalesce(result, 'none'))
) FROM given_up
"""
_DELETE_OLD = """
DELETE FROM mails WHERE mail_id IN (
    SELECT mail_id FROM mails WHERE queued_at < now() - %s::interval AND status <> 'queued' ORDER BY queued_at LIMIT %s
)
"""
_DELETE_OLD_SIGN_UPS = """
DELETE FROM signups WHERE token_hash IN (
    SELECT token_hash FROM signups WHERE expires_at < now() - %s::interval ORDER BY expires_at LIMIT %s
)
"""
SIGN_UPS_RETENTION = timedelta(0)
"""How long an expired link to sign up is kept, with the address that it would have confirmed."""


def forget_mails(conn: Connection[Row]) -> int:
    """Give up the mails that could not be sent for two days, and delete old traces. Return how many rows changed.

    A due mail waits for its next attempt for some hours at most, so one that is given up was tried for two days.
    """
    given_up = 0
    while stored := [event for (event,) in conn.execute(_GIVE_UP)]:
        write_lines(*stored)
        given_up += len(stored)
    links = delete_batches(conn, _DELETE_OLD_SIGN_UPS, SIGN_UPS_RETENTION)
    return given_up + links + delete_batches(conn, _DELETE_OLD, MAIL_TRACES_RETENTION)
