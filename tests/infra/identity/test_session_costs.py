"""What a page asks about its session costs the same, however many users there are."""

import pytest

from domain.accounts.user import MAX_SESSION
from infra.identity.organizations import create_organization
from infra.identity.sessions import FIND_SESSION, HAS_FACTOR, MAX_IDLE, NOTE_CLIENT, ROLE_OF_SESSION, digest
from infra.postgres.database import connect_as_table_owner
from tests.support.console import new_user, open_session

USERS, FEW = 100, 10
STEPS = {
    "find_session": (FIND_SESSION, (MAX_IDLE, MAX_SESSION)),
    "note_client": (NOTE_CLIENT, ("192.0.2.7", "Chromium")),
    "role_of_session": (ROLE_OF_SESSION, ("org_unknown",)),
    "has_factor": (HAS_FACTOR, ()),
    "find_profile": ("SELECT find_profile(%s)", ()),
    "own_sessions": ("SELECT own_sessions(%s)", ()),
}
MAKE_USERS = """
INSERT INTO users (user_id, org_id, email)
SELECT 'user_' || number, %s, number || '@example.in' FROM generate_series(1, %s) number
"""
MAKE_MEMBERS = """
INSERT INTO memberships (org_id, user_id, role, status)
SELECT org_id, user_id, 'viewer', 'active' FROM users ON CONFLICT DO NOTHING
"""
CALLS = "SELECT max(calls) FROM pg_stat_xact_user_functions"


@pytest.fixture(scope="module")
def session(new_database):
    """The conninfo of a database with many users, and the token of the session of one of them."""
    database = new_database()
    with connect_as_table_owner(database) as conn:
        org_id = create_organization(conn, "Test Traders").id
        token = open_session(conn, new_user(conn, org_id).user.id)
        conn.execute(MAKE_USERS, (org_id, USERS))
        conn.execute(MAKE_MEMBERS)
        conn.execute("ANALYZE")
    return database, token


@pytest.mark.parametrize("step", STEPS)
def test_no_function_is_called_for_each_user(session, step):
    database, token = session
    statement, others = STEPS[step]
    with connect_as_table_owner(database) as conn:
        conn.execute("SET track_functions = 'all'")
        with conn.transaction():
            conn.execute(statement, (digest(token), *others))
            found = conn.execute(CALLS).fetchone()
    assert found is not None and found[0] < FEW
