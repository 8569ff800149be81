"""Personal values beside the state of an event: they are put together again exactly, or it is said why not."""

import json
import secrets
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aggregate import Event
from domain.invoice import Invoice
from domain.personal import Personal, personal_fields
from domain.registry import EVENTS
from infra.log.mapper import MAPPER
from infra.log.proofs.personal import GAP, SALT_BYTES, WrongPersonalValues, is_incomplete, split, whole_state
from infra.log.records import FoldedRecord
from tests.support.cases import all_cases
from tests.support.golden import golden_events, record_of

AT = datetime(2026, 1, 10, 9, 30, tzinfo=UTC)
TEXTS = st.text(max_size=20) | st.sampled_from(["\tnull", ',"personal":"', "\\tnull", '"\t', "null", "\x00", "₹"])
NAME = "Acme Träders"


class Entry(msgspec.Struct, rename="camel"):
    plain: str
    text: Personal[str]


class Person(msgspec.Struct, rename="camel"):
    """Fields of all kinds, with personal ones among them."""

    plain: str
    some_name: Personal[str | None]
    entries: tuple[Entry, ...]
    pairs: Personal[dict[str, str]]
    last: str | msgspec.UnsetType = msgspec.UNSET


def stored(struct):
    return record(*split(struct, secrets.token_bytes))


def record(state, personal):
    return FoldedRecord(1, "inv_1", 1, "invoice.drafted", 1, state.decode(), AT, personal)


def golden_records():
    """The events of the golden file that have personal fields, as a log of format 2 stores them."""
    split_events = [MAPPER.to_stored_events([event], 2, secrets.token_bytes)[0] for event in golden_events()]
    return [record_of(each) for each in split_events if each.personal is not None]


@given(
    st.builds(
        Person,
        plain=TEXTS,
        some_name=st.none() | TEXTS,
        entries=st.lists(st.builds(Entry, plain=TEXTS, text=TEXTS), max_size=3).map(tuple),
        pairs=st.dictionaries(TEXTS, TEXTS, max_size=3),
        last=TEXTS | st.just(msgspec.UNSET),
    )
)
def test_whatever_the_values_are_the_whole_is_byte_by_byte_what_format_1_stores(struct):
    assert whole_state(stored(struct)).encode() == msgspec.json.encode(struct)


@given(st.text(min_size=6, alphabet=st.characters(categories=["Lu", "Ll"])))
def test_the_state_holds_none_of_the_personal_texts(text):
    state, _ = split(Person("p", text, (Entry("p", text),), {text: text}), secrets.token_bytes)
    assert text not in state.decode()


@all_cases("event", golden_events(), ids=lambda event: event.topic)
def test_every_event_that_was_ever_stored_comes_back(event):
    (stored_event,) = MAPPER.to_stored_events([event], 2, secrets.token_bytes)

    assert whole_state(record_of(stored_event)) == MAPPER.to_stored_event(event).state.decode()
    assert MAPPER.event(record_of(stored_event)) == event


@all_cases("record", golden_records(), ids=lambda record: record.name)
def test_without_its_values_an_event_has_null_in_all_its_personal_fields(record):
    erased = msgspec.structs.replace(record, personal=None)

    assert is_incomplete(erased) and not is_incomplete(record)
    state = json.loads(whole_state(erased))
    assert "personal" not in state
    assert set(personal_values(state, personal_fields(EVENTS[record.name]), EVENTS[record.name])) == {None}


def personal_values(state, fields, struct):
    """Yield the values of the personal fields that the state has."""
    names = {field.name: field.encode_name for field in msgspec.structs.fields(struct)}
    for name, entries in fields:
        value = state.get(names[name], ())
        for entry in value if entries else ():
            yield from (entry[_camel(each.name)] for each in entries if _camel(each.name) in entry)
        if not entries and names[name] in state:
            yield value


def _camel(name):
    return msgspec.structs.fields(msgspec.defstruct("Field", [(name, str)], rename="camel"))[0].encode_name


def test_an_event_without_personal_fields_is_stored_as_before():
    sent = Invoice.Sent(status="sent", sent_at="2026-01-10T09:30:00Z")
    bare = msgspec.structs.replace(sent, **dict.fromkeys(Event.__struct_fields__, msgspec.UNSET))

    assert split(bare, secrets.token_bytes) == (msgspec.json.encode(bare), None)


def test_values_begin_with_a_new_salt_so_equal_events_have_other_hashes():
    first, second = (split(Person("p", NAME, (), {}), secrets.token_bytes) for _ in range(2))

    assert first.state != second.state
    assert first.personal is not None
    assert len(bytes.fromhex(json.loads(first.personal)[0])) == SALT_BYTES >= 16


@pytest.mark.parametrize(
    "damage",
    [
        lambda state, personal: (state, personal.replace("Acme", "Acne")),
        lambda state, personal: (state, personal + " "),
        lambda state, personal: (state, split(Person("p", NAME, (), {}), secrets.token_bytes).personal),
        lambda state, personal: (state.replace(GAP.encode(), b"null", 1), personal),
        lambda state, personal: (state[:-2], personal),
        lambda state, personal: (b"{}", personal),
        lambda state, personal: (state, ""),
        lambda state, personal: (state, "[]"),
    ],
)
def test_values_that_were_not_stored_with_the_event_are_refused(damage):
    with pytest.raises(WrongPersonalValues):
        whole_state(record(*damage(*split(Person("p", NAME, (), {}), secrets.token_bytes))))


def test_a_gap_without_a_hash_is_refused():
    with pytest.raises(WrongPersonalValues, match="does not end with their hash"):
        whole_state(record(b'{"clientName":\tnull}', None))
