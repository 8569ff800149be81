"""Who supplies: what a document says of the organization, as it is at the time of a command."""

from __future__ import annotations

from datetime import date

import msgspec

from domain.tax.gstin import pan_of


class Supplier(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The public part of an organization's profile. What is not known is None."""

    name: str
    """The legal name, or else the name of the organization."""
    legal_name: str | None = None
    trade_name: str | None = None
    gstin: str | None = None
    state_code: str | None = None
    address: str | None = None
    """Lines, separated by line breaks."""
    email: str | None = None
    lut_number: str | None = None
    """The number of the letter of undertaking, under which exports are made without payment of tax."""
    composition: bool = False
    """Whether it pays tax under the composition scheme, and so issues bills of supply."""
    logo: str | None = None
    """The SHA-256 of its logo, in hex."""
    annual_returns: dict[str, date] = msgspec.field(default_factory=dict)
    """The days on which its annual returns were filed, by the name of the financial year, such as `2024-25`."""

    @property
    def is_registered(self) -> bool:
        """Whether it is registered for GST."""
        return self.gstin is not None

    @property
    def pan(self) -> str | None:
        """The PAN in its GSTIN."""
        return None if self.gstin is None else pan_of(self.gstin)
