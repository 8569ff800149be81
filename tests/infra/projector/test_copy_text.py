"""Values that are written in the text format of COPY come back as they went."""

from datetime import date
from decimal import Decimal

import pytest

from infra.projector.copy_text import copy_line

TEXTS = (
    "",
    " ",
    "\\",
    "\\N",
    "\\.",
    "a\tb",
    "a\nb",
    "a\r\nb",
    "\\t",
    '"',
    '\\"',
    "{}",
    "{a,b}",
    "NULL",
    ",",
    "\x01\x1f",
    "ü ज्ञान 🙂",
)


def copied(owner, type, values):
    """Return what a table holds after these values were copied into it, one row for each."""
    with owner.transaction():
        owner.execute(f"CREATE TEMPORARY TABLE copied (number integer, value {type}) ON COMMIT DROP")
        with owner.cursor() as cursor, cursor.copy("COPY copied FROM STDIN") as copy:
            copy.write("".join(copy_line((number, value)) for number, value in enumerate(values)))
        return [value for (value,) in owner.execute("SELECT value FROM copied ORDER BY number")]


@pytest.mark.parametrize(
    ("type", "values"),
    [
        ("text", (*TEXTS, None)),
        ("text[]", ([], ["a"], [*TEXTS], [text for text in TEXTS for _ in range(2)], None)),
        ("bigint", (0, -1, 2**62)),
        ("boolean", (True, False)),
        ("date", (date(1, 1, 1), date(9999, 12, 31))),
        ("numeric", (Decimal("0.00"), Decimal("-1E+3"), Decimal("123456789012345.6789"))),
    ],
)
def test_values_come_back_as_they_went(owner, type, values):
    assert copied(owner, type, values) == [*values]


def test_a_value_of_another_type_is_refused():
    with pytest.raises(KeyError):
        copy_line([object()])
