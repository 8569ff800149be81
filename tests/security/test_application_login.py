"""An attacker that can send any SQL on a connection of the pool, as by an SQL injection, gets no other rights.

Seen red with the pool of earlier versions: a log-in of the owner with `role=smartdhandha_app` in the options of the
connection (`APPLICATION = Logins` returns to it), where `SET ROLE NONE` alone made every other statement possible; and
with TEMPORARY granted to PUBLIC.
"""

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from infra.postgres.database import connect_as_table_owner
from infra.postgres.logins import Logins
from infra.postgres.pool import open_pool
from tests.support.organization import Organization
from tests.support.postgres import application_login, logins_of

APPLICATION = logins_of
"""Returns the log-ins whose pool is attacked."""


@pytest.fixture(scope="module")
def database(new_database):
    """A database of its own: an attack that succeeds would damage it."""
    return new_database()


@pytest.fixture(scope="module")
def table_owner(database):
    with connect_as_table_owner(database) as conn:
        yield conn


@pytest.fixture(scope="module")
def attacked_pool(database):
    with open_pool(APPLICATION(database), 1) as pool:
        yield pool


@pytest.fixture
def app(attacked_pool):
    """A connection of the pool that has tried to leave the application's role in every way."""
    with attacked_pool.connection() as conn:
        for way in LEAVES:
            conn.execute(way)
        yield conn
        conn.execute("RESET ALL")


LEAVES = [
    "DISCARD ALL",
    "RESET ROLE",
    "RESET SESSION AUTHORIZATION",
    "SET SESSION AUTHORIZATION DEFAULT",
    "SET ROLE NONE",
    "SELECT set_config('role', 'none', false)",
]
"""What anybody may send. It must not change anything."""

OTHER_ROLES = [
    "SET ROLE postgres",
    "SET ROLE smartdhandha_app",
    "SELECT set_config('role', 'postgres', false)",
    "SELECT set_config('role', 'smartdhandha_app', false)",
    "SELECT set_config('session_authorization', 'postgres', false)",
    "SET SESSION AUTHORIZATION postgres",
    "SET ROLE pg_execute_server_program",
    "CREATE ROLE other LOGIN SUPERUSER",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "ALTER ROLE postgres PASSWORD 'x'",
    "ALTER ROLE postgres SET search_path = evil",
    "GRANT postgres TO CURRENT_USER",
    "GRANT smartdhandha_app TO CURRENT_USER WITH SET TRUE",
    "GRANT pg_read_all_data TO CURRENT_USER",
    "DROP ROLE smartdhandha_app",
]

TEMPORARY = [
    "CREATE TEMPORARY TABLE mine (a int)",
    "CREATE TEMPORARY VIEW mine AS SELECT 1",
    "CREATE TEMPORARY SEQUENCE mine",
    "CREATE DOMAIN pg_temp.timestamptz AS pg_catalog.timestamptz",
    "CREATE FUNCTION pg_temp.evil() RETURNS int LANGUAGE sql RETURN 1",
    "SELECT 1 AS a INTO TEMPORARY mine",
]

OBJECTS = [
    "CREATE TABLE public.mine (a int)",
    "CREATE SCHEMA mine",
    "CREATE DATABASE mine",
    "CREATE EXTENSION fuzzystrmatch",
    "CREATE OR REPLACE FUNCTION public.find_session(bytea, interval, interval) RETURNS int LANGUAGE sql RETURN 1",
    "CREATE OPERATOR public.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)",
    "CREATE POLICY everyone ON users USING (true)",
    "DROP POLICY own_organization ON events",
    "ALTER TABLE users DISABLE ROW LEVEL SECURITY",
    "ALTER VIEW invoice_list SET (security_invoker = true)",
    "CREATE RULE mine AS ON INSERT TO events DO INSTEAD NOTHING",
    "CREATE TRIGGER mine BEFORE INSERT ON events EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "ALTER TABLE invoices DISABLE TRIGGER ALL",
    "ALTER FUNCTION admit SECURITY INVOKER",
    "ALTER FUNCTION use_secret_key SECURITY INVOKER",
    "DROP TRIGGER webhooks_limit ON webhooks",
    "DROP POLICY own_organization ON webhook_secrets",
    "CREATE FUNCTION public.has_webhook(text) RETURNS boolean LANGUAGE sql RETURN true",
    "GRANT SELECT ON users TO PUBLIC",
    "ALTER TABLE events OWNER TO CURRENT_USER",
    "DROP TABLE assistant_words",
    "CREATE PUBLICATION mine FOR TABLE events",
    "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION admit()",
    "COMMENT ON TABLE events IS 'mine'",
    "REINDEX TABLE events",
    "DO $$ BEGIN LOCK TABLE events IN ACCESS EXCLUSIVE MODE; END $$",
    "DO $$ BEGIN LOCK TABLE users IN ACCESS SHARE MODE; END $$",
    "SELECT FROM events FOR UPDATE",
]

SERVER = [
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY assistant_words FROM '/etc/passwd'",
    "COPY (SELECT 1) TO '/tmp/mine'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_read_binary_file('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_stat_file('postgresql.conf')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/mine')",
    "LOAD '/tmp/mine.so'",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE c AS '/tmp/mine.so'",
    "ALTER SYSTEM SET archive_command = 'true'",
    "SELECT pg_reload_conf()",
    "SET session_replication_role = replica",
    "SET session_preload_libraries = 'mine'",
    "SET log_min_messages = panic",
    "SELECT pg_create_physical_replication_slot('mine')",
    "SELECT pg_switch_wal()",
    "SELECT pg_hba_file_rules()",
]

SECRETS = [
    "SELECT password_hash FROM users",
    "SELECT count(*) FROM users",
    "SELECT * FROM user_sessions",
    "SELECT * FROM user_links",
    "SELECT * FROM login_failures",
    "SELECT * FROM known_browsers",
    "SELECT hash FROM api_key_hashes",
    "SELECT key_hash FROM api_keys",
    "SELECT * FROM assistant_askers",
    "SELECT * FROM worker_runs",
    "SELECT * FROM security_events",
    "DELETE FROM security_events",
    "SELECT * FROM webhooks",
    "SELECT secret_id FROM webhooks",
    "SELECT * FROM webhook_secrets",
    "SELECT encrypted FROM webhook_secrets",
    "UPDATE webhook_secrets SET encrypted = ''",
    "COPY webhook_secrets TO STDOUT",
    "SELECT * FROM webhook_cursors",
    "UPDATE webhook_cursors SET position = 0",
    "SELECT * FROM webhook_deliveries",
    "UPDATE webhook_deliveries SET status = 'delivered'",
    "SELECT * FROM webhook_replays",
    "UPDATE webhook_replays SET position = 0",
    "SELECT * FROM secret_keys",
    "INSERT INTO secret_keys VALUES ('x', now())",
    "DELETE FROM secret_keys",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_largeobject",
    "SELECT * FROM pg_file_settings",
    "SELECT * FROM pg_backend_memory_contexts",
    "UPDATE users SET role = 'owner'",
    "INSERT INTO user_sessions (token_hash, user_id) VALUES ('x', 'x')",
    "UPDATE schema_migrations SET version = 0",
]


def is_refused(conn, sql):
    """Return whether PostgreSQL refuses the statement for lack of rights. It runs outside a transaction."""
    try:
        conn.execute(sql)
    except InsufficientPrivilege:
        return True
    return False


@pytest.mark.parametrize("sql", [*OTHER_ROLES, *TEMPORARY, *OBJECTS, *SERVER, *SECRETS])
def test_the_application_may_not(app, sql):
    assert is_refused(app, sql)


def test_no_way_out_of_the_role_changes_a_right(app):
    name = "SELECT session_user, current_user, current_setting('is_superuser')"
    assert app.execute(name).fetchone() == ("smartdhandha_web", "smartdhandha_web", "off")


def test_the_log_in_owns_nothing_and_has_no_power(table_owner, app):
    """Its one role has the rights of the application, and cannot be set."""
    powers = (
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = %s"
    )
    for role in ("smartdhandha_web", "smartdhandha_app"):
        assert not any(table_owner.execute(powers, (role,)).fetchone())
    owned = "SELECT count(*) FROM pg_shdepend WHERE deptype = 'o' AND refobjid IN (%s::regrole, %s::regrole)"
    assert table_owner.execute(owned, ("smartdhandha_web", "smartdhandha_app")).fetchone() == (0,)
    roles = "SELECT rolname FROM pg_roles WHERE pg_has_role(oid, %s)"
    assert [name for (name,) in app.execute(roles, ("SET",))] == ["smartdhandha_web"]
    assert {name for (name,) in app.execute(roles, ("USAGE",))} == {"smartdhandha_web", "smartdhandha_app"}


@pytest.mark.parametrize("function", ["pg_terminate_backend", "pg_cancel_backend"])
def test_the_owners_connections_cannot_be_ended(app, table_owner, function):
    assert is_refused(app, f"SELECT {function}({table_owner.info.backend_pid})")


def test_the_owners_statements_cannot_be_read(app, table_owner):
    table_owner.execute("SELECT 'secret of the owner'")
    seen = "SELECT query FROM pg_stat_activity WHERE pid = %s"
    assert app.execute(seen, (table_owner.info.backend_pid,)).fetchone() == ("<insufficient privilege>",)


def test_row_level_security_cannot_be_turned_off(app, table_owner):
    """With `row_security = off`, a query fails instead of passing the policy."""
    organization = Organization("http://localhost", table_owner)
    assert app.execute("SELECT org_id FROM events").fetchall() == []
    app.execute("SET row_security = off")
    assert is_refused(app, "SELECT org_id FROM events")
    app.execute("SET row_security = on")
    app.execute("SELECT set_config('app.org', %s, false)", (organization.id,))
    assert is_refused(app, "SELECT password_hash FROM users")


def test_what_is_refused_is_refused_in_a_block_and_in_an_expression_too(app):
    with pytest.raises(InsufficientPrivilege):
        app.execute("DO $$ BEGIN EXECUTE 'SET ROLE postgres'; END $$")
    with pytest.raises(InsufficientPrivilege):
        app.execute("SELECT query_to_xml('SELECT password_hash FROM users', true, true, '')")


def test_the_owner_alone_gives_up_these_walls(database):
    """Without SMARTDHANDHA_APP_DATABASE_URL, the pool is the owner in the application's role: SECURITY.md says so."""
    with open_pool(Logins(database), 1) as pool, pool.connection() as conn:
        assert is_refused(conn, "SELECT count(*) FROM users")
        conn.execute("SELECT set_config('role', 'none', false)")
        assert not is_refused(conn, "SELECT count(*) FROM users")


def test_the_application_cannot_be_reached_with_a_guessed_password(database):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(application_login(database), password="guessed")
