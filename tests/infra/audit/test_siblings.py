"""A copy of a test organization alone: it can be imported beside its live one, and nowhere else."""

import pytest

from infra.identity.organizations import get_test_organization
from infra.log.proofs.chain import FIRST_FORMAT
from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.command_line import environment, run
from tests.support.formats import begin_in_format
from tests.support.removal import draft, rows

NO_PLACE = "there is no live organization {live} here that has no test organization; nothing was imported."


@pytest.fixture
def live(own_database, conn):
    """The id of an organization with a test organization of two events."""
    books = Books(conn)
    books.sent_invoice()
    draft(conn, get_test_organization(conn, books.id), 2)
    return books.id


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def copies(own_database, conn, live, tmp_path):
    """Copies of the live organization and of its test organization, each alone."""
    paths = [tmp_path / name for name in ("live.jsonl", "test.jsonl")]
    for org_id, path in zip((live, get_test_organization(conn, live)), paths, strict=True):
        run("audit", "export", "--org", org_id, "--out", str(path), env=environment(DATABASE_URL=own_database))
    return paths


@pytest.fixture
def elsewhere(new_database):
    """Another database, and its environment."""
    conninfo = new_database()
    with connect_as_table_owner(conninfo) as conn:
        yield conn, environment(DATABASE_URL=conninfo)


def refused(env, *words):
    return run("audit", "import", *map(str, words), env=env, status=1).err


def test_it_is_imported_beside_its_live_one_and_is_its_test_organization(conn, live, copies, elsewhere, tmp_path):
    there, env = elsewhere
    run("audit", "import", str(copies[0]), env=env)
    run("audit", "import", str(copies[1]), "--beside", live, env=env)
    test = get_test_organization(conn, live)
    assert get_test_organization(there, live) == test
    run("audit", "verify", env=env)
    again = tmp_path / "again.jsonl"
    run("audit", "export", "--org", test, "--out", str(again), env=env)
    assert again.read_bytes() == copies[1].read_bytes()


def test_without_the_operators_word_it_is_refused(live, copies, elsewhere):
    """Otherwise the maker of a copy that an operator imports could take over the test mode of an organization."""
    there, env = elsewhere
    run("audit", "import", str(copies[0]), env=env)
    before = rows(there)
    said = refused(env, copies[1])
    assert f"is imported with its live organization {live}, which must be in the same copy, or be here" in said
    assert rows(there) == before


def test_a_live_one_that_is_not_here_or_has_a_test_organization_is_refused(live, copies, elsewhere):
    there, env = elsewhere
    assert NO_PLACE.format(live=live) in refused(env, copies[1], "--beside", live)
    run("audit", "import", str(copies[0]), env=env)
    own = get_test_organization(there, live)
    before = rows(there)
    assert NO_PLACE.format(live=live) in refused(env, copies[1], "--beside", live)
    assert rows(there) == before and get_test_organization(there, live) == own


def test_a_copy_of_another_test_organization_is_refused(live, copies, elsewhere):
    there, env = elsewhere
    other = Books(there).id
    assert "is imported with its live organization" in refused(env, copies[1], "--beside", other)
    said = refused(env, copies[0], "--beside", other)
    assert f"The copy has no test organization of {other}; nothing was imported." in said


def test_the_copy_that_an_upgrade_writes_of_a_test_log_is_imported_in_the_same_way(
    conn, own_database, elsewhere, tmp_path
):
    (there, env), source = elsewhere, environment(DATABASE_URL=own_database)
    live, old = Books(conn).id, tmp_path / "old.jsonl"
    test = get_test_organization(conn, live)
    begin_in_format(conn, test, FIRST_FORMAT)
    draft(conn, test, 2)
    run("audit", "export", "--org", live, "--out", str(tmp_path / "live.jsonl"), env=source)
    run("privacy", "upgrade", "--org", test, "--confirm", "Books", "--export", str(old), env=source)
    run("audit", "import", str(tmp_path / "live.jsonl"), env=env)
    run("audit", "import", str(old), "--beside", live, env=env)
    run("audit", "verify", env=env)
    assert get_test_organization(there, live) == test
