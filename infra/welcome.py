"""What `serve` says when it is ready: where it is, and a curl that works as pasted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from infra.accounts import NewKey

_CURL = """curl -sS -X POST http://{address}/api/v1/invoices \\
  -H 'Authorization: Bearer {key}' \\
  -H 'Content-Type: application/json' \\
  -d '{{"clientId": "acme-traders", "clientName": "Acme Traders", "invoiceDate": "{day}", "dueDate": "{due}",
       "items": [{{"description": "Consulting", "quantity": 20, "unitPrice": 3500, "taxRate": 18}}]}}'"""


def welcome(address: str, key: NewKey | None, machine: bool) -> tuple[dict[str, Any], bool, str]:
    """The facts, whether a machine reads them, and the same for a person."""
    facts: dict[str, Any] = {"url": f"http://{address}"}
    lines = [f"SmartDhandha is ready on http://{address} (Ctrl-C stops it)."]
    if key is None:
        lines.append("Make a key: smartdhandha org list, then smartdhandha key create --help")
    else:
        today = datetime.now(UTC).date()
        curl = _CURL.format(address=address, key=key.raw, day=today, due=today + timedelta(days=30))
        facts |= {"orgId": key.row["orgId"], "keyId": key.row["id"], "key": key.raw, "curl": curl}
        lines += [
            "",
            "A demo organization was made, with a key that is shown this once:",
            "",
            f"  {key.raw}",
            "",
            "Draft your first invoice:",
            "",
            curl,
            "",
            "and see it in the list:",
            "",
            f"curl -sS http://{address}/api/v1/invoices -H 'Authorization: Bearer {key.raw}'",
            "",
        ]
    return facts, machine, "\n".join(lines)
