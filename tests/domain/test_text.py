"""The key that texts are compared by, and which texts have anything to see."""

from hypothesis import given
from hypothesis import strategies as st

from domain.text import has_visible_character, text_key
from tests.support.cases import all_cases

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
    ("INV-7", "INV-7\ufe0f"),
    ("INV-7", "I\u034fNV-7"),
    ("INV-7", "INV\u3164-7"),
    ("INV-7", "\uffa0INV-7"),
    ("INV-7", "INV\u115f\u1160-7"),
    ("INV-7", "INV-\u20657"),
    ("INV-7", "INV\u180b-7\u180f"),
    ("INV-7", "INV\U000e0100-7"),
    ("INV-7", "INV\U00013439-7\U0001343f"),
    ("INV-7", "INV\U00013430-7"),
    ("caf\u00e9", "cafe\u034f\u0301"),
    ("\u17b4\u1780", "\u1780"),
    ("\u2168", "ix"),
]
DIFFERENT = [
    ("INV-7", "INV7"),
    ("INV-7", "INV- 7"),
    ("Z\u00fcrich", "Zurich"),
    ("\u0915", "\u0915\u093c"),
    ("a\x1fb", "a b"),
    ("a\u2800b", "ab"),
    ("a\U00013440b", "ab"),
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
    "\U00013439\U0001343f",
]
WITHOUT_WIDTH = "\u00ad\u034f\u115f\u1160\u17b4\u180b\u180e\u200d\u2065\u3164\ufe0f\uffa0\U00013439\U000e0100"
LITTLE_WIDTH = WITHOUT_WIDTH + "\u1100\u1161\u0301\u0323 \u00a0eE\u00df\u0130\ufb01\u0345\u03a3"
SOMETHING_TO_SEE = ["a", " .", "\u200bक", "\u0301", "\U0001f642", "\ufffd", "٣"]


@all_cases(("one", "other"), SAME)
def test_texts_that_look_alike_have_one_key(one, other):
    assert text_key(one) == text_key(other)


@all_cases(("one", "other"), DIFFERENT)
def test_texts_that_differ_for_a_reader_have_two_keys(one, other):
    assert text_key(one) != text_key(other)


@given(st.text() | st.text(LITTLE_WIDTH))
def test_the_key_of_a_key_is_the_key(text):
    assert text_key(text_key(text)) == text_key(text)


@given(st.text(LITTLE_WIDTH), st.sampled_from(WITHOUT_WIDTH), st.integers(0, 9))
def test_a_character_without_width_changes_no_key(text, character, place):
    assert text_key(text[:place] + character + text[place:]) == text_key(text)


@given(st.text())
def test_a_text_with_an_empty_key_cannot_be_seen(text):
    if not text_key(text):
        assert not has_visible_character(text)


@all_cases("text", NOTHING_TO_SEE)
def test_blanks_controls_and_format_characters_alone_show_nothing(text):
    assert not has_visible_character(text)


@all_cases("text", SOMETHING_TO_SEE)
def test_one_character_that_shows_is_enough(text):
    assert has_visible_character(text)
