"""`audit prove`, `check`, `checkpoint`, `consistency`, `keys` and `rotate-key`, for operators and auditors."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from stat import S_IMODE

import pytest

from infra.audit.proofs.trees import MOST_BEHIND
from infra.cli.audit.check import result_of
from infra.identity.keys import create_key
from infra.identity.organizations import create_organization
from infra.log.heads import get_position
from infra.log.proofs.checkpoints import Checkpoint
from infra.log.proofs.event_proof import ProvenEvent
from infra.log.proofs.proof_files import ProvenCheckpoint
from infra.log.proofs.tiles import WIDTH
from infra.log.reading.pages import list_page
from infra.log.records import RecordedEvent
from infra.postgres.database import connect_as_table_owner
from infra.projector.following.log_tiles import LogTileTable
from projections.registry import LOG_TILES
from projections.views.events import event_id
from tests.support.command_line import run
from tests.support.long_log import append_events

TABLE = LogTileTable(LOG_TILES)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        yield opened


@pytest.fixture
def org_id(conn):
    """An organization with a log of two tiles and some events."""
    id = create_organization(conn, "Test Traders").id
    create_key(conn, id, "Web", ("billing:read",), 9, None)
    append_events(conn, id, 2 * WIDTH + 9)
    while TABLE.add_page(conn, id):
        pass
    return id


@pytest.fixture
def keys(tmp_path, env):
    path = tmp_path / "log-keys.json"
    path.write_text(run("audit", "keys", "--json", env=env).out)
    return str(path)


def id_at(conn, org_id, position):
    return event_id(list_page(conn, org_id, position - 1, 1)[0].chain_hash)


def proof_at(conn, env, path, org_id, position):
    path.write_text(run("audit", "prove", id_at(conn, org_id, position), "--org", org_id, env=env).out)
    return str(path)


@pytest.mark.parametrize("position", [1, 2, WIDTH, WIDTH + 1, 2 * WIDTH + 5])
def test_what_is_proven_is_said_and_shown(position, conn, env, org_id, keys, tmp_path):
    proof = proof_at(conn, env, tmp_path / "x.tlog-proof", org_id, position)
    first, blank, *lines = run("audit", "check", proof, "--key", keys, env={}).out.splitlines()
    size, (key,) = get_position(conn, org_id), json.loads((tmp_path / "log-keys.json").read_text())["keys"]
    assert first == (
        f"Proven: the event {id_at(conn, org_id, position)}, with the content below, was at position {position} in "
        f"the log of {org_id}, whose checkpoint of size {size} was signed by {key['name']} (key {key['keyId']})."
    )
    assert blank == "" and f"position: {position}" in lines


def test_a_proof_is_checked_in_a_process_that_knows_no_database(conn, env, org_id, keys, tmp_path):
    """Neither a driver of databases nor a client or server of HTTP is loaded, and no setting is there."""
    proof = proof_at(conn, env, tmp_path / "x.tlog-proof", org_id, 300)
    program = (
        "import sys\nfrom infra.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    print(end.code or 0, *sorted(sys.modules), file=sys.stderr)"
    )
    words = [sys.executable, "-c", program, "audit", "check", proof, "--key", keys, "--json"]
    done = subprocess.run(words, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True)
    code, *modules = done.stderr.split()
    assert (code, json.loads(done.stdout)["proven"]) == ("0", True)
    loaded = {name.partition(".")[0] for name in modules}
    assert loaded & {"psycopg", "psycopg_pool", "falcon", "gunicorn", "httpx", "requests"} == set()


def test_a_changed_proof_is_not_proven(conn, env, org_id, keys, tmp_path):
    path = tmp_path / "x.tlog-proof"
    proof_at(conn, env, path, org_id, 300)
    path.write_text(path.read_text().replace("index 299", "index 298"))
    said = run("audit", "check", str(path), "--key", keys, env={}, status=1)
    assert said.out == "" and "Not proven: " in said.err


def test_json_has_the_same_text(env, org_id, tmp_path):
    text = run("audit", "checkpoint", "--org", org_id, env=env).out
    assert json.loads(run("audit", "checkpoint", "--org", org_id, "--json", env=env).out) == {"checkpoint": text}


def test_without_a_key_nothing_is_proven(conn, env, org_id, tmp_path):
    proof = proof_at(conn, env, tmp_path / "x.tlog-proof", org_id, 1)
    assert "Name the public keys that you trust with --key" in run("audit", "check", proof, env={}, status=2).err


@pytest.mark.parametrize("key", ["nobody", "a+b+c", "log+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"])
def test_what_is_no_key_is_refused(key, conn, env, org_id, tmp_path):
    proof = proof_at(conn, env, tmp_path / "x.tlog-proof", org_id, 1)
    assert "The key cannot be used: " in run("audit", "check", proof, "--key", key, env={}, status=1).err


@pytest.mark.parametrize("id", ["evt_0", "evt_" + "0" * 24, "inv_1", "evt_%"])
def test_an_unknown_event_is_refused(id, env, org_id):
    assert f"There is no event '{id}'" in run("audit", "prove", id, "--org", org_id, env=env, status=1).err


def test_an_event_of_another_organization_is_not_found(conn, env, org_id):
    other = create_organization(conn, "Other").id
    create_key(conn, other, "Web", ("billing:read",), 9, None)
    assert "There is no event" in run("audit", "prove", id_at(conn, other, 1), "--org", org_id, env=env, status=1).err


def test_a_tree_far_behind_is_refused_and_the_wait_is_said(conn, env, org_id):
    append_events(conn, org_id, MOST_BEHIND + 2 * WIDTH)
    said = run("audit", "checkpoint", "--org", org_id, env=env, status=1).err
    assert "are not in the tree of the log yet" in said and "Try again in 2 seconds" in said
    TABLE.add_page(conn, org_id)
    run("audit", "checkpoint", "--org", org_id, env=env)


def checkpoint(env, org_id, path):
    path.write_text(run("audit", "checkpoint", "--org", org_id, env=env).out)
    return str(path)


def test_a_log_that_grew_is_consistent_also_without_the_database(conn, env, org_id, keys, tmp_path):
    old = checkpoint(env, org_id, tmp_path / "old")
    append_events(conn, org_id, WIDTH + 3)
    TABLE.add_page(conn, org_id)
    new, saved = checkpoint(env, org_id, tmp_path / "new"), str(tmp_path / "proof")
    said = run("audit", "consistency", old, new, "--save", saved, env=env).out
    size = get_position(conn, org_id)
    assert f"of size {size} begins with the {size - WIDTH - 3} events of the older checkpoint, unchanged" in said
    assert run("audit", "consistency", old, new, "--proof", saved, "--key", keys, env={}).out == said
    assert S_IMODE(Path(saved).stat().st_mode) == 0o600


def test_a_log_that_was_written_anew_is_not_consistent(conn, env, org_id, tmp_path):
    old = checkpoint(env, org_id, tmp_path / "old")
    size = get_position(conn, org_id)
    conn.execute("DELETE FROM events WHERE org_id = %s AND position > 5", (org_id,))
    conn.execute("UPDATE org_log SET position = 5, chain_hash = '' WHERE org_id = %s", (org_id,))
    append_events(conn, org_id, size)
    TABLE.rebuild(conn, org_id)
    new = checkpoint(env, org_id, tmp_path / "new")
    assert "Not consistent: " in run("audit", "consistency", old, new, env=env, status=1).err


def test_a_log_that_was_cut_short_is_not_consistent(conn, env, org_id, tmp_path):
    old = checkpoint(env, org_id, tmp_path / "old")
    conn.execute("DELETE FROM events WHERE org_id = %s AND position > 500", (org_id,))
    conn.execute("UPDATE org_log SET position = 500 WHERE org_id = %s", (org_id,))
    TABLE.rebuild(conn, org_id)
    new = checkpoint(env, org_id, tmp_path / "new")
    said = run("audit", "consistency", old, new, env=env, status=1).err
    assert "Not consistent: the older tree has" in said


def test_after_a_rotation_old_checkpoints_are_still_verified(conn, env, org_id, tmp_path):
    old = checkpoint(env, org_id, tmp_path / "old")
    before = run("audit", "keys", env=env).out.splitlines()
    rotated = json.loads(run("audit", "rotate-key", "--json", env=env).out)
    after = run("audit", "keys", env=env).out.splitlines()
    assert after == [rotated["verifierKey"], *before]
    new = checkpoint(env, org_id, tmp_path / "new")
    assert rotated["name"] in (tmp_path / "new").read_text() and rotated["retiredAt"] is None
    run("audit", "consistency", old, new, env=env)
    refused = run("audit", "consistency", old, new, "--key", after[0], env=env, status=1).err
    assert "this is none of the keys that were given" in refused
    ((sealed,),) = conn.execute("SELECT DISTINCT sealed FROM log_keys WHERE retired_at IS NOT NULL").fetchall()
    assert sealed is None


def test_a_private_key_that_cannot_be_decrypted_says_what_to_do(conn, env, org_id, keys):
    other = {**env, "SMARTDHANDHA_SECRET_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}
    said = run("audit", "checkpoint", "--org", org_id, env=other, status=1).err
    assert "was encrypted with another SMARTDHANDHA_SECRET_KEY" in said


def test_the_private_key_is_stored_only_encrypted(conn, env, keys):
    ((sealed, public),) = conn.execute("SELECT sealed, public_key FROM log_keys WHERE retired_at IS NULL").fetchall()
    assert len(public) == 32 and sealed.startswith(b"gAAAA")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"no note\n"], ids=["empty", "binary", "text"])
def test_a_file_of_something_else_is_refused_with_a_sentence(content, env, org_id, keys, tmp_path):
    other, good = tmp_path / "other", checkpoint(env, org_id, tmp_path / "good")
    other.write_bytes(content)
    for words in (
        ("consistency", str(other), good),
        ("consistency", good, good, "--proof", str(other), "--key", keys),
        ("check", str(other), "--key", keys),
    ):
        done = run("audit", *words, env=env, status=1)
        assert len(done.err.splitlines()) == 1 and ("Not consistent: " in done.err or "Not proven: " in done.err), words


def test_metadata_does_not_replace_what_is_proven():
    metadata = json.dumps({"organization": "org_other", "position": 9, "data": {}, "actor": {"type": "cli", "id": "a"}})
    event = RecordedEvent(1, "inv_1", 1, "invoice.void", 1, '{"status":"void"}', metadata, EPOCH, None, bytes(32))
    proven = ProvenEvent(event, ProvenCheckpoint(Checkpoint("log/org_1", 1, bytes(32)), []))
    found = result_of(proven)["event"]
    assert (found["organization"], found["position"], found["data"]) == ("org_1", 1, {"status": "void"})
    assert found["actor"] == {"type": "cli", "id": "a"}


def test_a_log_without_events_has_a_checkpoint_of_size_0(conn, env, tmp_path):
    empty = create_organization(conn, "Empty Traders").id
    assert checkpoint(env, empty, tmp_path / "empty") and (tmp_path / "empty").read_text().splitlines()[1] == "0"
