"""Signed notes: the example of the specification (https://c2sp.org/signed-note), and whatever is changed is refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infra.log.proofs.checkpoints import Checkpoint, origin_of, parse_checkpoint, read_unverified, split_notes
from infra.log.proofs.notes import NoteRefused, VerifierKey, open_note, parse_verifier_key, sign
from tests.support.cases import all_cases

KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SIGNATURE = (
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
)
TEXT = "This is an example message.\n"
NOTE = f"{TEXT}\n{SIGNATURE}\n"

SECRET = Ed25519PrivateKey.generate()
OWN = VerifierKey("log.example", SECRET.public_key().public_bytes_raw())
CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_the_example_of_the_specification_is_verified():
    key = parse_verifier_key(KEY)
    assert (key.name, key.id.hex(), str(key)) == ("example.com/foo", "530d903a", KEY)
    assert open_note(NOTE, [key]) == (TEXT, [key])


def test_what_is_signed_is_verified():
    note = sign(TEXT, OWN.name, SECRET)
    assert open_note(note, [parse_verifier_key(KEY), OWN]) == (TEXT, [OWN])


def test_signatures_of_unknown_keys_are_left_out():
    note = NOTE + sign(TEXT, OWN.name, SECRET).rpartition("\n\n")[2]
    assert open_note(note, [OWN]).signers == [OWN]
    assert open_note(note, [OWN, parse_verifier_key(KEY)]).signers == [parse_verifier_key(KEY), OWN]


def test_a_text_may_have_empty_lines():
    note = sign("one\n\ntwo\n", OWN.name, SECRET)
    assert open_note(note, [OWN]).text == "one\n\ntwo\n"


@pytest.mark.thorough
def test_any_bit_changed_in_a_note_is_refused():
    key, note = parse_verifier_key(KEY), NOTE.encode()
    for place in range(len(note) * 8):
        changed = bytearray(note)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises((NoteRefused, UnicodeDecodeError)):
            open_note(changed.decode(), [key])


@all_cases(
    "note",
    [
        "",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}{SIGNATURE}\n",
        f"{TEXT}\n{SIGNATURE}",
        f"{NOTE}more\n",
        f"{NOTE}\n",
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("— ", "- "),
        f"{TEXT}\n{SIGNATURE[:-1]}\n",
        f"{TEXT}\n" + f"{SIGNATURE}\n" * 17,
    ],
)
def test_what_is_no_signed_note_is_refused(note):
    with pytest.raises(NoteRefused, match="it is no signed note"):
        open_note(note, [parse_verifier_key(KEY)])


def test_a_note_that_only_others_have_signed_is_refused():
    with pytest.raises(NoteRefused, match=r"signed by example\.com/foo \(key 530d903a\), and this is none"):
        open_note(NOTE, [OWN])


@all_cases(
    "text",
    [
        "",
        "example.com/foo",
        KEY[:-4],
        KEY.replace("530d903a", "530d903b"),
        KEY.replace("example.com/foo", "example.com/bar"),
        KEY.replace("example.com", "example com"),
        KEY.replace("+Ae", "+Be"),
    ],
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(NoteRefused):
        parse_verifier_key(text)


def test_a_checkpoint_is_that_of_the_specification():
    found = parse_checkpoint(CHECKPOINT)
    assert (found.origin, found.size, len(found.root)) == ("example.com/behind-the-sofa", 20_852_163, 32)
    assert str(found) == CHECKPOINT


@all_cases(
    "text",
    [
        "",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        CHECKPOINT.replace("20852163", "020852163"),
        CHECKPOINT.replace("20852163", "-1"),
        CHECKPOINT.replace("20852163", "٣"),
        CHECKPOINT.replace("q2I=", "q2J="),
        CHECKPOINT.replace("CsUY", ""),
        CHECKPOINT + "an extension\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(NoteRefused):
        parse_checkpoint(text)


def test_the_origin_names_the_organization():
    origin = origin_of("api.example.in", "org_01J")
    assert origin == "api.example.in/org_01J"
    assert Checkpoint(origin, 0, bytes(32)).org_id == "org_01J"


def test_a_file_can_hold_several_notes():
    notes = [sign(str(Checkpoint(f"log.example/{name}", 1, bytes(32))), OWN.name, SECRET) for name in "ab"]
    assert split_notes("\n".join(notes)) == notes
    assert [read_unverified(note).origin for note in notes] == ["log.example/a", "log.example/b"]
