"""The tax summary of a document: its taxable amounts and taxes by HSN or SAC code and by rate."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

_SUMMED = ("taxable_amount", "cgst", "sgst", "igst", "cess", "tax_payable_by_recipient")


class TaxSummaryEntry(msgspec.Struct, frozen=True, rename="camel"):
    """The sums of the lines that have the same HSN or SAC code and the same rates."""

    noun: ClassVar[str] = "tax summary"

    hsn_sac: str | None
    tax_rate: Decimal
    taxable_amount: Decimal
    cgst: Decimal
    sgst: Decimal
    igst: Decimal
    cess: Decimal
    cess_rate: Decimal | UnsetType = UNSET
    tax_payable_by_recipient: Decimal | UnsetType = UNSET


def tax_summary(items: Iterable[Any]) -> tuple[TaxSummaryEntry, ...]:
    """Return the summary of these priced lines, in the order in which their codes and rates first occur.

    A line without GST is left out.
    """
    sums: dict[tuple[Any, ...], dict[str, Any]] = {}
    for item in items:
        if item.igst is UNSET:
            continue
        entry = sums.setdefault((item.hsn_sac, item.tax_rate, item.cess_rate), {})
        for name in _SUMMED:
            amount = getattr(item, name)
            if amount is not UNSET:
                entry[name] = entry[name] + amount if name in entry else amount
    return tuple(
        TaxSummaryEntry(hsn_sac=code, tax_rate=rate, cess_rate=cess_rate, **entry)
        for (code, rate, cess_rate), entry in sums.items()
    )
