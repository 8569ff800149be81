"""What `serve` prints when it is ready: its address, and a curl command that works when pasted."""

from __future__ import annotations

import shlex
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from domain.accounts.user.setup_code import LIFETIME
from domain.text import counted
from infra.identity.demo import Demo

SETUP_PATH = "/setup"

_CURL = """curl -sS -X POST http://{address}/api/v1/invoices \\
  -H 'Authorization: Bearer {key}' \\
  -H 'Content-Type: application/json' \\
  -d '{{"clientId": "acme-traders", "clientName": "Acme Traders", "invoiceDate": "{day}", "dueDate": "{due}",
       "items": [{{"description": "Consulting", "quantity": 20, "unitPrice": 3500, "taxRate": 18}}]}}'"""


def own_command() -> str:
    """Return the command that runs this program: its name if the shell finds the program, otherwise its path."""
    name = "smartdhandha"
    run, found = Path(sys.argv[0]).absolute(), shutil.which(name)
    if run.name != name or (found and Path(found).absolute() == run):
        return name
    here = Path.cwd()
    return shlex.quote(str(run.relative_to(here) if run.is_relative_to(here) else run))


def banner(
    address: str,
    demo: Demo | None,
    json_output: bool,
    public_url: str | None = None,
    owner: str | None = None,
    code: str | None = None,
) -> tuple[dict[str, Any], bool, list[str]]:
    """Return the arguments for `show`: the result, whether it is printed as JSON, and the lines.

    `demo` is the demo organization that this start created, with its secrets. `owner` is the owner of a demo
    organization that an earlier start created. `code` sets up an organization of one's own.
    """
    url, command = f"http://{address}", own_command()
    facts: dict[str, Any] = {"url": url}
    lines = [f"SmartDhandha is ready on {url} (Ctrl-C stops it)."]
    if demo is None:
        lines += [
            f"Log in: {public_url or url}/login{f', as {owner}' if owner else ''}",
            f"New link to set a password: {command} user link {owner or 'EMAIL'}",
            f"New user: {command} user create --help",
            f"New API key: under Settings → Developer, or {command} key create --help",
        ]
    else:
        key, link = demo.key, f"{public_url or url}{demo.owner.path}"
        today = datetime.now(UTC).date()
        curl = _CURL.format(address=address, key=key.raw, day=today, due=today + timedelta(days=30))
        facts |= {"orgId": key.row["orgId"], "keyId": key.row["id"], "key": key.raw, "curl": curl}
        facts |= {"email": demo.owner.user.email, "passwordLink": link}
        lines += _demo_lines(demo, url, link, curl, command)
    if code is not None:
        facts |= {"setupUrl": f"{public_url or url}{SETUP_PATH}", "setupCode": code}
        lines += [*([] if demo else [""]), *setup_lines(facts["setupUrl"], code)]
    return facts, json_output, lines


def setup_lines(address: str, code: str) -> list[str]:
    """Return the lines that lead to an organization of one's own."""
    hours = LIFETIME // timedelta(hours=1)
    return [
        f"Set up an organization of your own: {address}",
        f"The page asks for this code. It works once, within {counted(hours, 'hour')}:",
        "",
        f"  {code}",
        "",
    ]


def _demo_lines(demo: Demo, url: str, link: str, curl: str, command: str) -> list[str]:
    key, email = demo.key.raw, demo.owner.user.email
    return [
        "",
        "A demo organization was created. Its API key is shown only once:",
        "",
        f"  {key}",
        "",
        f"Its owner is {email}. This link sets the password, and works once:",
        "",
        f"  {link}",
        "",
        f"If the password is forgotten, create a new link: {command} user link {email}",
        "",
        "Create your first invoice:",
        "",
        *curl.splitlines(),
        "",
        "List your invoices:",
        "",
        f"curl -sS {url}/api/v1/invoices -H 'Authorization: Bearer {key}'",
        "",
    ]
