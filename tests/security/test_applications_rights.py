"""What SQL as the application can do besides what the service asks of it. SECURITY.md says so, under "What is not"."""

import json
import secrets

import pytest

from domain.accounts.user import MAX_SESSION
from infra.identity.passwords import HASHER, hash_as, hash_password
from infra.identity.people import CREATE_INVITATION, FIND_OR_ADD
from infra.identity.sessions import FIND_SESSION, MAX_IDLE, USE_LINK, digest
from infra.identity.users.factors.changes import RESET_MEMBER
from infra.postgres.database import set_organization
from tests.support.console import PASSWORD, new_user
from tests.support.scenarios import draft_invoice

ACTS = [
    "UPDATE invoices SET status = 'void'",
    "INSERT INTO events VALUES (%(org)s, 1000, 'inv_x', 1, 'invoice.sent', 1, '{}', '{}', now(), '')",
    "INSERT INTO api_key_hashes VALUES (sha256('mine'), %(org)s, %(key)s, NULL)",
    "INSERT INTO webhooks VALUES (%(org)s, 'whk_x', 1, 'https://a/', 'a', NULL, false, '{}', 'active', 's', NULL, "
    "NULL, now(), now(), 1, '{}')",
    "SELECT record_security_event('key.shown', %(org)s, 'user', 'x', 'x', NULL, 'req_1', NULL)",
    "SELECT record_security_event('password.changed', NULL, 'user', 'x', 'x', NULL, 'req_1', NULL)",
    "SELECT request_sign_up('x@example.in', 'x@example.in', '192.0.2.1', '192.0.2.1', 'req_1')",
    "SELECT record_requests(json_build_array(json_build_object('org', %(org)s::text, 'key', %(key)s::text, 'age', 0, "
    "'request', 'r', 'method', 'GET', 'status', 200, 'us', 1, 'kept', true)))",
    "SELECT set_budget(%(org)s, 1000)",
    "SELECT set_members(%(org)s, '{}')",
    "SELECT store_organization(%(org)s, 'x', NULL, NULL, NULL, 'ST')",
    "SELECT set_budget(%(org)s, NULL)",
    "LOCK TABLE invoices IN ACCESS EXCLUSIVE MODE",
    "ALTER ROLE CURRENT_USER PASSWORD 'x'",
]
FINISH = """
SELECT has_begun FROM finish_login(
    %s, '', sha256('a'), sha256('b'), NULL, '192.0.2.1', 'req_1', %s, %s, %s, sha256(random()::text::bytea)
)
"""


@pytest.fixture
def app(pool):
    """A connection of the application, in a transaction that is rolled back."""
    with pool.connection() as conn, conn.transaction(force_rollback=True):
        yield conn


def test_it_can_choose_an_organization_and_act_for_it(app, organization, api):
    values = {"org": organization.id, "key": organization.new_key().row["id"]}
    invoice = draft_invoice(api)["id"]
    app.execute(set_organization(organization.id))
    assert app.execute("SELECT id FROM invoice_list").fetchall() == [(invoice,)]
    for sql in ACTS:
        app.execute(sql, values if "%(" in sql else None)
    assert app.execute("SELECT verdict FROM admit(sha256('mine'), 'GET', '/x', true)").fetchone() == ("admitted",)


def test_a_stolen_hash_begins_a_session_and_is_replaced(pool, owner, organization):
    user = new_user(owner, organization.id).user
    stolen, own = HASHER.hash(PASSWORD), hash_as(HASHER.hash(PASSWORD), "a password of one's own").prepared
    owner.execute("UPDATE users SET password_hash = %s WHERE user_id = %s", (stolen, user.id))
    with pool.connection() as conn:
        token = digest(secrets.token_urlsafe(32))
        assert conn.execute(FINISH, (user.email, own, stolen, token)).fetchone() == (True,)
    stored = owner.execute("SELECT password_hash FROM users WHERE user_id = %s", (user.id,)).fetchone()
    assert stored == (own,)


def test_it_can_add_an_owner_of_its_own_who_gets_in_and_takes_factors_away(app, owner, organization):
    """Who belongs to an organization follows from its events, which the application appends."""
    victim, email, link, token = new_user(owner, organization.id).user, "mallory@example.in", digest("l"), digest("t")
    app.execute(set_organization(organization.id))
    app.execute(FIND_OR_ADD, (email, email, "user_mallory"))
    for status in ("invited", "active"):
        members = json.dumps({"user_mallory": {"role": "owner", "status": status}})
        app.execute("SELECT set_members(%s, %s)", (organization.id, members))
        app.execute(CREATE_INVITATION, (link, "user_mallory", victim.id, "192.0.2.1", "req_1"))
    app.execute(USE_LINK, (link, hashed := hash_password(PASSWORD), "192.0.2.1", "req_1", None, digest("b")))
    assert app.execute(FINISH, (email, hashed, hashed, token)).fetchone() == (True,)
    session = app.execute(FIND_SESSION, (token, MAX_IDLE, MAX_SESSION)).fetchone()
    assert session[:4] == ("user_mallory", email, "owner", organization.id)
    assert app.execute(RESET_MEMBER, (token, victim.id, "192.0.2.1", "req_1")).fetchone()[0] is None
