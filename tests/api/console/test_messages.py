"""What people read about a wrong field: the messages of the API as sentences with the words of the form."""

import pytest

from api.console.forms.messages import sentence_of
from api.pages.translation import HINDI, in_language
from domain.reading import DATE_HINT, DECIMAL_HINT, INSTANT_HINT, InvalidValue
from domain.reading.network import parse_networks
from domain.reading.when import read_when

LABELS = {"invoiceDate": "Date", "dateTo": "Dated to", "notes": "Notes"}
SENTENCES = {
    "is required": "Amount is required.",
    f"must be {DECIMAL_HINT}": "Amount must be a number, such as 3500 or 3500.50.",
    "must be at most the balance due, 354100.56 INR": "Amount must be at most the balance due, ₹3,54,100.56.",
    f"must be {DATE_HINT}": "Amount must be a day that exists.",
    "must not be before invoiceDate (2026-11-28)": "Amount must not be before “Date”, 28 Nov 2026.",
    "must not be after dateTo": "Amount must not be after “Dated to”.",
    "must not be after today (2026-11-28)": "Amount must not be after today.",
    f"must be {INSTANT_HINT} (did you mean 2026-03-31T00:00:00Z?)": (
        "Amount must be a day or a time, such as 2026-03-31 or 2026-03-31T17:30."
    ),
    "must have at most 2 decimal places in INR": "Amount must have at most 2 digits after the decimal point.",
    "must be a string of 1 to 64 characters; it has 70": "Amount must have 1 to 64 characters; it has 70.",
}


@pytest.mark.parametrize("message", SENTENCES)
def test_a_message_of_the_api_becomes_a_sentence(message):
    assert sentence_of("Amount", message, LABELS) == SENTENCES[message]
    with in_language(HINDI):
        assert " must " not in sentence_of("रकम", message, LABELS)


def test_other_messages_stay_but_name_the_fields_of_the_form():
    message = "must not be sent with invoiceDate; notes may be"
    assert sentence_of("Kind", message, LABELS) == "Kind must not be sent with “Date”; notes may be."


def test_a_field_that_the_form_does_not_have_keeps_its_name():
    assert sentence_of("Day", "must not be before servedOn (2026-11-28)", LABELS) == (
        "Day must not be before servedOn (2026-11-28)."
    )


def message_of(parse):
    with pytest.raises(InvalidValue) as refused:
        parse()
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "2027-03-14 02:30",
            "The expiry must be a time that exists: on 14 Mar 2027, the clocks of America/New_York skip 02:30. Choose "
            "an earlier or a later time.",
        ),
        (
            "2026-11-01 01:30",
            "The expiry must say which 01:30 is meant: on 1 Nov 2026, the clocks of America/New_York show it twice. "
            "Add -04:00 for the first, or -05:00 for the second.",
        ),
    ],
)
def test_a_time_that_the_clocks_skip_or_show_twice_has_a_sentence(text, sentence):
    message = message_of(lambda: read_when(text).first_instant("America/New_York"))
    assert sentence_of("The expiry", message, {}) == sentence
    with in_language(HINDI):
        assert " must " not in sentence_of("समाप्ति", message, {})


def test_what_was_probably_meant_stands_behind_the_sentence():
    message = "must be the IANA name of a time zone, such as Asia/Kolkata (did you mean Asia/Kolkata?)"
    assert sentence_of("The time zone", message, {}) == (
        "The time zone must be one of those in the list, such as Asia/Kolkata. Did you mean Asia/Kolkata?"
    )


@pytest.mark.parametrize("text", ["10.0.0.0/33", "10.0.0.1/24", "x"])
def test_a_wrong_range_of_addresses_is_named(text):
    sentence = sentence_of("The networks", message_of(lambda: parse_networks([text])), {})
    assert f"\u201c{text}\u201d" in sentence and " must " not in sentence
