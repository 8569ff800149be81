"""The fields about the tax of a document: where it is supplied, discounts, and how its total is rounded off."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from commands.fields import Choice, Number, Report
from commands.objects import Object
from domain.documents.pricing import NEAREST
from domain.money import TOTAL_LIMIT
from domain.reading import InvalidValue
from domain.tax.discount import Discount
from domain.tax.states import STATES, parse_state_code

_EITHER = 'must be an object with either percent or amount, such as {"percent": 10} or {"amount": "500.00"}'


class StateCode(msgspec.Struct, frozen=True):
    """Accepts the GST code of a state, of a union territory, or of a place outside India."""

    def parse(self, value: Any, path: str, report: Report) -> str:
        return parse_state_code(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": sorted({state.code for state in STATES})}


class NewDiscount(Discount, frozen=True, rename="camel"):
    """A discount as the client sends it: either a percentage or an amount."""

    percent: Annotated[Decimal, Number(places=3, at_most=Decimal(100))] | UnsetType = UNSET
    amount: Annotated[Decimal, Number(places=4, below=TOTAL_LIMIT)] | UnsetType = UNSET


def _either(sent: NewDiscount) -> Discount:
    if (sent.percent is UNSET) == (sent.amount is UNSET):
        raise InvalidValue(_EITHER)
    return Discount(sent.percent, sent.amount)


Reduction = Object(NewDiscount, _either, _EITHER)
RoundOff = Choice((NEAREST,))
