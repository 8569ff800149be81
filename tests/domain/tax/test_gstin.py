"""GSTINs and PANs: what is accepted, what they give away, and what a refusal says."""

import pytest
from stdnum import luhn
from stdnum.in_ import gstin as stdnum_gstin

from domain.reading import InvalidValue
from domain.tax.gstin import pan_of, parse_gstin, parse_pan, state_code_of
from domain.tax.states import PRESENT
from tests.support.cases import all_cases
from tests.support.gst import gstin

SHARMA = "27AAPFU0939F1ZV"
"""The example of python-stdnum, which is the one that Wikipedia has."""
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_a_gstin_gives_its_state_and_its_pan():
    assert parse_gstin(SHARMA) == SHARMA
    assert (state_code_of(SHARMA), pan_of(SHARMA)) == ("27", "AAPFU0939F")


@pytest.mark.parametrize("text", [" 27aapfu0939f1zv ", "27 AAPFU0939F 1ZV", "27-AAPFU0939F-1ZV"])
def test_blanks_hyphens_and_small_letters_are_no_mistakes(text):
    assert parse_gstin(text) == SHARMA


@all_cases("code", sorted(set(PRESENT) - {"96"}))
def test_a_gstin_of_every_state_is_accepted(code):
    number = gstin(code)
    assert parse_gstin(number) == number
    # python-stdnum does not know Ladakh and "other territory" yet. When it does, its own check can be called.
    assert stdnum_gstin.is_valid(number) == (code not in ("38", "97"))


WRONG = {
    "empty": ("", "must be a GSTIN of 15 characters"),
    "no text": (27, "must be a GSTIN of 15 characters"),
    "a character too few": (SHARMA[:-1], "must be a GSTIN of 15 characters"),
    "very long": (SHARMA * 100, "must be a GSTIN of 15 characters"),
    "digits only": ("369296450896540", "must be a GSTIN: two digits of the state, the PAN"),
    "no Z": ("27AAPFU0939F1AA", "must be a GSTIN: two digits of the state, the PAN"),
    "registration 0": ("27AAPFU0939F0ZV", "must be a GSTIN: two digits of the state, the PAN"),
    "no kind of holder": ("27AAPXU0939F1ZV", "must be a GSTIN: two digits of the state, the PAN"),
    "no such state": ("39AAPFU0939F1ZV", "must begin with the GST code of a state; 39 is none"),
    "abroad": ("96AAPFU0939F1ZV", "must begin with the GST code of a state; 96 is none"),
    "before Telangana": ("28AAPFU0939F1ZV", "must begin with the GST code of a state; 28 is none"),
    "another check character": ("27AAPFU0939F1ZO", "must have the right check character at its end"),
}


@all_cases("case", WRONG)
def test_a_wrong_gstin_is_refused_with_what_is_wrong(case):
    text, message = WRONG[case]
    with pytest.raises(InvalidValue, match=message):
        parse_gstin(text)


@pytest.mark.parametrize("place", range(15))
def test_one_wrong_character_is_always_noticed(place):
    others = [SHARMA[:place] + each + SHARMA[place + 1 :] for each in LETTERS if each != SHARMA[place]]
    for other in others:
        with pytest.raises(InvalidValue):
            parse_gstin(other)


def test_a_pan_is_checked_without_blanks():
    assert parse_pan("aapfu 0939 f") == "AAPFU0939F"
    for wrong in ("", "AAPFU0939", "AAPXU0939F", "AAPFU0000F", "AAPFU09391", 7, "A" * 999):
        with pytest.raises(InvalidValue, match="must be a PAN"):
            parse_pan(wrong)


def test_the_helper_makes_numbers_with_the_right_check_character():
    assert gstin("27", "AAPFU0939F") == SHARMA and luhn.is_valid(SHARMA, LETTERS)
