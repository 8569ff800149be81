"""`smartdhandha audit security`: which events it lists, and in which form."""

import json

import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.command_line import run


@pytest.fixture
def asha(ask, org_id):
    """A user with a role that was changed; the user's address is unique in the module's database."""
    email = f"asha.{org_id.lower()}@example.in"
    user = ask("user", "create", "--org", org_id, "--email", email, "--role", "viewer")
    ask("user", "role", email, "admin")
    return user


@pytest.fixture
def security(env):
    """Return a function that lists events: the kinds, the oldest first."""

    def kinds(*options):
        done = run("audit", "security", "--json", *options, env=env)
        return [json.loads(line)["kind"] for line in done.out.splitlines()]

    return kinds


def test_events_are_filtered_by_organization_user_and_kind(security, asha, org_id, ask):
    other = ask("user", "create", "--org", org_id, "--email", f"ravi.{org_id.lower()}@example.in", "--role", "viewer")
    made = ["user.created", "link.created"]
    assert security("--org", org_id) == [*made, "user.promoted", *made]
    for name in (asha["id"], asha["email"], asha["email"].upper()):
        assert security("--user", name) == [*made, "user.promoted"]
    assert security("--user", other["id"]) == made
    assert security("--org", org_id, "--kind", "user.created") == ["user.created"] * 2
    assert security("--org", org_id, "--kind", "user.created", "--kind", "user.promoted").count("user.promoted") == 1


@pytest.mark.parametrize(("since", "count"), [("1h", 3), ("2000-01-01", 3), ("2999-12-31", 0), ("2999-12-31 18:30", 0)])
def test_events_are_listed_from_a_time_on(security, asha, org_id, since, count):
    assert len(security("--org", org_id, "--since", since)) == count


def test_a_row_of_the_past_is_not_listed_since_later(security, asha, org_id, database):
    with connect_as_table_owner(database) as conn:
        sql = "UPDATE security_events SET at = at - interval '8 days' WHERE org_id = %s AND kind = 'user.created'"
        conn.execute(sql, (org_id,))
    assert security("--org", org_id, "--since", "7d") == ["link.created", "user.promoted"]
    assert len(security("--org", org_id, "--since", "9d")) == 3


def test_the_newest_events_are_listed_and_that_there_may_be_more(env, asha, org_id):
    done = run("audit", "security", "--org", org_id, "--limit", "1", env=env)
    assert "user.promoted" in done.out and "user.created" not in done.out
    assert "There may be older events than the 1 shown" in done.err


def test_for_a_person_it_is_a_table(env, asha, org_id):
    head, *rows = run("audit", "security", "--org", org_id, env=env).out.splitlines()
    assert head.split() == ["at", "who", "kind", "org", "object", "address", "requestId", "details"]
    assert len(rows) == 3 and "role: admin, earlierRole: viewer" in rows[-1] and asha["id"] in rows[-1]


def test_a_line_of_json_has_every_fact(env, asha, org_id):
    line = json.loads(run("audit", "security", "--org", org_id, "--json", env=env).out.splitlines()[-1])
    assert set(line) == {
        *("id", "at", "kind", "org", "actorType", "actor", "object", "address", "requestId", "details"),
    }
    assert line["at"].endswith("Z") and line["details"] == {"role": "admin", "earlierRole": "viewer"}


def test_without_events_it_says_so(env, asha, org_id):
    assert run("audit", "security", "--since", "2999-12-31", env=env).out == "No such events.\n"


@pytest.mark.parametrize(
    "words", [("--since", "yesterday"), ("--kind", "login.maybe"), ("--org", "org_x"), ("--limit", "0")]
)
def test_a_wrong_option_is_refused(env, words):
    assert words[0] in run("audit", "security", *words, env=env, status=2).err or "org_x" in words
