"""Fixtures for all tests: one PostgreSQL and one service for a session, and a new organization for each test."""

from __future__ import annotations

import functools
import signal
import ssl
import uuid

import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infra.identity.organizations import get_test_organization
from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from infra.postgres.logins import revoke_temporary
from infra.postgres.migrate import migrate
from infra.postgres.pool import open_pool
from infra.worker.pauses import PAUSES
from tests.support.console import ADDRESS_HEADER
from tests.support.formats import let_new_logs_have_the_chosen_format
from tests.support.given_database import given_database
from tests.support.organization import Organization
from tests.support.postgres import copy_database, drop_databases, folder_for_servers, logins_of, service_group
from tests.support.prepared import prepare
from tests.support.senders import LOOPBACK
from tests.support.service import Service

pytest_plugins = [
    "tests.support.alone",
    "tests.support.browser",
    "tests.support.cheap_hashes",
    "tests.support.garbage",
    "tests.support.lanes",
    "tests.support.light_http",
    "tests.support.once",
]

SETTINGS = ("fsync = off", "full_page_writes = off", "autovacuum_naptime = '10min'", "max_wal_size = '256MB'")
"""What the server of the tests has other than the bundled one."""

# A busy machine is slow: how long an example takes is no failure.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

# A script ignores SIGINT for what it runs in the background, and processes inherit that. The tests send SIGINT.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_pauses():
    """What has failed in another test is tried at once."""
    PAUSES.clear()


@pytest.fixture(scope="session", autouse=True)
def one_tls_context():
    """Let all HTTP clients of the tests share one TLS context.

    httpx makes one for each client, even for http. That reads the certificates of all authorities, which takes more
    processor time than most tests do.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session")
def postgres():
    """Start a PostgreSQL for this session, one for each worker of pytest-xdist; yield the conninfo of a database in it.

    With TEST_DATABASE_URL, yield this database (see tests/README.md).

    It does not wait for the disk, since no test cuts the power: a killed process loses nothing that the kernel has. The
    tests of the bundled server and of outages start servers of their own, which are durable as in production. Nor does
    it look for work in each of the many databases every minute. Its log of writes stays small: its files are in memory.
    """
    if (given := given_database()) is not None:
        yield given
        return
    with folder_for_servers() as folder:
        prepare(folder / "data")
        with run_postgres(folder / "data", group=service_group()) as conninfo:
            with connect_as_table_owner(conninfo) as conn:
                for setting in SETTINGS:
                    conn.execute(f"ALTER SYSTEM SET {setting}")
                conn.execute("SELECT pg_reload_conf()")
            yield conninfo


@pytest.fixture(scope="session")
def template(postgres):
    """Create an empty database with the schema, to copy others from; yield its name."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    if given_database() is None:
        copy_database(postgres, name, str(conninfo_to_dict(postgres)["dbname"]))
    else:
        with connect_as_table_owner(postgres) as conn:
            conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with connect_as_table_owner(make_conninfo(postgres, dbname=name)) as conn:
            migrate(conn)
            let_new_logs_have_the_chosen_format(conn)
    yield name
    drop_databases(postgres, [name])


@pytest.fixture(scope="session")
def new_database(postgres, template):
    """Yield a function that creates a database with the schema and returns its conninfo."""
    names = []

    def make() -> str:
        name = f"t_{uuid.uuid4().hex[:12]}"
        names.append(name)
        copy_database(postgres, name, template)
        conninfo = make_conninfo(postgres, dbname=name)
        with connect_as_table_owner(conninfo) as conn:
            revoke_temporary(conn)  # a copy of a database does not have the rights on the original
        return conninfo

    yield make
    drop_databases(postgres, names)


@pytest.fixture(scope="session")
def shared_database(postgres, request):
    """A database for all tests that only need their own organization in it. With TEST_DATABASE_URL, this database."""
    if given_database() is None:
        return request.getfixturevalue("new_database")()
    with connect_as_table_owner(postgres) as conn:
        migrate(conn)
        revoke_temporary(conn)
    return postgres


@pytest.fixture
def own_database(new_database):
    """A database for this test alone, which may damage it."""
    return new_database()


@pytest.fixture(scope="session")
def service(shared_database):
    """The service on the shared database, with two worker processes, on a free port.

    The assistant's rate limit is high, a client may name its address in a header, and webhooks may lead to loopback.
    """
    with Service(
        shared_database,
        SMARTDHANDHA_ASSISTANT_RATE="100000",
        SMARTDHANDHA_ADDRESS_HEADER=ADDRESS_HEADER,
        SMARTDHANDHA_WEBHOOK_ALLOW=LOOPBACK,
    ) as running_service:
        yield running_service


@pytest.fixture(scope="session")
def owner(shared_database):
    """A connection to the shared database, as the owner of its tables."""
    with connect_as_table_owner(shared_database) as conn:
        yield conn


@pytest.fixture(scope="session")
def pool(shared_database):
    """A pool of connections to the shared database, logged in as the application."""
    with open_pool(logins_of(shared_database), 4) as opened:
        opened.wait()
        yield opened


@pytest.fixture
def organization(service, owner):
    """A new organization, with clients of the service and keys."""
    new_organization = Organization(service.url, owner)
    yield new_organization
    new_organization.close()


@pytest.fixture
def sibling(organization, owner):
    """The test organization of the new organization, with clients of the service and keys of test mode."""
    made = Organization(organization.url, owner, id=get_test_organization(owner, organization.id))
    yield made
    made.close()


@pytest.fixture
def other_organization(service, owner):
    """A second organization, which must not see anything of the first one."""
    new_organization = Organization(service.url, owner, "Other Traders")
    yield new_organization
    new_organization.close()


@pytest.fixture
def api(organization):
    """A client of the API for the first organization, with a key that has all scopes."""
    return organization.api()
