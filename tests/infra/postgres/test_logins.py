"""The application's log-in: what `serve` refuses, and what the bundled server makes and renews.

Seen red with the checks taken out of `check_application`, `revoke_temporary` and `ensure_application`.
"""

from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from infra.postgres.database import DatabaseUnreachable, connect_as_table_owner
from infra.postgres.embedded import keep_postgres
from infra.postgres.logins import UnfitLogin, check_application, revoke_temporary
from tests.support.log_ins import GRANT, connected, new_login
from tests.support.postgres import application_login, is_denied

FAULTS = {
    "ALTER ROLE {} SUPERUSER": "is a superuser",
    "ALTER ROLE {} CREATEROLE": "has CREATEROLE",
    "ALTER ROLE {} CREATEDB": "has CREATEDB",
    "ALTER ROLE {} BYPASSRLS": "has BYPASSRLS",
    "ALTER ROLE {} REPLICATION": "has REPLICATION",
    "GRANT smartdhandha_app TO {} WITH SET TRUE": "can set the role smartdhandha_app",
    "GRANT smartdhandha_app TO {} WITH INHERIT FALSE": "does not inherit the rights of smartdhandha_app",
    "GRANT pg_monitor TO {} WITH INHERIT FALSE": "can set the role pg_monitor",
    "GRANT pg_read_all_data TO {} WITH SET FALSE": "has the rights of pg_read_all_data",
    "CREATE TABLE mine (a int); ALTER TABLE mine OWNER TO {}": "owns mine",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql RETURN 1; ALTER FUNCTION mine OWNER TO {}": (
        "owns the function mine"
    ),
    "GRANT CREATE ON SCHEMA public TO {}": "may create objects",
    "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO {}', current_database()); END $$": "may create objects",
    "DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO {}', current_database()); END $$": (
        "may create temporary objects"
    ),
}


@pytest.fixture(scope="module")
def database(new_database):
    return new_database()


@pytest.fixture(scope="module")
def table_owner(database):
    with connect_as_table_owner(database) as conn:
        yield conn


def test_a_log_in_as_the_documentation_makes_it_is_accepted(database, table_owner):
    with new_login(database, GRANT) as conninfo:
        check_application(table_owner, conninfo)
    check_application(table_owner, application_login(database))


@pytest.mark.parametrize("statement", FAULTS)
def test_a_log_in_with_another_right_is_refused(database, table_owner, statement):
    with new_login(database, GRANT, statement) as conninfo, pytest.raises(UnfitLogin) as refused:
        check_application(table_owner, conninfo)
    assert FAULTS[statement] in str(refused.value) and "docs/operations.md" in str(refused.value)


def test_a_log_in_that_owns_the_database_is_refused(own_database, postgres):
    name = "SELECT format('ALTER DATABASE %I OWNER TO ', current_database())"
    with connect_as_table_owner(own_database) as conn:
        alter = conn.execute(name).fetchall()[0][0]
        with new_login(own_database, GRANT, f"{alter}{{}}") as conninfo:
            with pytest.raises(UnfitLogin, match="owns the database t_"):
                check_application(conn, conninfo)
            conn.execute(f"{alter} postgres")


def test_the_owners_log_in_is_not_the_applications(database, table_owner):
    with pytest.raises(UnfitLogin, match="the log-in postgres is a superuser"):
        check_application(table_owner, database)


def test_both_log_ins_must_name_one_database(postgres, table_owner):
    with pytest.raises(UnfitLogin, match="name different databases"):
        check_application(table_owner, application_login(postgres))


def test_a_log_in_that_fails_is_named(database, table_owner):
    wrong = make_conninfo(application_login(database), password="guessed")
    with pytest.raises(DatabaseUnreachable, match=r"check SMARTDHANDHA_APP_DATABASE_URL.* password authentication"):
        check_application(table_owner, wrong)


def test_a_restored_database_allows_no_temporary_objects_after_the_next_start(own_database, table_owner):
    """A dump does not contain the rights on its database. Seen red without `revoke_temporary`."""
    make = "CREATE TEMPORARY TABLE mine (a int)"
    with connected(application_login(own_database)) as app, connect_as_table_owner(own_database) as conn:
        conn.execute("DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO PUBLIC', current_database()); END $$")
        assert not is_denied(app, make)
        for _ in range(2):
            revoke_temporary(conn)
        assert is_denied(app, make.replace("mine", "other"))


def test_an_owner_of_tables_that_does_not_own_the_database_changes_nothing(own_database):
    with connect_as_table_owner(own_database) as conn:
        conn.execute("DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO PUBLIC', current_database()); END $$")
        with new_login(own_database, GRANT) as conninfo:
            with connected(conninfo) as other:
                revoke_temporary(other)
            with pytest.raises(UnfitLogin, match="may create temporary objects"):
                check_application(conn, conninfo)


# ── The bundled server ───────────────────────────────────────────────────────────────────────────────────────────────

CHANGES = {
    "no role": "DROP ROLE smartdhandha_web",
    "another password": "ALTER ROLE smartdhandha_web PASSWORD 'stolen'",
    "no password": "ALTER ROLE smartdhandha_web PASSWORD NULL",
    "a setting": "ALTER ROLE smartdhandha_web SET statement_timeout = 1",
    "a setting for one database": "ALTER ROLE smartdhandha_web IN DATABASE smartdhandha SET work_mem = '64kB'",
}


@pytest.fixture
def log_in(data, made):
    """Return a function that starts the server, executes a statement as the application, and returns the log-ins."""

    def execute(statement="SELECT 1"):
        with keep_postgres(data) as (logins, _), connected(logins.application or "") as app:
            app.execute(statement)
            assert app.execute("SHOW statement_timeout").fetchone() == ("0",)
            assert app.execute("SHOW work_mem").fetchone() != ("64kB",)
        return logins

    return execute


def test_the_bundled_server_renews_what_has_changed_of_the_log_in(data, log_in):
    first = log_in()
    for change in CHANGES.values():
        with keep_postgres(data) as (logins, _), connect_as_table_owner(logins.owner) as conn:
            conn.execute(change)
        assert log_in() == first


def test_a_data_folder_of_an_earlier_version_gets_the_log_in(data, log_in):
    """The same when the file with the password is lost: the log-in gets another password."""
    file = data / "password-application"
    log_in()
    for statement in ("DROP ROLE smartdhandha_web", "SELECT 1"):
        with keep_postgres(data) as (logins, _), connect_as_table_owner(logins.owner) as conn:
            conn.execute(statement)
        lost = file.read_text()
        file.unlink()
        log_in()
        assert file.read_text() != lost


@pytest.mark.parametrize("change", [Path.unlink, lambda file: file.write_text("another\n")], ids=["lost", "changed"])
def test_the_password_of_a_running_service_stays_when_a_command_finds_another_one_or_none(data, log_in, change):
    with keep_postgres(data) as (service, _):
        change(data / "password-application")
        with keep_postgres(data) as (command, _), connect_as_table_owner(command.owner):
            pass
        with connected(service.application or "") as app:
            app.execute("SELECT 1")
    log_in()


def test_nothing_is_written_when_nothing_has_changed(data, log_in):
    log_in()
    verifier = "SELECT rolpassword FROM pg_authid WHERE rolname = 'smartdhandha_web'"
    found = set()
    for _ in range(2):
        with keep_postgres(data) as (logins, _), connect_as_table_owner(logins.owner) as conn:
            found.add(conn.execute(verifier).fetchone())
    assert len(found) == 1
