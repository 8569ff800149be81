"""The key that texts are compared by, and which texts have anything to see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text import has_visible_character, text_key

SAME = [
    ("INV-7", "inv-7"),
    ("INV-7", " INV-7\t"),
    ("INV-7", "INV\u200b-7"),
    ("INV-7", "\uff29\uff2e\uff36\uff0d\uff17"),
    ("INV-7", "\u00adINV-7\u2060"),
    ("caf\u00e9", "cafe\u0301"),
    ("cafe\u0301", "cafe\u200d\u0301"),
    ("\u0958", "\u0915\u093c"),
    ("\u0915\u094d\u0937", "\u0915\u094d\u200d\u0937"),
    ("Acme Traders", "Acme\u00a0Traders"),
    ("Acme Traders", "ACME  \u3000\u2028 traders"),
    ("Stra\u00dfe", "STRASSE"),
    ("\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2", "\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3"),
    ("\ufb01x", "FIX"),
    ("\u2168", "ix"),
]
DIFFERENT = [
    ("INV-7", "INV7"),
    ("INV-7", "INV- 7"),
    ("Z\u00fcrich", "Zurich"),
    ("\u0915", "\u0915\u093c"),
    ("a\x1fb", "a b"),
]
NOTHING_TO_SEE = [
    "",
    " ",
    "\t\r\n",
    "\u200b",
    "\u2060\ufeff",
    "\x00\x1f\x7f\u0085",
    "\u00a0\u3000\u2029",
    "\u3164",
    "\u2800",
    "\ufe0f\u034f",
]
SOMETHING_TO_SEE = ["a", " .", "\u200bक", "\u0301", "\U0001f642", "\ufffd", "٣"]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_texts_that_look_alike_have_one_key(one, other):
    assert text_key(one) == text_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_texts_that_differ_for_a_reader_have_two_keys(one, other):
    assert text_key(one) != text_key(other)


@given(st.text())
def test_the_key_of_a_key_is_the_key(text):
    assert text_key(text_key(text)) == text_key(text)


@given(st.text())
def test_a_text_with_an_empty_key_cannot_be_seen(text):
    if not text_key(text):
        assert not has_visible_character(text)


@pytest.mark.parametrize("text", NOTHING_TO_SEE)
def test_blanks_controls_and_format_characters_alone_show_nothing(text):
    assert not has_visible_character(text)


@pytest.mark.parametrize("text", SOMETHING_TO_SEE)
def test_one_character_that_shows_is_enough(text):
    assert has_visible_character(text)
