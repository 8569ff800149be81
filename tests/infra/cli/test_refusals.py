"""What the command line refuses: a sentence for a person on standard error, and an exit status for a program."""

import pytest

from tests.support.command_line import environment, run

REFUSED = {
    "an unknown organization": ("key", "list", "--org", "org_none"),
    "a key for an unknown organization": ("key", "create", "--org", "o", "--name", "x", "--scope", "billing:read"),
    "an unknown key to show": ("key", "show", "key_none"),
    "an unknown key to revoke": ("key", "revoke", "key_none"),
    "an unknown key to rotate": ("key", "rotate", "key_none"),
}
INVALID = {
    "an empty name": ("org", "create", " "),
    "an unknown time zone": ("org", "create", "x", "--time-zone", "Asia/Atlantis"),
    "the name of the machine's own time zone": ("org", "create", "x", "--time-zone", "localtime"),
    "no scope": ("key", "create", "--org", "o", "--name", "x"),
    "an unknown scope": ("key", "create", "--org", "o", "--name", "x", "--scope", "everything"),
    "a limit of zero": ("key", "create", "--org", "o", "--name", "x", "--scope", "billing:read", "--limit", "0"),
    "an expiry that is not a time": (
        "key",
        "create",
        "--org",
        "o",
        "--name",
        "x",
        "--scope",
        "billing:read",
        "--expires",
        "soon",
    ),
    "an overlap that is not a duration": ("key", "rotate", "key_none", "--overlap", "long"),
    "an unknown command": ("key", "eat"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_is_one_sentence_and_status_1(env, case):
    done = run(*REFUSED[case], env=env, status=1)
    assert done.out == "" and len(done.err.splitlines()) == 1 and "Traceback" not in done.err


@pytest.mark.parametrize("case", INVALID)
def test_an_invalid_command_is_status_2_and_says_what_to_write(env, case):
    done = run(*INVALID[case], env=env, status=2)
    assert done.out == "" and "\nError: " in done.err and "Traceback" not in done.err


RULES = {
    "expiresAt must be in the future.": ("--expires", "2001-01-01"),
    "expiresAt must be before 2100; leave it out for a key that does not expire.": ("--expires", "9999-12-30"),
    "name must be 1 to 200 characters, at least one of them visible.": ("--name", "\u200b"),
    "name must not contain the character U+0000, or half a surrogate pair.": ("--name", "a\udce9b"),
}


@pytest.mark.parametrize("sentence", RULES)
def test_what_a_rule_refuses_is_one_sentence_and_status_1(env, org_id, sentence):
    create = ("key", "create", "--org", org_id, "--name", "x", "--scope", "billing:read")
    done = run(*create, *RULES[sentence], env=env, status=1)
    assert (done.out, done.err) == ("", f"{sentence}\n")


@pytest.mark.parametrize("overlap", ["8d", "169h", "604801s", "10081m", "999999d"])
def test_an_overlap_beyond_seven_days_is_refused(env, ask, org_id, overlap):
    key_id = ask("key", "create", "--org", org_id, "--name", "x", "--scope", "billing:read")["id"]
    done = run("key", "rotate", key_id, "--overlap", overlap, env=env, status=1)
    assert (done.out, done.err) == ("", "overlap must be between 0 and 7 days.\n")


@pytest.mark.process
def test_an_unreachable_database_is_one_sentence():
    env = environment(DATABASE_URL="postgresql://someone:sesame@127.0.0.1:1/x")
    done = run("org", "list", env=env, status=1)
    assert len(done.err.splitlines()) == 1 and "sesame" not in done.err
