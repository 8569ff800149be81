"""A database of the version before people were events is upgraded: its users, sessions and links go on.

Seen red with a `find_session` that looks at the organization of the session alone, and without `record_earlier_users`.
"""

from __future__ import annotations

import secrets

import pytest

from infra.identity.organizations import create_organization
from infra.identity.passwords import hash_password
from infra.identity.sessions import digest
from infra.identity.upgrade import upgrade
from infra.postgres.database import connect_as_table_owner
from tests.support.console import PASSWORD, SESSION, Console
from tests.support.service import Service
from tests.support.upgrade import create_database

LAST_WITHOUT_PEOPLE = 44
"""The last migration before roles were scopes, and people events."""
OWNER, MEMBER, NEW, GONE = "asha@example.in", "ravi@example.in", "mina@example.in", "omar@example.in"
INSERT_USER = """
INSERT INTO users (user_id, org_id, email, role, password_hash, removed_at)
VALUES (%(email)s, %(org)s, %(email)s, %(role)s, %(hash)s, CASE WHEN %(removed)s THEN now() END)
"""
INSERT_SESSION = "INSERT INTO user_sessions (token_hash, user_id) VALUES (%s, %s)"
INSERT_LINK = "INSERT INTO user_links (token_hash, user_id, expires_at) VALUES (%s, %s, now() + interval '72 hours')"


class FirstVersion:
    """An organization with an owner and a member who are logged in, an unused link, and a removed user."""

    def __init__(self, conn):
        self.conn, self.url, self.org_id = conn, "", create_organization(conn, "Old Books").id
        for email, role in ((OWNER, "owner"), (MEMBER, "member"), (NEW, "member"), (GONE, "owner")):
            has_password = email != NEW
            values = {"email": email, "org": self.org_id, "role": role, "removed": email == GONE}
            conn.execute(INSERT_USER, {**values, "hash": hash_password(PASSWORD) if has_password else None})
        self.sessions = {email: self._store(INSERT_SESSION, email) for email in (OWNER, MEMBER, GONE)}
        self.link = self._store(INSERT_LINK, NEW)

    def _store(self, statement, email):
        token = secrets.token_urlsafe(32)
        self.conn.execute(statement, (digest(token), email))
        return token

    def open(self, email=None):
        """Return a browser, which has kept the session of this user."""
        browser = Console(self.url)
        if email:
            browser.cookies.set(SESSION, self.sessions[email], domain="127.0.0.1")
        return browser


@pytest.fixture(scope="module")
def first(postgres, database):
    old = create_database(postgres, database, LAST_WITHOUT_PEOPLE)
    with connect_as_table_owner(old) as conn:
        made = FirstVersion(conn)
        upgrade(conn, lambda text: None)
        with Service(old, "--no-worker", "--workers", "1") as service:
            made.url = service.url
            yield made


def test_sessions_go_on_with_their_rights(first):
    with first.open(OWNER) as owner, first.open(MEMBER) as member, first.open(GONE) as gone:
        assert "Old Books" in owner.get("/home").text
        assert "Receivables" in member.get("/home").text and "Leave requests" not in member.get("/home").text
        assert gone.get("/home").status_code == 303
        assert owner.fill("/settings/people/invite", {"email": "new@example.in", "role": "hr"}).status_code == 200
        assert member.get("/settings/people/invite").status_code == 403


def test_passwords_and_unused_links_go_on(first):
    with first.open() as browser:
        assert browser.log_in(MEMBER, PASSWORD).headers["Location"] == "/home"
        link = f"/password/{first.link}"
        assert NEW in browser.get(link).text
        assert browser.fill(link, {"password": PASSWORD, "again": PASSWORD}).headers["Location"] == "/login?set=1"
    with first.open() as browser:
        assert browser.log_in(NEW, PASSWORD).headers["Location"] == "/home"
        assert "Receivables" in browser.get("/home").text


def test_everybody_is_recorded_and_the_last_owner_stays(first):
    sql = "SELECT user_id, role FROM memberships WHERE org_id = %s AND status = 'active' ORDER BY user_id"
    recorded = first.conn.execute(sql, (first.org_id,)).fetchall()
    assert recorded == [(OWNER, "owner"), (NEW, "viewer"), (MEMBER, "viewer")]
    prove = "UPDATE user_sessions SET proved_at = %s"
    with first.open(OWNER) as owner:
        path = f"/settings/people/{OWNER}/remove"
        assert owner.fill(path, on="/logout").headers["Location"].startswith("/profile/factors/confirm")
        first.conn.execute(prove, ("now",))  # as after the password
        page = owner.fill(path, on="/logout")
        first.conn.execute(prove, ("-infinity",))
        assert page.status_code == 409 and "Make somebody else an owner first" in page.text


def test_a_factor_needs_a_new_proof_in_a_session_of_that_version(first):
    with first.open(OWNER) as owner:
        assert owner.get("/profile/factors/app").headers["Location"].startswith("/profile/factors/confirm")
        assert owner.fill("/profile/factors/confirm", {"password": PASSWORD}).status_code == 303
        assert owner.get("/profile/factors/app").status_code == 200
