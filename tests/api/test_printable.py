"""Texts of others in a printed line: what would change the line is shown by its code, ordinary text stays readable."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from api.pages.printable import printable
from tests.support.cases import all_cases

SHOWN = {
    "a line feed": ("a\nb", r"a\nb"),
    "a carriage return": ("a\rb", r"a\rb"),
    "a tab": ("a\tb", r"a\tb"),
    "NEL": ("a\x85b", r"a\x85b"),
    "a line separator": ("a\u2028b", r"a\u2028b"),
    "a paragraph separator": ("a\u2029b", r"a\u2029b"),
    "ESC clears the screen": ("\x1b[2J", r"\x1b[2J"),
    "OSC sets the title": ("\x1b]0;x\x07", r"\x1b]0;x\x07"),
    "C1 CSI in one character": ("\x9b2J", r"\x9b2J"),
    "backspaces": ("1\x08\x082", r"1\x08\x082"),
    "DEL": ("a\x7f", r"a\x7f"),
    "an override": ("a\u202eb", r"a\u202eb"),
    "an isolate": ("\u2066a\u2069", r"\u2066a\u2069"),
    "an Arabic letter mark": ("\u061ca", r"\u061ca"),
    "a left-to-right mark": ("a\u200e", r"a\u200e"),
    "a zero-width space": ("INV-7\u200b", r"INV-7\u200b"),
    "a joiner in Latin": ("in\u200dv\u200cx", r"in\u200dv\u200cx"),
    "a joiner in Cyrillic": ("и\u200dн", r"и\u200dн"),
    "two joiners": ("क्\u200d\u200dष", "क्\u200d" + r"\u200d" + "ष"),
    "a word joiner": ("a\u2060b", r"a\u2060b"),
    "a byte order mark": ("\ufeffa", r"\ufeffa"),
    "a soft hyphen": ("a\xadb", r"a\xadb"),
    "tags": ("a\U000e0041\U000e007f", r"a\U000e0041\U000e007f"),
    "a variation selector after a letter": ("a\ufe0f", r"a\ufe0f"),
    "a Hangul filler": ("a\u3164", r"a\u3164"),
    "private use": ("\ue000\U000f0000", r"\ue000\U000f0000"),
    "a noncharacter": ("\ufdd0\uffff", r"\ufdd0\uffff"),
    "not assigned": ("\u0378", r"\u0378"),
    "a lone surrogate": ("a\ud800", r"a\ud800"),
}
ORDINARY = {
    "Hindi with a joiner": "क्\u200dष और पक्\u200cका",
    "Bengali with a joiner": "র\u200d্য",
    "Kannada with a non-joiner": "ಕನ್ನಡ್\u200c",
    "Malayalam": "അവന്\u200d",
    "Sinhala": "ශ්\u200dරී",
    "Persian": "می\u200cخواهم",
    "Hebrew": "שלום",
    "Arabic with a number sign": "\u0600١٢",
    "Mongolian with a variation": "ᠠ\u180b",
    "Khmer with word ends": "ខ្មែរ\u200bភាសា",
    "Japanese with a variant": "葛\U000e0100城",
    "a family": "👨\u200d👩\u200d👧\u200d👦",
    "a skin tone and a profession": "👩🏽\u200d⚕\ufe0f",
    "a heart on fire": "❤\ufe0f\u200d🔥",
    "a keycap": "1\ufe0f\u20e3",
    "the flag of Scotland": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "the flag of India": "🇮🇳",
    "an accent of its own": "cafe\u0301",
    "blanks": "1\u00a0000\u202f₹\u3000",
    "a path": r"C:\new\table",
}
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@all_cases("case", SHOWN)
def test_what_would_change_the_line_is_shown_by_its_code(case):
    text, shown = SHOWN[case]
    assert printable(text) == shown


@all_cases("case", ORDINARY)
def test_ordinary_text_stays_as_it_is(case):
    assert printable(ORDINARY[case]) == ORDINARY[case]


@given(st.text())
def test_no_text_changes_its_line(text):
    shown = printable(text)
    assert not any(unicodedata.category(each) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") for each in shown)
    assert BIDI.isdisjoint(shown) and len(shown.splitlines()) == (shown != "")
    assert printable(shown) == shown
