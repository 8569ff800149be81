"""`smartdhandha user`: create, link, list and remove the people who log in."""

import pytest

from infra.identity.sessions import digest
from infra.postgres.database import connect_as_table_owner
from tests.support.command_line import run

LINK = "http://127.0.0.1:8000/password/"


@pytest.fixture
def new_user(ask, org_id):
    def make(email, role="admin"):
        return ask("user", "create", "--org", org_id, "--email", email, "--role", role)

    return make


def test_a_user_is_created_with_a_link_and_no_password(ask, org_id, new_user):
    user = new_user(" Asha@Example.in ")
    assert (user["email"], user["role"], user["orgId"]) == ("asha@example.in", "admin", org_id)
    assert user["link"].startswith(LINK) and len(user["link"]) == len(LINK) + 43
    (listed,) = ask("user", "list", "--org", org_id)
    assert (listed["id"], listed["hasPassword"], listed["lastSeenAt"]) == (user["id"], False, None)


def test_for_a_person_standard_output_is_the_link_alone(env, org_id):
    done = run("user", "create", "--org", org_id, "--email", "ravi@example.in", "--role", "owner", env=env)
    assert done.out.startswith(LINK) and done.out.count("\n") == 1
    assert "once, before" in done.err


def test_links_begin_with_the_public_address(env, org_id):
    env = {**env, "SMARTDHANDHA_PUBLIC_URL": "https://books.example.in"}
    done = run("user", "create", "--org", org_id, "--email", "mina@example.in", "--role", "viewer", env=env)
    assert done.out.startswith("https://books.example.in/password/")


def test_an_address_belongs_to_one_user_until_that_user_is_removed(ask, env, org_id, new_user):
    first = new_user("one@example.in")
    words = ("user", "create", "--org", org_id, "--email", "ONE@example.in", "--role", "owner")
    assert "There already is a user with the address one@example.in" in run(*words, env=env, status=1).err
    assert ask("user", "remove", "one@example.in") == {"id": first["id"], "email": "one@example.in"}
    assert new_user("one@example.in")["id"] != first["id"]


def test_a_new_link_replaces_the_old_one(ask, database, new_user):
    first = new_user("two@example.in")
    second = ask("user", "link", "two@example.in")
    assert first["link"] != second["link"] and first["id"] == second["id"]
    with connect_as_table_owner(database) as conn:
        kept = conn.execute("SELECT token_hash FROM user_links WHERE user_id = %s", (first["id"],)).fetchall()
    assert kept == [(digest(second["link"].rpartition("/")[2]),)]


@pytest.mark.parametrize("words", [("link",), ("remove",)])
def test_an_unknown_user_is_one_sentence(env, words):
    said = run("user", *words, "nobody@example.in", env=env, status=1).err
    assert said.startswith("There is no user with the address nobody@example.in") and said.count("\n") == 1


@pytest.mark.parametrize("email", ["asha", "a b@example.in", "@example.in", f"{'a' * 250}@example.in"])
def test_an_invalid_address_is_one_sentence(env, org_id, email):
    said = run("user", "create", "--org", org_id, "--email", email, "--role", "owner", env=env, status=1).err
    assert "is not an e-mail address; write one such as" in said and said.count("\n") == 1


def test_an_unknown_organization_is_one_sentence(env):
    said = run("user", "create", "--org", "org_x", "--email", "x@example.in", "--role", "owner", env=env, status=1).err
    assert "There is no organization" in said
