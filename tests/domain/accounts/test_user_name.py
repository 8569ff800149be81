"""The name of a user: what it may be, so that nobody looks like somebody else."""

import pytest

from domain.accounts.user import parse_user_name
from domain.reading import InvalidValue


@pytest.mark.parametrize(
    ("text", "name"),
    [("  Asha   Sharma ", "Asha Sharma"), ("", None), (" \n", None), ("क्\u200dष", "क्\u200dष"), ("a" * 80, "a" * 80)],
)
def test_a_name_is_kept_without_surplus_blanks(text, name):
    assert parse_user_name(text) == name


@pytest.mark.parametrize(
    "text", ["a" * 81, "boss@example.in", "Asha\u202eamrahS", "Asha\0", "a\u2066b", "\u200d", "\u3164"]
)
def test_a_name_that_could_look_like_another_is_refused(text):
    with pytest.raises(InvalidValue, match="must"):
        parse_user_name(text)
