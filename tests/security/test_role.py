"""What the application's role may not do at all, in its own organization or any other.

Each statement was seen red: with all rights on all tables and functions for the role, CREATE on the schema and on the
database, and the role as the owner of `events`. The rows of organizations and the partitions of credits have a second
wall: they were red without row-level security, and with the rights of the function's owner. The other tests were red
with CREATEDB, and with a table without row-level security.
"""

import pytest

from infra.postgres.database import set_organization
from tests.support.cases import all_cases
from tests.support.postgres import is_denied


@pytest.fixture
def mine(pool, organization):
    """A connection under the application's role, acting for an organization; nothing that it does is kept."""
    with pool.connection() as conn, conn.transaction(force_rollback=True):
        conn.execute(set_organization(organization.id))
        yield conn


OWN = "current_setting('app.org')"
FORBIDDEN = [
    "UPDATE events SET state = '{}'",
    "DELETE FROM events",
    "TRUNCATE events",
    "UPDATE organizations SET name = 'x'",
    "INSERT INTO organizations (org_id, name) VALUES ('org_x', 'x')",
    "DELETE FROM org_log",
    f"UPDATE org_log SET clock_offset = '1 day' WHERE org_id = {OWN}",
    "LOCK TABLE org_log IN ACCESS EXCLUSIVE MODE",
    "UPDATE organizations SET live_organization = NULL",
    "UPDATE user_sessions SET in_test_mode = true",
    "DELETE FROM invoices",
    "SELECT summary FROM invoices",
    "SELECT * FROM api_keys",
    "SELECT key_hash FROM api_keys",
    "SELECT hash FROM api_key_hashes",
    "UPDATE api_key_hashes SET valid_until = NULL",
    "SELECT * FROM credits",
    "SELECT * FROM credit_windows",
    "UPDATE credit_windows SET last_seq = 0",
    "DELETE FROM credits",
    "INSERT INTO credits VALUES ('key_x', 1, now(), 'GET', '/')",
    "SELECT prepare_credit_partitions('2030-01-01')",
    "SELECT url, secret_id FROM webhooks",
    "DELETE FROM webhooks",
    "SELECT encrypted FROM webhook_secrets",
    f"INSERT INTO webhook_secrets (org_id, id, encrypted) VALUES ({OWN}, 'x', '') RETURNING encrypted",
    f"INSERT INTO webhook_secrets VALUES ({OWN}, 'x', '', now())",
    "UPDATE webhook_secrets SET encrypted = ''",
    "DELETE FROM webhook_secrets",
    "SELECT position FROM webhook_cursors",
    f"INSERT INTO webhook_cursors (org_id, webhook_id, position) VALUES ({OWN}, 'x', 0)",
    "UPDATE webhook_cursors SET position = 0",
    "SELECT sample FROM webhook_deliveries",
    "INSERT INTO webhook_deliveries (org_id, webhook_id, position, event_id, type, due_at, occurred_at) "
    f"VALUES ({OWN}, 'x', 0, 'x', 'x', now(), now())",
    "UPDATE webhook_deliveries SET status = 'delivered'",
    "DELETE FROM webhook_deliveries",
    "SELECT types FROM webhook_replays",
    "INSERT INTO webhook_replays (org_id, webhook_id, types, after_position, until_position, position, events) "
    f"VALUES ({OWN}, 'x', '{{}}', 0, 0, 0, 0)",
    "UPDATE webhook_replays SET status = 'running'",
    "SELECT key_hash FROM secret_keys",
    "INSERT INTO secret_keys VALUES ('x', now())",
    "DELETE FROM secret_keys",
    "SELECT has_webhook('whk_x')",
    "SELECT created_position('org_x', 'whk_x')",
    "SELECT position_before('org_x', now())",
    "SELECT new_delivery_id()",
    "SELECT status FROM request_records",
    f"INSERT INTO request_records VALUES ({OWN}, 'key_x', now(), 'x', 'x', 'GET', NULL, 200, NULL, 1)",
    "DELETE FROM request_records",
    "UPDATE request_counts SET answered = 0",
    "SELECT status FROM request_endings",
    "DELETE FROM request_endings",
    "SELECT prepare_request_partitions(now()::date)",
    f"INSERT INTO request_counts VALUES ({OWN}, 'key_x', now(), 1, 1, 1)",
    "SELECT count(*) FROM request_records_other",
    f"SELECT test_organization_of({OWN}, 'org_test_00000000000000000000000000')",
    "CREATE TABLE public.mine (a int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql RETURN now()",
    "ALTER TABLE events DISABLE ROW LEVEL SECURITY",
]


@all_cases("sql", FORBIDDEN)
def test_the_application_may_not(mine, sql):
    assert is_denied(mine, sql)


@pytest.mark.xdist_group("the application's role")
def test_the_applications_role_owns_nothing_and_passes_no_wall(owner):
    sql = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin, oid FROM pg_roles WHERE rolname = %s"
    *powers, oid = owner.execute(sql, ("smartdhandha_app",)).fetchone()
    assert not any(powers)
    assert owner.execute("SELECT FROM pg_class WHERE relowner = %s", (oid,)).fetchall() == []


def test_every_table_of_organizations_has_its_wall(owner):
    unwalled = owner.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id' "
        "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT c.relrowsecurity"
    ).fetchall()
    assert unwalled == []
