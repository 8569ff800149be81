"""`audit verify`, with and without a seal: each kind of tampering is found, and named by its position."""

import json

import pytest

from domain.registry import SCOPES
from infra.audit.copies.import_logs import LOCK, TRY_LOCK, UNLOCK
from infra.identity.keys import create_key
from infra.identity.organizations import create_organization, get_test_organization
from infra.log.proofs.chain import genesis
from infra.postgres.database import connect_as_table_owner
from infra.projector.event_sums import EventSums
from projections.balances import BALANCES
from tests.support.command_line import environment, run

EVENTS = 6


@pytest.fixture(scope="module")
def owner(database):
    with connect_as_table_owner(database) as conn:
        yield conn


@pytest.fixture
def org_id(owner):
    """An organization with a log of six events."""
    id = create_organization(owner, "Test Traders").id
    for number in range(EVENTS):
        create_key(owner, id, f"key {number}", SCOPES, 10, None)
    return id


@pytest.fixture
def broken(env, org_id):
    """What `audit verify` finds in the organization's log: position and reason."""

    def find(*options):
        done = run("audit", "verify", "--org", org_id, "--json", *options, env=env, status=1)
        report = json.loads(done.out)
        (log,) = report["logs"]
        assert not report["whole"] and not log["whole"]
        return log["position"], log["reason"]

    return find


@pytest.fixture
def seal(tmp_path, env, org_id):
    """A seal of the log as it is now, and the public key."""
    path = tmp_path / "heads.seal"
    words = ("audit", "seal", "--out", str(path), "--org", org_id, "--json")
    return path, json.loads(run(*words, env=env).out)["publicKey"]


@pytest.fixture
def checkpoint(tmp_path, env, org_id):
    """A checkpoint of the log as it is now."""
    path = tmp_path / "log.checkpoint"
    path.write_text(run("audit", "checkpoint", "--org", org_id, env=env).out, "utf-8")
    return path


@pytest.fixture(params=["seal", "checkpoint"])
def kept(request):
    """What a verifier has kept, as `audit verify` takes it: its kind, and the options."""
    path = request.getfixturevalue(request.param)
    return request.param, [f"--{request.param}", str(path if request.param == "checkpoint" else path[0])]


def change(owner, org_id, place, **values):
    columns = ", ".join(f"{name} = %s" for name in values)
    sql = f"UPDATE events SET {columns} WHERE org_id = %s AND position = %s"
    owner.execute(sql, (*values.values(), org_id, place))


def shift(owner, org_id, first, by):
    """Move the events from a position on, one at a time, so that no two are at the same place."""
    order = "DESC" if by > 0 else "ASC"
    sql = f"SELECT position FROM events WHERE org_id = %s AND position >= %s ORDER BY position {order}"
    for (position,) in owner.execute(sql, (org_id, first)).fetchall():
        change(owner, org_id, position, position=position + by)


def insert(owner, org_id, position):
    owner.execute(
        "INSERT INTO events SELECT org_id, %s, 'key_forged', 1, name, schema_version, state, metadata, recorded_at, "
        "chain_hash FROM events WHERE org_id = %s ORDER BY position LIMIT 1",
        (position, org_id),
    )


def set_head(owner, org_id, position):
    owner.execute(
        "UPDATE org_log l SET position = e.position, chain_hash = e.chain_hash, recorded_at = e.recorded_at "
        "FROM events e WHERE l.org_id = %s AND e.org_id = l.org_id AND e.position = %s",
        (org_id, position),
    )


def test_a_whole_log_passes(env, org_id):
    assert run("audit", "verify", "--org", org_id, env=env).out == f"{org_id}: intact, {EVENTS} events\n"


@pytest.mark.parametrize(
    "altered",
    [
        {"state": "{}"},
        {"metadata": "{}"},
        {"name": "api_key.revoked"},
        {"schema_version": 2},
        {"originator_id": "key_other"},
        {"originator_version": 2},
        {"recorded_at": "2026-01-01T00:00:00Z"},
        {"chain_hash": b"\\0" * 32},
    ],
    ids=lambda altered: next(iter(altered)),
)
def test_an_altered_event_is_found(altered, owner, org_id, broken):
    change(owner, org_id, 3, **altered)
    assert broken()[0] == 3


def test_a_removed_event_is_found(owner, org_id, broken):
    owner.execute("DELETE FROM events WHERE org_id = %s AND position = 3", (org_id,))
    assert broken() == (3, "position 3 is missing; position 4 follows")


def test_a_removed_event_whose_gap_was_closed_is_found(owner, org_id, broken):
    owner.execute("DELETE FROM events WHERE org_id = %s AND position = 3", (org_id,))
    shift(owner, org_id, 4, -1)
    set_head(owner, org_id, EVENTS - 1)
    assert broken()[0] == 3


def test_an_inserted_event_is_found(owner, org_id, broken):
    shift(owner, org_id, 3, 1)
    insert(owner, org_id, 3)
    set_head(owner, org_id, EVENTS + 1)
    assert broken()[0] == 3


@pytest.mark.parametrize("position", [0, -5])
def test_an_event_inserted_below_the_first_is_found(position, owner, org_id, broken):
    insert(owner, org_id, position)
    assert broken()[0] == position


def test_an_event_appended_behind_the_head_is_found(owner, org_id, broken):
    insert(owner, org_id, EVENTS + 1)
    assert broken()[0] == EVENTS + 1


def test_two_swapped_events_are_found(owner, org_id, broken):
    for old, new in ((2, 99), (4, 2), (99, 4)):
        change(owner, org_id, old, position=new)
    assert broken()[0] == 2


def test_a_tail_that_was_cut_off_is_found(owner, org_id, broken):
    owner.execute("DELETE FROM events WHERE org_id = %s AND position > 4", (org_id,))
    assert broken() == (5, f"the log ends at position 4, but its head says {EVENTS}")


def test_a_head_that_was_altered_is_found(owner, org_id, broken):
    owner.execute("UPDATE org_log SET chain_hash = '\\x00' WHERE org_id = %s", (org_id,))
    assert broken() == (EVENTS, "the head's hash is not that of the last event")


def test_a_tail_cut_off_with_the_head_set_back_is_found_by_what_was_kept(owner, org_id, kept, broken, env):
    owner.execute("DELETE FROM events WHERE org_id = %s AND position > 4", (org_id,))
    set_head(owner, org_id, 4)
    run("audit", "verify", "--org", org_id, env=env)  # which nothing inside the database can tell
    what, options = kept
    reason = f"the {what} was made at position {EVENTS}, but the log ends at 4: it was cut short"
    assert broken(*options) == (5, reason)


def test_a_log_that_was_written_anew_is_found_by_what_was_kept(owner, org_id, kept, broken):
    owner.execute("UPDATE org_log SET position = 0, chain_hash = %s WHERE org_id = %s", (genesis(org_id), org_id))
    owner.execute("DELETE FROM events WHERE org_id = %s", (org_id,))
    for number in range(EVENTS + 1):
        create_key(owner, org_id, f"forged {number}", SCOPES, 10, None)
    position, reason = broken(*kept[1])
    assert position == EVENTS and f"is not the one in the {kept[0]}: the log was rewritten" in reason


def test_a_log_that_is_gone_is_found_by_what_was_kept(owner, org_id, kept, env):
    delete(owner, org_id, "organizations", "org_log", "events")
    done = run("audit", "verify", *kept[1], env=env, status=1)
    assert f"{org_id}: broken at position 1: the log is gone, and no record says that it was removed" in done.out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: [Errno 2]"),
        (b"\xff", "cannot be read: 'utf-8'"),
        (b"", "the checkpoint cannot be trusted"),
        (b"smartdhandha/org_x\n6\nAAAA\n", "the checkpoint cannot be trusted"),
    ],
)
def test_a_checkpoint_that_nobody_has_signed_is_refused(content, message, tmp_path, org_id, env):
    path = tmp_path / "log.checkpoint"
    if content is not None:
        path.write_bytes(content)
    assert message in run("audit", "verify", "--checkpoint", str(path), env=env, status=1).err


def test_a_checkpoint_of_another_key_is_refused(checkpoint, tmp_path, env):
    (tmp_path / "keys").write_text("other+6d7e2a4c+AWTbmG8Ci9F7XiHiZtve8bh03HTs4IOUOsozgoVKVngA")
    words = ("audit", "verify", "--checkpoint", str(checkpoint), "--public-key", str(tmp_path / "keys"))
    assert "cannot be" in run(*words, env=env, status=1).err


def test_a_checkpoint_of_test_mode_is_refused(owner, org_id, tmp_path, env):
    """The key of the test mode may empty its log, which would look like tampering."""
    test = get_test_organization(owner, org_id)
    create_key(owner, test, "a key of test mode", SCOPES, 10, None)
    path = tmp_path / "test.checkpoint"
    path.write_text(run("audit", "checkpoint", "--org", test, env=env).out, "utf-8")
    assert "a checkpoint of test mode" in run("audit", "verify", "--checkpoint", str(path), env=env, status=1).err


def test_several_checkpoints_are_compared_each(owner, org_id, checkpoint, tmp_path, env):
    create_key(owner, org_id, "one more", SCOPES, 10, None)
    later = tmp_path / "later.checkpoint"
    later.write_text(run("audit", "checkpoint", "--org", org_id, env=env).out, "utf-8")
    words = ("audit", "verify", "--org", org_id, "--checkpoint", str(later), "--checkpoint", str(checkpoint))
    assert "intact, 7 events" in run(*words, env=env).out
    owner.execute("DELETE FROM events WHERE org_id = %s AND position > 6", (org_id,))
    set_head(owner, org_id, 6)
    found = run(*words, env=env, status=1).out
    assert "broken at position 7: the checkpoint was made at position 7, but the log ends at 6" in found


def delete(owner, org_id, *tables):
    """Delete an organization's rows from these tables as a superuser can, whatever refers to them."""
    owner.execute("SET session_replication_role = replica")
    for table in tables:
        owner.execute(f"DELETE FROM {table} WHERE org_id = %s", (org_id,))
    owner.execute("RESET session_replication_role")


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        (["org_log"], f"the head of the log is gone; events that are left: {EVENTS}"),
        (["org_log", "events"], "the head of the log is gone; events that are left: 0"),
        (["organizations"], f"the organization of the log is gone; events that are left: {EVENTS}"),
        (
            ["organizations", "org_log"],
            f"the organization and the head of its log are gone; events that are left: {EVENTS} "
            "(if an import was interrupted, import the copy again)",
        ),
    ],
    ids=["head", "head and events", "organization", "organization and head"],
)
def test_organizations_heads_and_events_are_counted_against_each_other(owner, org_id, broken, env, tables, reason):
    delete(owner, org_id, *tables)
    assert broken() == (1, reason)
    done = run("audit", "verify", env=env, status=1)
    assert f"{org_id}: broken at position 1: {reason}" in done.out
    delete(owner, org_id, "organizations", "org_log", "events")  # nothing else in the database may be broken by it


def test_a_tail_cut_off_with_the_head_set_back_is_found_by_what_was_made_from_the_log(owner, org_id, broken):
    EventSums(BALANCES).add_new(owner)
    owner.execute("DELETE FROM events WHERE org_id = %s AND position > 4", (org_id,))
    set_head(owner, org_id, 4)
    reason = f"the log ends at position 4, but balance_progress was made from it up to {EVENTS}: it was cut short"
    assert broken() == (5, reason)
    owner.execute("DELETE FROM balance_progress WHERE org_id = %s", (org_id,))


def test_the_events_of_an_import_that_runs_belong_to_nothing_yet(new_database):
    conninfo = new_database()
    env = environment(DATABASE_URL=conninfo)
    with connect_as_table_owner(conninfo) as owner, connect_as_table_owner(conninfo) as other:
        org_id = create_organization(owner, "Test Traders").id
        create_key(owner, org_id, "a key", SCOPES, 10, None)
        delete(owner, org_id, "organizations", "org_log")
        other.execute(TRY_LOCK, (LOCK,))
        assert org_id not in run("audit", "verify", env=env).out
        other.execute(UNLOCK, (LOCK,))
        assert org_id in run("audit", "verify", env=env, status=1).out


def test_an_unknown_organization_is_refused(env):
    assert "There is no organization 'org_x'" in run("audit", "verify", "--org", "org_x", env=env, status=2).err


def test_logs_of_test_mode_are_neither_sealed_nor_missed(owner, org_id, tmp_path, env):
    """Their keys may empty them, which would look like tampering."""
    test = get_test_organization(owner, org_id)
    create_key(owner, test, "a key of test mode", SCOPES, 10, None)
    words = ("audit", "seal", "--out", str(tmp_path / "all.seal"))
    run(*words, env=env)
    sealed = (tmp_path / "all.seal").read_text("utf-8")
    assert f"\n{org_id} " in sealed and f"\n{test} " not in sealed
    assert "has no seal" in run(*words, "--org", test, env=env, status=2).err


def test_a_log_that_went_on_since_the_seal_passes(owner, org_id, seal, env):
    create_key(owner, org_id, "one more", SCOPES, 10, None)
    run("audit", "verify", "--org", org_id, "--seal", str(seal[0]), "--public-key", seal[1], env=env)
