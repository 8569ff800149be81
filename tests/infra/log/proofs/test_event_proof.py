"""The proof of one event: it is checked from its file alone; whatever is changed is refused; it tells of no other."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.personal import Personal
from infra.log.proofs.chain import FIRST_FORMAT, PERSONAL_FORMAT, Chain, genesis, link
from infra.log.proofs.checkpoints import Checkpoint, origin_of
from infra.log.proofs.event_proof import FORMATS, EventContent, check_event, prove_event
from infra.log.proofs.merkle import WrongProof, inclusion_path, root
from infra.log.proofs.notes import VerifierKey, sign
from infra.log.proofs.personal import split, whole_state
from infra.log.proofs.proof_files import parse_proof
from infra.log.proofs.tiles import TiledTree
from infra.log.records import RecordedEvent
from tests.support.formats import ALL_FORMATS

ORG = "org_01J"
SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = VerifierKey("log.example", SECRET.public_key().public_bytes_raw())
EVENTS = 5


class Named(msgspec.Struct, rename="camel"):
    client_name: Personal[str]


def event(position, chain_format=FIRST_FORMAT):
    personal = {}
    if chain_format == PERSONAL_FORMAT:
        state, values = split(Named(f"Client {position} \u20b9"), bytes)
        personal = {"state": state.decode(), "personal": values}
    return msgspec.structs.replace(_first_event(position), **personal)


def _first_event(position):
    return RecordedEvent(
        position=position,
        originator_id=f"inv_{position}",
        originator_version=position,
        name="invoice.drafted",
        schema_version=1,
        state=f'{{"clientName":"Client {position} \\u20b9 \u20b9"}}',
        metadata=f'{{"requestId":"req_{position}"}}',
        recorded_at=datetime(2026, 4, 1, tzinfo=UTC) + timedelta(microseconds=position),
    )


def chained(chain_format=FIRST_FORMAT):
    """The events of a log, each with its hash."""
    before, events = genesis(ORG), []
    for position in range(1, EVENTS + 1):
        made = event(position, chain_format)
        before = link(before, Chain(ORG, chain_format), made)
        events.append(msgspec.structs.replace(made, chain_hash=before))
    return events


def as_fields(record):
    return {name: getattr(record, name) for name in record.__struct_fields__}


def proof_of(position, events=None, chain_format=FIRST_FORMAT):
    log = events or chained(chain_format)
    tree = TiledTree(0, {}, {}, [each.chain_hash for each in log])
    checkpoint = Checkpoint(origin_of("log.example", ORG), len(log), root(len(log), tree.subtree))
    note = sign(str(checkpoint), KEY.name, SECRET)
    before = log[position - 2].chain_hash if position > 1 else genesis(ORG)
    path = inclusion_path(position - 1, len(log), tree.subtree)
    return str(prove_event(Chain(ORG, chain_format), log[position - 1], before, path, note))


@pytest.mark.parametrize("position", range(1, EVENTS + 1))
def test_a_proof_shows_the_event_its_place_and_the_checkpoint(position):
    found = check_event(proof_of(position), [KEY])
    assert found.event == chained()[position - 1]
    assert (found.org_id, found.proven.checkpoint.size, found.proven.signers) == (ORG, EVENTS, [KEY])


def test_the_file_has_the_form_of_the_specification():
    """https://c2sp.org/tlog-proof."""
    first, extra, index, *path, blank, origin, size, _, end, signature, _ = proof_of(5).split("\n")
    assert (first, index, blank, end) == ("c2sp.org/tlog-proof@v1", "index 4", "", "")
    assert extra.startswith("extra ") and len(path) == 1
    assert (origin, size, signature[:14]) == (f"log.example/{ORG}", "5", "— log.example ")


@pytest.mark.thorough
@pytest.mark.parametrize("chain_format", ALL_FORMATS)
def test_any_bit_changed_in_a_proof_is_refused(chain_format):
    proof = proof_of(3, chain_format=chain_format).encode()
    for place in range(len(proof) * 8):
        changed = bytearray(proof)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises((WrongProof, UnicodeDecodeError)):
            check_event(changed.decode(), [KEY])


@pytest.mark.thorough
def test_a_proof_with_a_character_removed_or_repeated_is_refused():
    proof = proof_of(3)
    for place in range(len(proof)):
        for changed in (proof[:place] + proof[place + 1 :], proof[:place] + proof[place] + proof[place:]):
            if changed != proof:
                with pytest.raises(WrongProof):
                    check_event(changed, [KEY])


@pytest.mark.thorough
@pytest.mark.parametrize("chain_format", ALL_FORMATS)
def test_any_bit_changed_in_the_content_is_refused(chain_format):
    """Also when the file is written again around it."""
    proof = parse_proof(proof_of(3, chain_format=chain_format))
    for place in range(len(proof.extra) * 8):
        changed = bytearray(proof.extra)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(WrongProof):
            check_event(str(proof._replace(extra=bytes(changed))), [KEY])


def test_a_proof_of_another_place_is_refused():
    proof = parse_proof(proof_of(3))
    for index in (0, 1, 3, 4, 5):
        with pytest.raises(WrongProof):
            check_event(str(proof._replace(leaf=index)), [KEY])


def test_a_proof_whose_checkpoint_another_key_has_signed_is_refused():
    other = VerifierKey("log.example", Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    with pytest.raises(WrongProof, match="the checkpoint cannot be trusted: it is signed by log"):
        check_event(proof_of(3), [other])


def test_a_proof_has_nothing_of_other_events_but_hashes():
    """With the other events changed, and all hashes left as they were, the proof is the same."""
    log = chained()
    others = [
        each if each.position == 3 else RecordedEvent(**{**as_fields(each), "state": "{}", "metadata": "{}"})
        for each in log
    ]
    assert proof_of(3, others) == proof_of(3, log)
    assert not any(f"req_{position}" in parse_proof(proof_of(3)).extra.decode() for position in (1, 2, 4, 5))


def test_a_proof_has_the_personal_values_as_long_as_the_log_has_them():
    proof = proof_of(3, chain_format=PERSONAL_FORMAT)
    erased = [msgspec.structs.replace(each, personal=None) for each in chained(PERSONAL_FORMAT)]
    later = proof_of(3, erased, PERSONAL_FORMAT)

    assert whole_state(check_event(proof, [KEY]).event) == '{"clientName":"Client 3 ₹"}'
    assert whole_state(check_event(later, [KEY]).event) == '{"clientName":null,"erased":true}'
    assert check_event(later, [KEY]).event.chain_hash == check_event(proof, [KEY]).event.chain_hash
    assert b"Client" in parse_proof(proof).extra and b"Client" not in parse_proof(later).extra


@pytest.mark.parametrize(
    "values", [{"personal": ""}, {"personal": "[]"}, {"format": FORMATS[1]}, {"personal": msgspec.UNSET}]
)
def test_a_proof_with_other_personal_values_is_refused(values):
    proof = parse_proof(proof_of(3, chain_format=PERSONAL_FORMAT))
    content = msgspec.structs.replace(msgspec.json.decode(proof.extra, type=EventContent), **values)
    with pytest.raises(WrongProof):
        check_event(str(proof._replace(extra=msgspec.json.encode(content))), [KEY])


def test_a_proof_of_the_first_format_has_no_personal_values():
    proof = parse_proof(proof_of(3))
    content = msgspec.structs.replace(msgspec.json.decode(proof.extra, type=EventContent), personal=None)
    with pytest.raises(WrongProof, match="only the formats from"):
        check_event(str(proof._replace(extra=msgspec.json.encode(content))), [KEY])


@pytest.mark.parametrize("text", ["", "c2sp.org/tlog-proof@v1\n", "\n\n", "a\nb\nc\n\nd", "ﬀ" * 70])
def test_what_is_no_proof_is_refused(text):
    with pytest.raises(WrongProof, match="it is no proof of an event"):
        check_event(text, [KEY])
