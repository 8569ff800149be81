"""E-mail addresses: one mailbox is one user, in whatever spelling somebody types the address."""

import pytest

from domain.accounts.email import parse_email
from domain.reading import InvalidValue
from domain.reading.mail_address import parse_mail_address


@pytest.mark.parametrize("text", ["Asha@Example.IN", " asha@example.in ", "ａsha@example．in", "asha@exam\u200bple.in"])
def test_other_spellings_are_the_same_address(text):
    assert parse_email(text) == "asha@example.in"


@pytest.mark.parametrize("dot", ["\u3002", "\uff61"])
def test_a_dot_of_another_script_makes_no_second_user_of_a_mailbox(dot):
    """Mail programs read it as a dot, so `asha@mail.example。in` would get the mails of `asha@mail.example.in`."""
    with pytest.raises(InvalidValue):
        parse_email(f"asha@mail.example{dot}in")
    with pytest.raises(InvalidValue):
        parse_mail_address(f"asha@mail.example{dot}in")


def test_letters_of_other_scripts_are_allowed():
    for address in ("आशा@example.in", "日。本@भारत.in"):
        assert parse_email(address) == address
    assert parse_mail_address("आशा@भारत.in") == "आशा@भारत.in"
