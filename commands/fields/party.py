"""The types of the fields of parties and employees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from commands.fields import Report, Text
from domain.parties.employee import Employee
from domain.parties.party import Party
from domain.reading import InvalidValue
from domain.reading.mail_address import MAX_LENGTH, parse_mail_address
from domain.tax.gstin import parse_gstin, parse_pan
from domain.tax.states import PRESENT, parse_state_code

MAX_ID = 64


class StateCode(msgspec.Struct, frozen=True):
    """Accepts the code of a state, as GST counts them now."""

    def parse(self, value: Any, path: str, report: Report) -> str:
        return parse_state_code(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": sorted(PRESENT)}


class Checked(msgspec.Struct, frozen=True):
    """Accepts a text that another parser accepts, and returns what this parser makes of it."""

    text: Text
    check: Callable[[str], str]
    """Raises InvalidValue."""

    def parse(self, value: Any, path: str, report: Report) -> str:
        return self.check(self.text.parse(value, path, report))

    def schema(self) -> dict[str, Any]:
        return self.text.schema()


def _free_id(text: str) -> str:
    if Party.is_id(text) or Employee.is_id(text):
        raise InvalidValue("must be an id of your own: this one has the form of an id that the service makes")
    return text


ExternalId = Checked(
    Text(
        MAX_ID,
        pattern="[A-Za-z0-9_-]+",
        hint="must contain only letters A-Z and a-z, digits, '-' and '_', such as acme-traders",
    ),
    _free_id,
)
"""The type of an id of the organization's own. It can stand in documents, too."""
Gstin = Checked(Text(40), parse_gstin)
Pan = Checked(Text(40), parse_pan)
MailAddress = Checked(Text(MAX_LENGTH), parse_mail_address)
Phone = Text(
    30,
    pattern=r"\+?[0-9(][0-9 ()./-]*",
    hint="must be a telephone number of digits, spaces and ( ) . / -, such as +91 98450 12345",
)
Address = Text(500)
