"""Passwords are prepared by RFC 8265, OpaqueString: what one person types twice is one password."""

import pytest

from domain.accounts.password import InvalidPassword, is_same_password, password_problem, prepare_password
from tests.support.cases import all_cases

SAME = [
    ("four cafe\u0301s by the sea", "four café\u0073 by the sea"),
    ("plum\u3000tractor over lakes", "plum tractor over lakes"),
    ("plum\u00a0tractor over lakes", "plum tractor over lakes"),
    ("\u0915\u093c लम और किताब दो", "\u0958 लम और किताब दो"),
    ("A\u030angstro\u0308m is small", "Ångström is small"),
    ("\u1112\u1161\u11ab four words", "한 four words"),
]
OTHER = [
    ("Plum tractor over", "plum tractor over"),
    ("plum  tractor over", "plum tractor over"),
    (" plum tractor over", "plum tractor over"),
    ("ｐlum tractor over", "plum tractor over"),
    ("ﬁve words of mine", "five words of mine"),
]
FORBIDDEN = ["\x00", "\x01", "\t", "\n", "\x7f", "\x85", "\u200b", "\u202e", "\ufeff", "\u00ad", "\ufffe", "\u0378"]


@pytest.mark.parametrize(("one", "other"), SAME, ids=ascii)
def test_what_two_keyboards_send_for_the_same_characters_is_one_password(one, other):
    assert prepare_password(one) == prepare_password(other)
    assert is_same_password(one, other)


@pytest.mark.parametrize(("one", "other"), OTHER, ids=ascii)
def test_case_width_and_the_number_of_spaces_count(one, other):
    assert prepare_password(one) != prepare_password(other)


@all_cases("character", FORBIDDEN, ids=ascii)
def test_what_not_every_device_can_type_is_refused_by_name(character):
    with pytest.raises(InvalidPassword, match=f"U\\+{ord(character[-1]):04X}"):
        prepare_password(f"four words {character} of mine")
    assert "Use letters" in password_problem(f"four words {character} of mine", "")


def test_an_empty_password_is_too_short():
    assert "at least 12 characters" in password_problem("", "")


def test_characters_are_counted_after_the_preparation():
    assert password_problem("e\u0301a\u0300" * 5 + "e\u0301", "") == password_problem("short", "")
    assert password_problem("plum tractoro\u0301", "") == ""
    assert password_problem("éà plum lake" * 85 + "é" * 4, "") == ""
    assert password_problem("e\u0301a\u0300 plum lake" * 85 + "e\u0301" * 4, "") == ""
    assert "at most 1024" in password_problem("éà plum lake" * 85 + "é" * 5, "")


@pytest.mark.parametrize(
    "password", ["ｐａｓｓｗｏｒｄ１２３４", "PASSWORD1234", "ａａａａａａａａａａａａａ", "Admin1234567"]
)
def test_a_common_password_is_common_in_every_form(password):
    assert "easy to guess" in password_problem(password, "")
