"""Who supplies and who receives, as a printed document names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Any]


def supplier_of(document: Values, organization: str) -> dict[str, Any]:
    """Return the supplier: the snapshot that the document has, or the name of the organization."""
    return _party(document.get("supplier") or {}, organization)


def recipient_of(document: Values) -> dict[str, Any]:
    """Return the recipient: the snapshot that the document has, or what the document says of its client."""
    fallback = document.get("clientName") or document.get("clientId") or ""
    return _party(document.get("recipient") or {}, fallback)


def _party(party: Values, fallback: str) -> dict[str, Any]:
    name = party.get("legalName") or party.get("name") or fallback
    trade = party.get("tradeName")
    lines = [f"Trade name: {trade}"] if trade and trade != name else []
    lines += address_lines(party.get("address"))
    facts = [
        ("GSTIN", party.get("gstin")),
        ("PAN", party.get("pan") if not party.get("gstin") else None),
        ("State", state_name(party.get("stateCode"))),
        ("E-mail", party.get("email")),
        ("Phone", party.get("phone")),
    ]
    return {"name": name, "lines": lines, "facts": [[label, value] for label, value in facts if value]}


def address_lines(address: Any) -> list[str]:
    """Return the lines of an address, which is a text or an object with its parts."""
    if not address:
        return []
    if isinstance(address, str):
        return [line.strip() for line in address.splitlines() if line.strip()]
    town = " ".join(filter(None, (address.get("city"), address.get("postalCode"))))
    parts = (address.get("line1"), address.get("line2"), town, address.get("state"), address.get("country"))
    return [str(part) for part in parts if part]


def state_name(code: str | None) -> str:
    """Return what rule 46 wants of a state: its name and its code."""
    return code or ""
