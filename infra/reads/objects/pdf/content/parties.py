"""Who supplies and who receives, as a printed document names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.tax.states import state_name

Values = Mapping[str, Any]


def supplier_of(document: Values, organization: str, profile: Values | None) -> dict[str, Any]:
    """Return the supplier: the snapshot that the document has, or the organization as it is."""
    return _party(document.get("supplier") or profile or {}, organization)


def recipient_of(document: Values) -> dict[str, Any]:
    """Return the recipient: the snapshot that the document has, or what the document says of its client."""
    fallback = document.get("clientName") or document.get("clientId") or ""
    return _party(document.get("recipient") or {}, fallback)


def _party(party: Values, fallback: str) -> dict[str, Any]:
    name, trade = party.get("name") or fallback, party.get("tradeName")
    lines = [trade] if trade and trade != name else []
    lines += [line.strip() for line in (party.get("address") or "").splitlines() if line.strip()]
    facts = [("GSTIN", party.get("gstin")), ("State", state(party.get("stateCode"))), ("E-mail", party.get("email"))]
    return {"name": name, "lines": lines, "facts": [[label, value] for label, value in facts if value]}


def state(code: str | None) -> str:
    """Return what rule 46 wants of a state: its name and its code. An absent one is empty."""
    return "" if code is None else f"{state_name(code)} ({code})"
