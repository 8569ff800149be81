"""Seals as files: signed notes, and the JSON of earlier versions. A seal that cannot be trusted is refused."""

import json
from pathlib import Path
from stat import S_IMODE

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.registry import SCOPES
from infra.audit.json_seal import FORMAT as JSON_FORMAT
from infra.audit.json_seal import JsonHead, JsonSeal
from infra.audit.seal_keys import file_signer
from infra.identity.keys import create_key
from infra.identity.organizations import create_organization, get_test_organization
from infra.log.proofs.notes import open_note, parse_verifier_key
from infra.postgres.database import connect_as_table_owner
from tests.support.command_line import environment, run

GOLDEN = Path(__file__).parents[2] / "golden" / "sealed"
"""A log, and its seal as an earlier version made it."""
OLD_SEAL = GOLDEN / "seal.json"
OLD_KEY = json.loads(OLD_SEAL.read_bytes())["publicKey"]


@pytest.fixture(scope="module")
def owner(database):
    with connect_as_table_owner(database) as conn:
        yield conn


@pytest.fixture
def org_id(owner):
    id = create_organization(owner, "Test Traders").id
    create_key(owner, id, "a key", SCOPES, 10, None)
    return id


@pytest.fixture
def path(tmp_path):
    return tmp_path / "heads.seal"


def seal(env, path, *options):
    """Seal the logs; return the public key that the command prints."""
    return json.loads(run("audit", "seal", "--out", str(path), "--json", *options, env=env).out)["publicKey"]


def verify(env, path, *options, status=0):
    return run("audit", "verify", "--seal", str(path), *options, env=env, status=status)


def refusal(env, path, *options):
    done = verify(env, path, *options, status=1)
    assert done.out == "" and len(done.err.splitlines()) == 1
    return done.err


@pytest.fixture
def public_key(env, path, org_id):
    return seal(env, path, "--org", org_id)


def test_a_seal_is_a_note_signed_by_the_installation_with_a_line_for_each_head(env, path, org_id, public_key):
    opened = open_note(path.read_text("utf-8"), [parse_verifier_key(public_key)])
    format, sealed_at, head = opened.text.splitlines()
    assert format == "smartdhandha-seal-2" and sealed_at.endswith("Z")
    assert head.startswith(f"{org_id} 1 ")
    assert public_key in run("audit", "keys", env=env).out.split()


def test_a_seal_of_the_installation_needs_no_key_and_stays_valid_after_a_rotation(env, path, org_id, public_key):
    run("audit", "rotate-key", env=env)
    verify(env, path, "--org", org_id)
    verify(env, path, "--org", org_id, "--public-key", public_key)
    rotated = run("audit", "keys", env=env).out.split()[0]
    assert "none of the keys" in refusal(env, path, "--org", org_id, "--public-key", rotated)


def test_a_key_in_a_file_signs_instead_and_its_public_key_must_be_named(env, path, org_id, tmp_path):
    pem = tmp_path / "key.pem"
    public_key = seal(env, path, "--key", str(pem), "--org", org_id)
    assert pem.stat().st_mode & 0o777 == 0o600
    verify(env, path, "--org", org_id, "--public-key", public_key)
    verify(env, path, "--org", org_id, "--public-key", parse_verifier_key(public_key).public_key.hex())
    assert "name the public key with --public-key" in refusal(env, path, "--org", org_id)


def test_the_published_keys_are_a_file_with_keys(env, path, org_id, public_key, tmp_path):
    (tmp_path / "keys.json").write_text(run("audit", "keys", "--json", env=env).out)
    verify(env, path, "--org", org_id, "--public-key", str(tmp_path / "keys.json"))


@pytest.mark.parametrize("changed", [(" 1 ", " 2 "), ("smartdhandha-seal-2", "smartdhandha-seal-3")])
def test_a_changed_seal_is_refused(changed, env, path, org_id, public_key):
    path.write_text(path.read_text("utf-8").replace(*changed), "utf-8")
    assert "the text was changed" in refusal(env, path, "--org", org_id, "--public-key", public_key)


@pytest.mark.parametrize("content", [b"{}", b"", b"heads\n", b"\xff", b"\n\n\xe2\x80\x94 a b\n"])
def test_a_file_that_is_no_seal_is_refused(content, env, path):
    path.write_bytes(content)
    assert f"The seal {path} cannot be" in refusal(env, path)


def test_a_checkpoint_is_no_seal(env, path, org_id):
    path.write_text(run("audit", "checkpoint", "--org", org_id, env=env).out, "utf-8")
    assert "it is no seal" in refusal(env, path, "--org", org_id)


def test_a_signed_text_of_another_form_is_no_seal(env, path, org_id, tmp_path):
    signer = file_signer(tmp_path / "key.pem")
    for text in (
        "smartdhandha-seal-3\nnow\n",
        "smartdhandha-seal-2\n",
        f"smartdhandha-seal-2\nnow\n{org_id} 1\n",
    ):
        path.write_text(signer.sign_text(text), "utf-8")
        assert "it is no seal" in refusal(env, path, "--public-key", str(signer.verifier))


@pytest.fixture
def golden(new_database):
    """A database with the log that an earlier version has sealed, and the id of its organization."""
    conninfo = new_database()
    env = environment(DATABASE_URL=conninfo)
    run("audit", "import", str(GOLDEN / "log.jsonl"), env=env)
    with connect_as_table_owner(conninfo) as conn:
        yield env, conn, json.loads(OLD_SEAL.read_bytes())["heads"][0]["org"]


def test_a_seal_of_an_earlier_version_is_compared_with_the_log(golden):
    env, conn, org_id = golden
    verify(env, OLD_SEAL)
    verify(env, OLD_SEAL, "--public-key", OLD_KEY)
    conn.execute("DELETE FROM events WHERE org_id = %s AND position = 4", (org_id,))
    before = "(SELECT chain_hash FROM events WHERE position = 3)"
    conn.execute(f"UPDATE org_log SET position = 3, chain_hash = {before} WHERE org_id = %s", (org_id,))
    assert "the log ends at 3: it was cut short" in verify(env, OLD_SEAL, status=1).out


def test_a_changed_seal_of_an_earlier_version_is_refused(env, path):
    path.write_bytes(OLD_SEAL.read_bytes().replace(b'"position": 4', b'"position": 3'))
    assert "the seal was altered" in refusal(env, path, "--public-key", OLD_KEY)


def test_a_seal_of_an_earlier_version_by_another_key_is_refused(env):
    other = OLD_KEY.translate(str.maketrans("0123456789abcdef", "123456789abcdef0"))
    assert "was made with another key" in refusal(env, OLD_SEAL, "--public-key", other)


def test_logs_of_test_mode_in_a_seal_of_an_earlier_version_are_not_missed(env, owner, org_id, path):
    """Their keys may empty them, which would look like tampering."""
    key = Ed25519PrivateKey.generate()
    heads = [JsonHead(org, 9, "00") for org in (get_test_organization(owner, org_id), "org_test_gone")]
    made = JsonSeal(JSON_FORMAT, "2026-01-01", heads, key.public_key().public_bytes_raw().hex())
    made.signature = key.sign(made.message()).hex()
    path.write_bytes(msgspec.json.encode(made))
    verify(env, path, "--org", get_test_organization(owner, org_id))


def test_a_seal_is_for_its_owner_and_replaces_an_earlier_one(env, path, org_id):
    path.write_text("x" * 10_000)
    path.chmod(0o644)
    seal(env, path)
    assert S_IMODE(path.stat().st_mode) == 0o600
    verify(env, path)
    new = path.with_name("new.seal")
    seal(env, new)
    assert S_IMODE(new.stat().st_mode) == 0o600
