"""The application's log-in to the bundled server: a role that owns nothing and has the rights of APP_ROLE.

A role can always change its own password and its own settings. So each process checks both when it begins to use the
server, and sets them again if they were changed. There is one exception: while another process uses the server, a
changed password stays, because that process may need the changed password for its next connection.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from psycopg import Connection, sql

from infra.postgres.database import APP_ROLE, Row
from infra.postgres.embedded.cluster import APPLICATION, Cluster

_FIND = """
SELECT rolpassword, EXISTS (SELECT FROM pg_db_role_setting WHERE setrole = r.oid) FROM pg_authid r WHERE rolname = %s
"""
_CREATE = f"""
DO $$ BEGIN
    IF to_regrole('{APP_ROLE}') IS NULL THEN CREATE ROLE {APP_ROLE} NOLOGIN; END IF;
    IF to_regrole('{APPLICATION}') IS NULL THEN CREATE ROLE {APPLICATION} LOGIN; END IF;
END $$
"""
_GRANT = f"GRANT {APP_ROLE} TO {APPLICATION} WITH INHERIT TRUE, SET FALSE, ADMIN FALSE"
_SET_PASSWORD = sql.SQL("ALTER ROLE {} PASSWORD {}")
_RESET = f"""
DO $$ DECLARE
    place text;
BEGIN
    FOR place IN
        SELECT coalesce('IN DATABASE ' || quote_ident(d.datname), '')
        FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase
        WHERE s.setrole = '{APPLICATION}'::regrole
    LOOP
        EXECUTE format('ALTER ROLE {APPLICATION} %s RESET ALL', place);
    END LOOP;
END $$
"""


def ensure_application(conn: Connection[Row], cluster: Cluster, *, is_alone: bool) -> None:
    """Create or renew the application's log-in, and the file with its password, if needed.

    `conn` is a connection of the superuser in autocommit mode. `is_alone` says whether no other process uses the
    server. If it is False, a password that differs from the one in the file stays. Call this inside `Lease.turn`.
    """
    password = cluster.application_password()
    row = conn.execute(_FIND, (APPLICATION,)).fetchone()
    is_known = bool(row and password and _is_verified(row[0] or "", password))
    if row and (not row[1] if is_known else not is_alone):
        return
    with conn.transaction():
        password = password or secrets.token_urlsafe(32)
        conn.execute(_CREATE)
        conn.execute(_GRANT)
        conn.execute(_SET_PASSWORD.format(sql.Identifier(APPLICATION), sql.Literal(password)))
        conn.execute(_RESET)
        cluster.keep_application_password(password)


def _is_verified(verifier: str, password: str) -> bool:
    """Return whether PostgreSQL accepts the password. `verifier` is its stored form (SCRAM-SHA-256, RFC 5803)."""
    try:
        _, cost, keys = verifier.split("$")
        iterations, _, salt = cost.partition(":")
        stored_key = base64.b64decode(keys.partition(":")[0])
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(iterations))
    except ValueError:
        return False
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    return hmac.compare_digest(hashlib.sha256(client_key).digest(), stored_key)
