"""Who may ask for an erasure, as the database sees it: the application can ask, and can change nothing itself."""

import pytest

from infra.identity.sessions import digest
from infra.postgres.database import set_organization
from tests.support.console import new_user, open_session
from tests.support.organization import Organization
from tests.support.postgres import is_denied

ASK = "SELECT problem FROM ask_for_erasure(%s, 'erasure_1', 'party', 'zq-7', NULL, '192.0.2.7', 'req_1')"
PROVE = "UPDATE user_sessions SET proved_at = clock_timestamp() - %s::interval WHERE token_hash = %s"
COUNT = "SELECT count(*) FROM erasure_requests WHERE org_id = %s"


@pytest.fixture
def app(pool):
    """A connection of the application, in a transaction that is rolled back."""
    with pool.connection() as conn, conn.transaction(force_rollback=True):
        yield conn


def session(owner, org_id, role="owner", age="1 minute"):
    token = digest(open_session(owner, new_user(owner, org_id, role).user.id))
    owner.execute(PROVE, (age, token))
    return token


def asked(app, org_id, token):
    app.execute(set_organization(org_id))
    return app.execute(ASK, (token,)).fetchone()[0]


@pytest.mark.parametrize(
    ("role", "age", "problem"),
    [
        ("owner", "1 minute", None),
        ("admin", "9 minutes", None),
        ("owner", "11 minutes", "unproved"),
        ("viewer", "1 minute", "forbidden"),
        ("hr", "1 minute", "forbidden"),
    ],
)
def test_it_takes_a_manager_with_a_recent_proof(app, owner, organization, role, age, problem):
    assert asked(app, organization.id, session(owner, organization.id, role, age)) == problem


def test_a_session_of_another_organization_asks_nothing_here(app, owner, service, organization):
    other = Organization(service.url, owner, "Other Traders")
    token = session(owner, other.id)
    assert asked(app, organization.id, token) == "forbidden"
    assert asked(app, organization.id, digest("no session")) == "forbidden"
    other.close()


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO erasure_requests VALUES ('org_1', 'erasure_1', 'user_1', NULL, 'req_1', 'party', 'x')",
        "UPDATE erasure_requests SET state = 'done', subject = NULL, ended_at = now()",
        "DELETE FROM erasure_requests",
        "UPDATE events SET personal = NULL",
        "SELECT subject FROM erasure_requests",
    ],
)
def test_the_application_itself_can_write_none_and_erase_nothing(pool, sql):
    with pool.connection() as conn:
        assert is_denied(conn, sql)


def test_one_organization_neither_sees_nor_takes_back_a_request_of_another(app, owner, organization, service):
    other = Organization(service.url, owner, "Other Traders")
    sql = "INSERT INTO erasure_requests VALUES (%s, 'erasure_2', 'user_1', NULL, 'req_1', 'party', 'x')"
    owner.execute(sql, (other.id,))
    app.execute(set_organization(organization.id))
    assert app.execute("SELECT FROM erasure_request_list WHERE request_id = 'erasure_2'").rowcount == 0
    assert app.execute("SELECT cancel_erasure('erasure_2')").fetchone() == (False,)
    assert owner.execute(COUNT, (other.id,)).fetchone() == (1,)
    owner.execute("DELETE FROM erasure_requests WHERE org_id = %s", (other.id,))
    other.close()
