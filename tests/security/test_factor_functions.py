"""A client that can send SQL as the application cannot pass a second factor, or change one, without its proof."""

import hashlib
import secrets

import pytest

from infra.identity import users
from infra.identity.sessions import digest
from infra.identity.users.factors.answers import FINISH_FACTOR, recovery_hash
from infra.identity.users.factors.changes import ADD_FACTOR, REMOVE_FACTOR, REPLACE_CODES, RESET_MEMBER
from infra.identity.users.factors.stored import FIND_FACTORS
from tests.support.console import new_user, open_session
from tests.support.postgres import is_denied

OLD = "UPDATE user_sessions SET proved_at = proved_at - interval '10 minutes' WHERE token_hash = %s"


@pytest.fixture
def app(pool):
    """A connection as the application."""
    with pool.connection() as conn:
        yield conn


@pytest.fixture
def user(owner, organization):
    return new_user(owner, organization.id).user


@pytest.fixture
def session(owner, user):
    """The hash of the token of a session."""
    return digest(open_session(owner, user.id))


@pytest.fixture
def proof():
    return secrets.token_bytes(32)


@pytest.fixture
def factor(app, session, proof):
    """The id of a factor of the user."""
    return add(app, session, proof)[1]


@pytest.fixture
def pending(owner, user, factor):
    """The hash of the token of a log-in that awaits the factor."""
    token = secrets.token_bytes(32)
    owner.execute("INSERT INTO pending_logins (token_hash, user_id) VALUES (%s, %s)", (token, user.id))
    return token


def add(app, session, proof, codes=()):
    id = f"factor_{secrets.token_hex(8)}"
    hashes = (digest_of(proof), secrets.token_bytes(32))
    values = (session, id, "totp", "My phone", b"sealed", *hashes, 5, list(codes), "192.0.2.1", "req_1")
    return app.execute(ADD_FACTOR, values).fetchone()[0], id


def digest_of(proof):
    return hashlib.sha256(proof).digest()


def finish(app, token, factor=None, proof=None, count=None, code=None):
    """Return whether an answer was accepted, and the hash of the session's token."""
    new = secrets.token_bytes(32)
    values = (token, secrets.token_bytes(32), None, "192.0.2.1", "req_1", factor, proof, count, code, new, new)
    return app.execute(FINISH_FACTOR, values).fetchone()[0], new


def sessions_of(owner, user):
    return owner.execute("SELECT count(*) FROM user_sessions WHERE user_id = %s", (user.id,)).fetchone()[0]


def test_the_right_proof_begins_one_session(app, owner, user, pending, factor, proof):
    assert finish(app, pending, factor, proof, 6)[0]
    assert sessions_of(owner, user) == 2
    assert not finish(app, pending, factor, proof, 7)[0]
    assert sessions_of(owner, user) == 2


def test_without_the_proof_nothing_begins(app, owner, user, pending, factor, proof):
    for wrong in (None, b"", digest_of(proof), secrets.token_bytes(32)):
        assert not finish(app, pending, factor, wrong, 6)[0]
    for other in (None, "", "factor_x"):
        assert not finish(app, pending, other, proof, 6)[0]
    for count in (None, 5, 0, -1):
        assert not finish(app, pending, factor, proof, count)[0]
    assert sessions_of(owner, user) == 1


def test_the_stored_hash_of_a_recovery_code_is_no_code(app, owner, user, session, proof):
    sent = recovery_hash("abcd")
    assert add(app, session, proof, [digest_of(sent)])[0] is None
    token = secrets.token_bytes(32)
    owner.execute("INSERT INTO pending_logins (token_hash, user_id) VALUES (%s, %s)", (token, user.id))
    assert not finish(app, token, code=digest_of(sent))[0]
    assert finish(app, token, code=sent)[0]


def test_what_is_found_of_a_factor_is_encrypted(app, pending, factor):
    row = app.execute(FIND_FACTORS, (pending,)).fetchone()
    assert b'"sealed"' in row[5] and b"proof" not in row[5]


def test_an_unknown_token_finds_nothing_and_finishes_nothing(app, factor, proof):
    assert app.execute(FIND_FACTORS, (secrets.token_bytes(32),)).fetchone() is None
    assert not finish(app, secrets.token_bytes(32), factor, proof, 6)[0]


def test_changes_need_a_new_proof(app, owner, session, factor, proof):
    owner.execute(OLD, (session,))
    assert add(app, session, secrets.token_bytes(32))[0] == "unproved"
    assert app.execute(REMOVE_FACTOR, (session, factor, False, "", "")).fetchone()[0] == "unproved"
    assert app.execute(REPLACE_CODES, (session, [], "", "")).fetchone()[0] == "unproved"
    assert finish(app, session, factor, proof, 6)[0]
    assert app.execute(REMOVE_FACTOR, (session, factor, False, "", "")).fetchone()[0] is None


def test_a_pending_log_in_changes_nothing(app, pending, factor):
    assert add(app, pending, secrets.token_bytes(32))[0] == "unproved"
    assert app.execute(REMOVE_FACTOR, (pending, factor, False, "", "")).fetchone()[0] == "unproved"


def test_a_user_has_ten_factors_at_most(app, session):
    problems = [add(app, session, secrets.token_bytes(32))[0] for _ in range(11)]
    assert problems == [None] * 10 + ["too_many"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT factor_session(convert_to(%s, 'UTF8'))",
        "SELECT lock_factor_session(convert_to(%s, 'UTF8'))",
        "SELECT factor_counters(%s, '', '')",
        "SELECT use_factor(%s, '', '', 1, '')",
        "SELECT accept_factor(%s, '', '', '', '', '', '', '')",
        "SELECT accept_login(%s, '', '', '', '', '', '', '')",
        "SELECT count_wrong('', '1 day', '{}', '{}', '{}', %s, '', '')",
        "SELECT proved_user(convert_to(%s, 'UTF8'))",
        "SELECT end_other_sessions(%s, '')",
        "SELECT record_own_change('', %s, '', '', '')",
        "SELECT drop_factors(%s)",
        "SELECT user_id FROM user_factors WHERE user_id = %s",
        "SELECT user_id FROM recovery_codes WHERE user_id = %s",
        "INSERT INTO pending_logins (token_hash, user_id) VALUES ('', %s)",
        "SELECT challenge FROM passkey_challenges WHERE token_hash = convert_to(%s, 'UTF8')",
    ],
)
def test_the_steps_and_tables_cannot_be_reached(app, user, sql):
    assert is_denied(app, sql, user.id)


class TestReset:
    """An owner or admin resets the factors of a user who belongs to this organization alone."""

    @pytest.fixture
    def member(self, owner, organization, app):
        """An accountant with a factor."""
        member = new_user(owner, organization.id, "accountant").user
        assert add(app, digest(open_session(owner, member.id)), secrets.token_bytes(32))[0] is None
        return member

    def reset(self, app, session, user):
        return app.execute(RESET_MEMBER, (session, user.id, "192.0.2.1", "req_1")).fetchone()[0]

    def factors_of(self, owner, user):
        return owner.execute("SELECT count(*) FROM user_factors WHERE user_id = %s", (user.id,)).fetchone()[0]

    def test_an_owner_does_it(self, app, owner, session, member, user):
        assert self.reset(app, session, member) is None
        assert (self.factors_of(owner, member), sessions_of(owner, member)) == (0, 0)
        sql = "SELECT actor_id FROM security_events WHERE kind = 'factors.reset' AND object_id = %s"
        assert owner.execute(sql, (member.id,)).fetchall() == [(user.id,)]

    def test_an_admin_does_but_not_of_an_owner(self, app, owner, organization, member, user, factor):
        admin = digest(open_session(owner, new_user(owner, organization.id, "admin").user.id))
        assert self.reset(app, admin, user) == "owner" and self.factors_of(owner, user) == 1
        assert self.reset(app, admin, member) is None and self.factors_of(owner, member) == 0

    @pytest.mark.parametrize("role", ["accountant", "hr", "viewer"])
    def test_nobody_else_does(self, app, owner, organization, member, role):
        other = digest(open_session(owner, new_user(owner, organization.id, role).user.id))
        assert self.reset(app, other, member) == "forbidden"
        assert self.factors_of(owner, member) == 1

    def test_not_without_a_new_proof(self, app, owner, session, member):
        owner.execute(OLD, (session,))
        assert self.reset(app, session, member) == "unproved"

    def test_not_of_strangers_and_not_the_own_ones(self, app, owner, session, user, factor, other_organization):
        stranger = new_user(owner, other_organization.id).user
        assert self.reset(app, session, stranger) == "gone"
        assert self.reset(app, session, user) == "own"
        assert self.factors_of(owner, user) == 1

    def test_not_of_a_user_who_belongs_elsewhere_too(self, app, owner, session, member, other_organization):
        users.create_user(owner, other_organization.id, member.email, "viewer")
        assert self.reset(app, session, member) == "elsewhere"
        assert self.factors_of(owner, member) == 1
