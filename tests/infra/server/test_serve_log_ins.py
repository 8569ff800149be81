"""With which log-ins `serve` uses the database.

The last test was seen red with the owner's conninfo in `open_pool`; the others, with `_check_logins` taken out of
`serve`, and with the check taken out of the settings.
"""

import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.log_ins import GRANT, new_login
from tests.support.organization import Organization
from tests.support.postgres import database_settings
from tests.support.scenarios import draft_invoice
from tests.support.service import Service
from tests.support.terminal import refusal

USERS = """
SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'smartdhandha'
"""
"""The log-ins of the connections in pools."""


def work(service, owner):
    """Send requests that read and write."""
    organization = Organization(service.url, owner)
    draft_invoice(organization.api())
    organization.close()


@pytest.mark.process
def test_the_application_alone_is_refused():
    said = refusal(SMARTDHANDHA_APP_DATABASE_URL="postgresql://someone:sesame@127.0.0.1:1/nothing")
    assert said.startswith("SMARTDHANDHA_APP_DATABASE_URL needs DATABASE_URL, too") and "sesame" not in said


def test_the_owner_alone_works_and_the_start_says_once_what_is_given_up(own_database, tmp_path):
    log = tmp_path / "serve.log"
    with (
        connect_as_table_owner(own_database) as owner,
        Service(own_database, log=log, SMARTDHANDHA_APP_DATABASE_URL="") as service,
    ):
        work(service, owner)
        assert owner.execute(USERS).fetchall() == [("postgres",)]
    assert log.read_text().count("SMARTDHANDHA_APP_DATABASE_URL is not set") == 1


def test_a_log_in_with_too_many_rights_is_refused(own_database):
    said = refusal(**{**database_settings(own_database), "SMARTDHANDHA_APP_DATABASE_URL": own_database})
    assert "the log-in postgres is a superuser" in said and "docs/operations.md" in said
    with new_login(own_database, GRANT, "ALTER ROLE {} CREATEROLE") as unfit:
        said = refusal(DATABASE_URL=own_database, SMARTDHANDHA_APP_DATABASE_URL=unfit)
    assert "has CREATEROLE" in said


def test_with_both_the_pool_logs_in_as_the_application(own_database, tmp_path):
    log = tmp_path / "serve.log"
    with connect_as_table_owner(own_database) as owner, Service(own_database, log=log) as service:
        work(service, owner)
        assert owner.execute(USERS).fetchall() == [("smartdhandha_web",)]
    assert "SMARTDHANDHA_APP_DATABASE_URL" not in log.read_text()
