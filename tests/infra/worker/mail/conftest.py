"""A database of its own for each test, an organization in it, and an SMTP server."""

import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.mail_sink import MailSink
from tests.support.mails import organization_with_mails


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def org_id(conn):
    """An organization of an installation that sends mails."""
    return organization_with_mails(conn)


@pytest.fixture
def sink():
    with MailSink() as opened:
        yield opened
