"""The command line: data on standard output for people and machines, everything else on standard error."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import click
import pytest
from click.testing import CliRunner

from domain.reading.logo import read_logo
from infra.cli import cli
from infra.postgres.database import connect_as_table_owner
from infra.postgres.schema.files import list_migrations
from tests.support.cases import all_cases
from tests.support.command_line import run
from tests.support.pictures import png

KEY = r"sd_live_[0-9A-Za-z]{36}"

NEWEST = list_migrations()[-1].version


def commands(group=cli, path=()):
    """Yield each command with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(commands())
PROTOCOLS = {("mcp",)}
"""Commands whose output is a protocol: it is JSON in any case."""


@pytest.fixture
def new_key(ask, org_id):
    def make(*options):
        return ask("key", "create", "--org", org_id, "--name", "Zapier", "--scope", "billing:read", *options)

    return make


@all_cases("words", COMMANDS, ids=" ".join)
def test_the_help_of_each_command_has_an_example(words):
    shown = CliRunner().invoke(cli, [*words, "--help"])
    assert shown.exit_code == 0
    assert f"Example: smartdhandha {' '.join(words)}" in shown.output
    assert ("--json" in shown.output) == (words not in PROTOCOLS)


@pytest.mark.parametrize("words", [(), ("db",), ("org",), ("key",), ("user",), ("webhook",)])
def test_each_group_lists_its_commands(words):
    shown = CliRunner().invoke(cli, [*words, "-h"])
    assert shown.exit_code == 0
    direct = [name[len(words)] for name in COMMANDS if name[: len(words)] == words]
    assert all(name in shown.output for name in direct)


def test_a_migrated_schema_has_nothing_to_apply(ask):
    assert ask("db", "status") == {"version": NEWEST, "pending": [], "changed": [], "searchesAllLetters": True}
    assert ask("db", "migrate") == {"applied": [], "version": NEWEST}


def test_for_a_person_the_schema_is_described_in_a_sentence(env):
    assert run("db", "migrate", env=env).out == f"Nothing to do: the schema is at version {NEWEST}.\n"
    assert run("db", "status", env=env).out == f"The schema is at version {NEWEST}; no migration is pending.\n"


def test_an_organization_is_created_and_listed(ask, env):
    new = ask("org", "create", "Sharma Textiles", "--time-zone", "Asia/Dubai")
    assert new == {"id": new["id"], "name": "Sharma Textiles"} and new["id"].startswith("org_")
    (listed,) = [organization for organization in ask("org", "list") if organization["id"] == new["id"]]
    assert (listed["name"], listed["timeZone"]) == ("Sharma Textiles", "Asia/Dubai")
    shown = run("org", "list", env=env).out
    assert new["id"] in shown and "Sharma Textiles" in shown


def test_a_changed_organization_has_its_name_and_time_zone_in_both_modes(ask, new_key, env):
    org = ask("org", "create", "Sharma Textiles")["id"]
    test = ask("key", "create", "--org", org, "--name", "x", "--scope", "billing:read", "--test")["orgId"]
    changed = ask("org", "update", org, "--name", " Sharma Textiles Pvt Ltd ", "--time-zone", "Asia/Dubai")
    assert (changed["name"], changed["timeZone"]) == ("Sharma Textiles Pvt Ltd", "Asia/Kolkata")
    assert changed["newTimeZone"] == "Asia/Dubai" and changed["newTimeZoneFrom"].endswith("18:30:00.000000Z")
    assert ask("org", "update", org, "--series", "ST-")["seriesPrefix"] == "ST"
    with connect_as_table_owner(env["DATABASE_URL"]) as conn:
        sql = "SELECT name, new_time_zone, series_prefix FROM organizations WHERE org_id = ANY (%s)"
        assert conn.execute(sql, ([org, test],)).fetchall() == [(changed["name"], "Asia/Dubai", "ST")] * 2
    assert ask("org", "update", org, "--time-zone", "Asia/Kolkata")["newTimeZone"] is None
    assert "Say what to change" in run("org", "update", org, env=env, status=2).err
    assert "time zone" in run("org", "update", org, "--time-zone", "Mars", env=env, status=2).err
    assert "A to Z" in run("org", "update", org, "--series", "st", env=env, status=2).err
    assert "1 to 120 characters" in run("org", "update", org, "--name", "x" * 121, env=env, status=2).err
    for unknown in ("org_unknown", test):
        assert unknown in run("org", "update", unknown, "--name", "x", env=env, status=1).err


def test_the_profile_of_an_organization_is_changed_shown_and_refused_with_what_is_wrong(ask, env):
    org = ask("org", "create", "Sharma Textiles")["id"]
    payment = ("--upi", "sharma@okhdfcbank", "--bank", "HDFC Bank, 50200012345678, HDFC0000007")
    ask("org", "update", org, "--gstin", "27 aapfu0939f 1zv", "--composition", *payment)
    shown = ask("org", "show", org)
    assert (shown["gstin"], shown["stateCode"], shown["composition"]) == ("27AAPFU0939F1ZV", "27", True)
    assert (shown["upiId"], shown["bankLine"], shown["legalName"]) == (payment[1], payment[3], None)
    ask("org", "update", org, "--no-composition", "--upi", "")
    assert ask("org", "show", org) == shown | {"composition": False, "upiId": None, "version": 2}
    wrong = {
        ("--gstin", "27AAPFU0939F1ZO"): ("must have the right check character at its end", 2),
        ("--state", "7"): ("must be the two-digit GST code of a state", 2),
        ("--state", "29"): ("must be 27 (Maharashtra), the state of the GSTIN", 1),
        ("--email", "sharma"): ("must be an e-mail address", 2),
        ("--upi", "sharma"): ("must be a UPI id", 2),
    }
    for options, (message, status) in wrong.items():
        assert message in run("org", "update", org, *options, env=env, status=status).err
    assert "27AAPFU0939F1ZV" in run("org", "show", org, env=env).out
    assert "org_unknown" in run("org", "show", "org_unknown", env=env, status=1).err


def test_annual_returns_are_recorded_by_year_shown_and_refused_with_what_is_wrong(ask, env):
    org = ask("org", "create", "Sharma Textiles")["id"]
    ask("org", "update", org, "--annual-return", "2024-25=2025-10-20", "--annual-return", "2023-24=2024-12-31")
    assert ask("org", "show", org)["annualReturns"] == {"2023-24": "2024-12-31", "2024-25": "2025-10-20"}
    ask("org", "update", org, "--annual-return", "2023-24=")
    assert ask("org", "show", org)["annualReturns"] == {"2024-25": "2025-10-20"}
    assert "2024-25: 2025-10-20" in run("org", "show", org, env=env).out
    wrong = {
        "2024-25": ("must be a financial year and a day, such as 2024-25=2025-10-20", 2),
        "2024=2025-10-20": ("must be for a financial year, such as 2024-25", 2),
        "2024-25=20.10.2025": ("must be a calendar date, YYYY-MM-DD", 2),
        "2024-25=2025-03-31": ("must be after 2025-03-31, the last day of the financial year", 2),
        "2024-25=2099-01-01": ("must not be after today", 1),
    }
    for text, (message, status) in wrong.items():
        assert message in run("org", "update", org, "--annual-return", text, env=env, status=status).err
    assert ask("org", "show", org)["version"] == 2


def test_a_logo_is_read_from_a_file_and_taken_away(ask, env, tmp_path):
    org, file = ask("org", "create", "Sharma Textiles")["id"], tmp_path / "logo.png"
    file.write_bytes(png())
    ask("org", "update", org, "--logo", str(file))
    assert ask("org", "show", org)["logo"] == hashlib.sha256(read_logo(png())).hexdigest()
    file.write_bytes(b"no picture")
    assert "must be a PNG file" in run("org", "update", org, "--logo", str(file), env=env, status=2).err
    assert "does not exist" in run("org", "update", org, "--logo", f"{file}x", env=env, status=2).err
    ask("org", "update", org, "--no-logo")
    assert ask("org", "show", org)["logo"] is None


def test_a_key_is_created_with_its_scopes_limit_and_organization(ask, org_id):
    scopes = ("--scope", "leaves:read", "--scope", "billing:write")
    key = ask("key", "create", "--org", org_id, "--name", "Zapier", *scopes, "--limit", "7")
    assert re.fullmatch(KEY, key.pop("key"))
    wanted = {"orgId": org_id, "scopes": ["billing:write", "leaves:read"], "limit": 7, "expiresAt": None}
    wanted |= {"allowedCidrs": [], "burst": None}
    assert key == {"id": key["id"], **wanted} and key["id"].startswith("key_")


def test_a_key_of_test_mode_belongs_to_the_test_organization(ask, org_id, new_key):
    made = new_key("--test")
    assert re.fullmatch(r"sd_test_[0-9A-Za-z]{36}", made["key"])
    assert made["orgId"].startswith("org_test_")
    assert [key["id"] for key in ask("key", "list", "--org", org_id, "--test")] == [made["id"]]
    assert made["id"] not in [key["id"] for key in ask("key", "list", "--org", org_id)]


def test_a_key_has_1000_credits_by_default(new_key):
    assert new_key()["limit"] == 1000


EXPIRES = {
    "2099-03-31": "2099-03-31T18:30:00.000000Z",
    "2099-03-31 18:00": "2099-03-31T12:30:00.000000Z",
    "2099-03-31T18:00:00+05:30": "2099-03-31T12:30:00.000000Z",
    "2099-03-31T18:00:00Z": "2099-03-31T18:00:00.000000Z",
}


@pytest.mark.parametrize("text", EXPIRES)
def test_a_key_expires_on_a_date_or_at_a_time(new_key, text):
    assert new_key("--expires", text)["expiresAt"] == EXPIRES[text]


def test_a_key_expires_after_a_duration(new_key):
    before = datetime.now(UTC)
    until = datetime.fromisoformat(new_key("--expires", "90d")["expiresAt"])
    assert before + timedelta(days=90) <= until <= datetime.now(UTC) + timedelta(days=90)


def test_for_a_person_standard_output_is_the_key_alone(env, org_id):
    done = run("key", "create", "--org", org_id, "--name", "x", "--scope", "billing:read", env=env)
    assert re.fullmatch(f"{KEY}\n", done.out)
    assert "shown only once" in done.err


def test_keys_are_listed_without_their_secrets(ask, env, org_id, new_key):
    key = new_key()
    (listed,) = ask("key", "list", "--org", org_id)
    assert (listed["id"], listed["lastFour"], listed["status"]) == (key["id"], key["key"][-4:], "active")
    shown = run("key", "list", "--org", org_id, env=env).out
    assert key["id"] in shown and key["key"] not in shown
    assert not {"hash", "keyHash", "key"} & set(listed)


def test_a_key_is_revoked(ask, env, org_id, new_key):
    new = new_key()
    revoked = ask("key", "revoke", new["id"])
    assert (revoked["id"], revoked["orgId"], revoked["status"]) == (new["id"], org_id, "revoked")
    assert "is revoked" in run("key", "revoke", new["id"], env=env).out
    assert [key["status"] for key in ask("key", "list", "--org", org_id)] == ["revoked"]


def test_a_key_is_rotated_with_an_overlap(ask, new_key):
    key = new_key()
    before = datetime.now(UTC)
    rotated = ask("key", "rotate", key["id"], "--overlap", "48h")
    assert rotated["id"] == key["id"] and re.fullmatch(KEY, rotated["key"]) and rotated["key"] != key["key"]
    assert datetime.fromisoformat(rotated["previousUntil"]) >= before + timedelta(hours=48)


def test_the_overlap_of_a_rotation_is_a_day_by_default_and_at_most_seven(ask, new_key):
    key = new_key()
    for option, overlap in (((), timedelta(hours=24)), (("--overlap", "7d"), timedelta(days=7))):
        before = datetime.now(UTC)
        until = datetime.fromisoformat(ask("key", "rotate", key["id"], *option)["previousUntil"])
        assert before + overlap <= until <= datetime.now(UTC) + overlap


def test_one_key_is_shown_as_it_is_listed(ask, env, org_id, new_key):
    one, other = new_key("--expires", "2099-03-31"), new_key()
    ask("key", "rotate", one["id"])
    listed = {key["id"]: key for key in ask("key", "list", "--org", org_id)}
    assert [ask("key", "show", id) for id in (one["id"], other["id"])] == [listed[one["id"]], listed[other["id"]]]
    shown = run("key", "show", one["id"], env=env).out
    assert "2099-03-31T18:30:00.000000Z" in shown and f"…{one['key'][-4:]} until " in shown


@pytest.mark.parametrize("overlaps", [("24h",), ("1h", "7d"), ("7d", "1h"), ("0", "2d"), ("30m", "0", "90s", "12h")])
def test_the_list_shows_each_earlier_secret_that_works_and_until_when(ask, env, org_id, new_key, overlaps):
    made = new_key()
    secrets = [made["key"], *(ask("key", "rotate", made["id"], "--overlap", overlap)["key"] for overlap in overlaps)]
    working = {raw[-4:] for raw, overlap in zip(secrets, overlaps, strict=False) if overlap != "0"}
    (listed,) = ask("key", "list", "--org", org_id)
    ends = [each["worksUntil"] for each in listed["earlierSecrets"]]
    assert {each["lastFour"] for each in listed["earlierSecrets"]} == working and ends == sorted(ends)
    shown = run("key", "list", "--org", org_id, env=env).out
    assert all(f"…{each['lastFour']} until {each['worksUntil']}" in shown for each in listed["earlierSecrets"])


def test_a_rotation_says_which_earlier_secrets_work_until_when(ask, env, new_key):
    made = new_key()
    second = ask("key", "rotate", made["id"], "--overlap", "7d")
    done = run("key", "rotate", made["id"], "--overlap", "1h", env=env)
    assert re.fullmatch(f"{KEY}\n", done.out)
    first_end = f"…{made['key'][-4:]} until {second['previousUntil']}"
    assert f"Earlier secrets keep working: {first_end}, …{second['key'][-4:]} until " in done.err


def test_a_key_that_has_expired_is_listed_as_expired_before_the_worker_has_recorded_it(ask, database, org_id, new_key):
    made = new_key("--expires", "1h")
    ask("key", "rotate", made["id"])
    with connect_as_table_owner(database) as conn:
        conn.execute("UPDATE api_keys SET expires_at = clock_timestamp() WHERE id = %s", (made["id"],))
    (listed,) = ask("key", "list", "--org", org_id)
    assert (listed["status"], listed["earlierSecrets"]) == ("expired", [])


def test_a_key_that_has_expired_is_not_rotated(ask, env, database, new_key):
    made = new_key("--expires", "1h")
    with connect_as_table_owner(database) as conn:
        conn.execute("UPDATE api_keys SET expires_at = clock_timestamp() WHERE id = %s", (made["id"],))
    done = run("key", "rotate", made["id"], env=env, status=1)
    assert done.err == "This API key is expired, and only an active key can be rotated. Create another key.\n"
    assert ask("key", "revoke", made["id"])["status"] == "revoked"


def test_changes_of_a_key_are_recorded_as_events_of_the_command_line(ask, database, org_id, new_key):
    key = new_key()
    ask("key", "rotate", key["id"])
    ask("key", "revoke", key["id"])
    with connect_as_table_owner(database) as conn:
        sql = "SELECT name, metadata::jsonb #>> '{actor,type}' FROM events WHERE org_id = %s ORDER BY position"
        rows = conn.execute(sql, (org_id,)).fetchall()
    assert rows == [(f"api_key.{name}", "cli") for name in ("issued", "rotated", "revoked")]


def test_a_key_is_changed_and_keeps_its_secret(ask, new_key):
    key = new_key("--expires", "90d")
    changed = ask("key", "update", key["id"], "--name", "Make", "--scope", "leaves:read", "--limit", "5000")
    assert (changed["name"], changed["scopes"], changed["limit"]) == ("Make", ["leaves:read"], 5000)
    assert (changed["lastFour"], changed["expiresAt"]) == (key["key"][-4:], key["expiresAt"])
    assert ask("key", "update", key["id"], "--expires", "2099-03-31")["expiresAt"] == "2099-03-31T18:30:00.000000Z"
    assert ask("key", "update", key["id"], "--expires", "never") == {**changed, "expiresAt": None}


def test_a_budget_is_set_shown_and_removed(ask, env, org_id):
    none = {"orgId": org_id} | dict.fromkeys(("limit", "used", "remaining", "resetAt", "fullyResetAt"))
    assert ask("org", "budget", org_id) == ask("org", "budget", org_id, "--limit", "none") == none
    assert ask("org", "budget", org_id, "--limit", "500") == none | {"limit": 500, "used": 0, "remaining": 500}
    of_test_mode = ask("org", "budget", org_id, "--test", "--limit", "7")
    assert of_test_mode["orgId"].startswith("org_test_") and of_test_mode["limit"] == 7
    assert ask("org", "budget", org_id)["limit"] == 500
    assert "500" in run("org", "budget", org_id, env=env).out
    assert ask("org", "budget", org_id, "--limit", "none") == none
    wrong = "Invalid value for '--limit': must be a whole number from 1"
    assert wrong in run("org", "budget", org_id, "--limit", "0", env=env, status=2).err
    assert "There is no organization" in run("org", "budget", "org_x", env=env, status=1).err


def test_a_key_has_the_networks_of_the_command_line(ask, new_key):
    key = new_key("--cidr", "2001:db8::/32", "--cidr", "10.0.0.1")
    assert key["allowedCidrs"] == ["10.0.0.1/32", "2001:db8::/32"]
    assert ask("key", "update", key["id"], "--limit", "7")["allowedCidrs"] == key["allowedCidrs"]
    assert ask("key", "update", key["id"], "--cidr", "::/0")["allowedCidrs"] == ["::/0"]
    assert ask("key", "update", key["id"], "--cidr", "everywhere")["allowedCidrs"] == []


def test_a_key_has_the_burst_of_the_command_line(ask, new_key):
    key = new_key("--burst", "10")
    assert key["burst"] == 10
    assert ask("key", "update", key["id"], "--burst", "1000")["burst"] == 1000
    assert ask("key", "update", key["id"], "--burst", "any")["burst"] is None


@pytest.mark.parametrize(
    ("options", "message", "status"),
    [
        ((), "Say what to change: --name, --scope, --limit, --expires, --cidr or --burst.", 2),
        (("--expires", "2020-01-01"), "expiresAt must be in the future.", 1),
        (("--expires", "soon"), "Invalid value for '--expires': must be a day", 2),
        (("--limit", "0"), "Invalid value for '--limit': must be a whole number from 1", 2),
        (("--cidr", "10.0.0.1/8"), "must be 10.0.0.0/8 for all addresses of this range, or 10.0.0.1 for one", 2),
        (("--cidr", "everywhere", "--cidr", "10.0.0.0/8"), "Give either networks or --cidr everywhere.", 2),
        (("--burst", "0"), "Invalid value for '--burst': must be a whole number from 1 to 1000", 2),
        (("--name", " "), "name must be 1 to 200 characters", 1),
    ],
)
def test_a_change_of_a_key_that_cannot_be_is_refused(env, new_key, options, message, status):
    assert message in run("key", "update", new_key()["id"], *options, env=env, status=status).err


def test_a_key_that_is_not_there_is_not_changed(env):
    done = run("key", "update", "key_x", "--limit", "5", env=env, status=1)
    assert "There is no api key with the id 'key_x'" in done.err
