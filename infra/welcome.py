"""What `serve` says when it is ready: where it is, and a curl that works as pasted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from infra.accounts import Demo

_CURL = """curl -sS -X POST http://{address}/api/v1/invoices \\
  -H 'Authorization: Bearer {key}' \\
  -H 'Content-Type: application/json' \\
  -d '{{"clientId": "acme-traders", "clientName": "Acme Traders", "invoiceDate": "{day}", "dueDate": "{due}",
       "items": [{{"description": "Consulting", "quantity": 20, "unitPrice": 3500, "taxRate": 18}}]}}'"""


def welcome(
    address: str, demo: Demo | None, machine: bool, public_url: str | None = None
) -> tuple[dict[str, Any], bool, str]:
    """The facts, whether a machine reads them, and the same for a person; only a first start shows secrets."""
    url = f"http://{address}"
    facts: dict[str, Any] = {"url": url}
    lines = [f"SmartDhandha is ready on {url} (Ctrl-C stops it)."]
    if demo is None:
        lines += [
            f"Log in: {public_url or url}/login, as whom you made with: smartdhandha user create --help",
            "Make a key: smartdhandha org list, then smartdhandha key create --help",
        ]
    else:
        key, link = demo.key, f"{public_url or url}{demo.owner.path}"
        today = datetime.now(UTC).date()
        curl = _CURL.format(address=address, key=key.raw, day=today, due=today + timedelta(days=30))
        facts |= {"orgId": key.row["orgId"], "keyId": key.row["id"], "key": key.raw, "curl": curl}
        facts |= {"email": demo.owner.row["email"], "passwordLink": link}
        lines += [
            "",
            "A demo organization was made, with a key that is shown this once:",
            "",
            f"  {key.raw}",
            "",
            f"and an owner, {demo.owner.row['email']}. This link sets the password, once:",
            "",
            f"  {link}",
            "",
            "Draft your first invoice:",
            "",
            curl,
            "",
            "and see it in the list:",
            "",
            f"curl -sS {url}/api/v1/invoices -H 'Authorization: Bearer {key.raw}'",
            "",
        ]
    return facts, machine, "\n".join(lines)
