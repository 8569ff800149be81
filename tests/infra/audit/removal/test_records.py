"""What `audit verify` says of organizations that are gone: a removal by an operator is told from a deletion of rows."""

import json
from pathlib import Path

import pytest

from infra.audit.proofs.log_keys import get_signer
from infra.audit.removal.records import Removal, insert_removal, parse_removal
from infra.audit.seal_keys import file_signer
from infra.log.heads import get_chain
from infra.log.proofs.chain import genesis, link
from infra.log.proofs.checkpoints import parse_checkpoint
from infra.log.proofs.notes import NoteRefused, open_note, parse_verifier_key, text_of
from infra.log.reading.pages import BEFORE_ALL, list_page
from infra.log.records import Head
from infra.postgres.database import get_now
from infra.settings.secret_box import SecretBox
from tests.support.command_line import KEY, run
from tests.support.removal import draft


@pytest.fixture
def sealed(leaving, staying, tmp_path):
    """A seal of the two organizations, and the public key of the installation."""
    path = tmp_path / "heads.seal"
    run("audit", "seal", "--out", str(path), env=leaving.env)
    return path, run("audit", "keys", env=leaving.env).out.split()[0]


def verify(leaving, *options, status=0):
    """Return what the command says of the organization that is gone."""
    found = json.loads(run("audit", "verify", *options, "--json", env=leaving.env, status=status).out)
    return next((each for each in found["logs"] if each["org"] == leaving.id), None)


def drop(leaving):
    """Delete the organization as somebody can who has all rights on the database."""
    conn = leaving.conn
    conn.execute("SET session_replication_role = replica")
    for table in ("events", "org_log", "organizations"):
        conn.execute(f"DELETE FROM {table} WHERE org_id = %s", (leaving.id,))
    conn.execute("RESET session_replication_role")


def test_a_removed_organization_is_not_missed(leaving, sealed):
    path, public_key = sealed
    made = leaving.removed()
    removal = parse_removal(open_note(made["record"], [parse_verifier_key(public_key)]).text)
    expected = {"org": leaving.id, "events": 7, "whole": True, "removedAt": removal.removed_at}
    for options in ((), ("--public-key", public_key)):
        assert verify(leaving, "--seal", str(path), *options) == expected
    assert verify(leaving, "--org", leaving.id) == expected
    assert verify(leaving) is None
    said = run("audit", "verify", "--seal", str(path), env=leaving.env).out
    assert f"{leaving.id}: removed on {removal.removed_at} after 7 events, by a signed record\n" in said


def test_the_record_is_signed_by_the_installation_and_says_how_the_log_ended(leaving, sealed):
    sql = "SELECT position, chain_hash FROM org_log WHERE org_id = %s"
    head = Head(*leaving.conn.execute(sql, (leaving.id,)).fetchone())
    note = leaving.removed()["record"]
    assert parse_removal(open_note(note, [parse_verifier_key(sealed[1])]).text).head == head


def test_a_deleted_organization_is_missed(leaving, sealed):
    drop(leaving)
    found = verify(leaving, "--seal", str(sealed[0]), status=1)
    assert (found["whole"], found["reason"]) == (False, "the log is gone, and no record says that it was removed")


def test_a_record_that_the_installation_has_not_signed_is_refused(leaving, sealed, tmp_path):
    forger, conn = file_signer(tmp_path / "forger.pem"), leaving.conn
    drop(leaving)
    text = str(Removal(leaving.id, "now", Head(7, bytes(32)), "00" * 32, None))
    insert_removal(conn, leaving.id, get_now(conn), forger.sign_text(text))
    reason = verify(leaving, "--seal", str(sealed[0]), status=1)["reason"]
    assert reason.startswith("the log is gone, and the record of its removal cannot be trusted: it is signed by")


def test_the_record_of_another_organization_is_refused(leaving, staying, sealed):
    leaving.remove()
    drop(leaving._replace(id=staying))
    leaving.conn.execute("UPDATE removed_organizations SET id = %s WHERE id = %s", (staying, leaving.id))
    reason = verify(leaving._replace(id=staying), "--seal", str(sealed[0]), status=1)["reason"]
    assert f"it is the record of {leaving.id}" in reason


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (Head(6, bytes(32)), "the seal was made at position 7, but the log was removed at 6: it was cut short"),
        (Head(7, bytes(32)), "the removed log did not end with the hash in the seal: it was rewritten before"),
    ],
)
def test_a_log_that_was_changed_before_its_removal_is_found(head, reason, leaving, sealed):
    conn = leaving.conn
    signer = get_signer(conn, SecretBox([KEY]))
    drop(leaving)
    removal = Removal(leaving.id, "now", head, "00" * 32, None)
    insert_removal(conn, leaving.id, get_now(conn), signer.sign_text(str(removal)))
    assert verify(leaving, "--seal", str(sealed[0]), status=1)["reason"] == reason


@pytest.mark.parametrize("kept", ["seal", "checkpoint"])
def test_the_record_of_a_removal_covers_no_deletion_after_the_log_was_imported_again(kept, leaving, staying, tmp_path):
    leaving.removed()
    run("audit", "import", str(leaving.copy), env=leaving.env)
    path = tmp_path / kept
    if kept == "seal":
        run("audit", "seal", "--out", str(path), env=leaving.env)
    else:
        path.write_text(run("audit", "checkpoint", "--org", leaving.id, env=leaving.env).out)
    drop(leaving)
    for only in ((), ("--org", leaving.id)):
        found = verify(leaving, f"--{kept}", str(path), *only, status=1)
        assert (found["whole"], found["reason"]) == (False, "the log is gone, and no record says that it was removed")


def test_a_record_that_is_put_back_covers_no_deletion_after_a_later_seal(leaving, sealed):
    conn, at = leaving.conn, "2026-01-01T00:00:00.000000Z"
    head = Head(*conn.execute("SELECT position, chain_hash FROM org_log WHERE org_id = %s", (leaving.id,)).fetchone())
    signer = get_signer(conn, SecretBox([KEY]))
    drop(leaving)
    removal = Removal(leaving.id, at, head, "00" * 32, None)
    insert_removal(conn, leaving.id, get_now(conn), signer.sign_text(str(removal)))
    found = verify(leaving, "--seal", str(sealed[0]), status=1)
    assert found["reason"] == f"the log was sealed after its removal on {at}: no record says that it was removed again"


@pytest.fixture
def checkpoint(leaving, tmp_path):
    """A checkpoint of the organization at position 7."""
    path = tmp_path / "kept.checkpoint"
    path.write_text(run("audit", "checkpoint", "--org", leaving.id, env=leaving.env).out)
    return str(path)


def rewrite(conn, org_id, position):
    """Change an event, and compute all later hashes again, as somebody can who has all rights on the database."""
    conn.execute("SET session_replication_role = replica")
    conn.execute("UPDATE events SET metadata = metadata || ' ' WHERE org_id = %s AND position = %s", (org_id, position))
    chain, hash = get_chain(conn, org_id), genesis(org_id)
    for record in list_page(conn, org_id, BEFORE_ALL, 100):
        hash = link(hash, chain, record)
        sql = "UPDATE events SET chain_hash = %s WHERE org_id = %s AND position = %s"
        conn.execute(sql, (hash, org_id, record.position))
    conn.execute("UPDATE org_log SET chain_hash = %s WHERE org_id = %s", (hash, org_id))
    conn.execute("RESET session_replication_role")


def test_a_checkpoint_of_the_end_is_compared_with_the_record(leaving, checkpoint):
    conn = leaving.conn
    head = Head(*conn.execute("SELECT position, chain_hash FROM org_log WHERE org_id = %s", (leaving.id,)).fetchone())
    made = leaving.removed()
    found = verify(leaving, "--checkpoint", checkpoint)
    assert found["whole"] is True and "notCompared" not in found
    true = parse_removal(text_of(made["record"]))
    assert (true.head, true.root) == (head, parse_checkpoint(text_of(Path(checkpoint).read_text())).root)
    conn.execute("DELETE FROM removed_organizations")
    other = true._replace(root=bytes(32))
    insert_removal(conn, leaving.id, get_now(conn), get_signer(conn, SecretBox([KEY])).sign_text(str(other)))
    found = verify(leaving, "--checkpoint", checkpoint, status=1)
    assert (found["position"], found["reason"]) == (
        7,
        "the removed log did not have the root in the checkpoint: it was rewritten before",
    )


@pytest.mark.parametrize("kept", ["seal", "checkpoint"])
def test_what_was_kept_before_the_end_is_compared_with_the_copy(kept, leaving, sealed, checkpoint):
    options = (f"--{kept}", checkpoint if kept == "checkpoint" else str(sealed[0]))
    draft(leaving.conn, leaving.id, 2)
    leaving.removed()
    found = verify(leaving, *options)
    assert (found["whole"], found["notCompared"]) == (True, 1)
    assert "1 of what you have kept is from before its end" in run("audit", "verify", *options, env=leaving.env).out
    found = verify(leaving, *options, "--copy", str(leaving.copy))
    assert found["whole"] is True and "notCompared" not in found


@pytest.mark.parametrize("kept", ["seal", "checkpoint"])
def test_a_log_that_was_rewritten_and_went_on_before_its_removal_is_found_in_the_copy(
    kept, leaving, sealed, checkpoint
):
    options = (f"--{kept}", checkpoint if kept == "checkpoint" else str(sealed[0]))
    rewrite(leaving.conn, leaving.id, 3)
    draft(leaving.conn, leaving.id, 2)
    leaving.removed()
    assert verify(leaving, *options)["notCompared"] == 1
    found = verify(leaving, *options, "--copy", str(leaving.copy), status=1)
    assert (found["whole"], found["position"]) == (False, 7) and "was rewritten up to this position" in found["reason"]


def test_another_file_than_the_copy_of_the_record_is_refused(leaving, checkpoint):
    leaving.remove()
    leaving.copy.write_bytes(leaving.copy.read_bytes().replace(b"Sharma", b"Verma."))
    done = run("audit", "verify", "--checkpoint", checkpoint, "--copy", str(leaving.copy), env=leaving.env, status=2)
    assert "is not the copy that the record of a removal names" in done.err


def test_records_of_earlier_versions_have_no_root_and_can_be_read():
    old = Removal("org_1", "now", Head(7, bytes(32)), "00" * 32, None)
    new = old._replace(root=bytes(32))
    for each in (old, new):
        assert parse_removal(str(each)) == each
    assert str(old).startswith("smartdhandha-removal-1\n") and str(new).startswith("smartdhandha-removal-2\n")
    for text in (str(old).replace("removal-1", "removal-2"), str(new).replace("removal-2", "removal-1")):
        with pytest.raises(NoteRefused):
            parse_removal(text)


def test_a_row_that_something_under_way_has_left_is_no_broken_log(leaving):
    leaving.remove()
    sql = "INSERT INTO balance_progress (org_id, position, projection_version) VALUES (%s, 0, 1)"
    leaving.conn.execute(sql, (leaving.id,))
    assert verify(leaving)["whole"] is True
