"""`/`: what this is, three steps, the curl with its answer, the six modules. It needs no script; one adds a Copy."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from api.docs.guides import of_group
from api.http.origin import Origin
from api.openapi.examples import BODIES, written
from api.openapi.texts import TAGS
from api.pages.files import CSS, HTML, Addressed, navigation, page, static
from commands.invoice import DraftInvoice

HERE = Path(__file__).parent

_POLICY = {"style-src": "'self'", "img-src": "'self'", "script-src": "'self'"}
_ROBOTS = "User-agent: *\nDisallow: /api/\nDisallow: /login\nDisallow: /password/\n"
"""What search engines need not look at: the API, which wants a key, and the way into the console."""
_SHOWN = ("invoiceNumber", "status", "subTotal", "taxTotal", "totalAmount", "balanceDue")


def landing_routes(origin: Origin) -> list[tuple[str, Any]]:
    """The page and its files; the curl names the address under which the page was asked for."""
    icon = static("icon.svg", "image/svg+xml")
    return [
        ("/", Addressed(lambda at: page(_shown(at), HTML, _POLICY), origin)),
        ("/static/site.css", static("site.css", CSS)),
        ("/static/icon.svg", icon),
        ("/favicon.ico", icon),
        ("/robots.txt", page(_ROBOTS, "text/plain; charset=utf-8")),
    ]


def _shown(origin: str) -> str:
    html = Template((HERE / "templates" / "landing.html").read_text("utf-8"))
    return html.substitute(
        navigation=navigation(),
        curl=escape(_curl(origin), quote=False),
        answer=escape(_answer(), quote=False),
        guides="\n".join(_guide(group) for group in ("Start", "Use", "Connect")),
        modules="\n".join(_module(name, text) for name, text in TAGS.items()),
    )


def _curl(origin: str) -> str:
    body = dict(BODIES["createInvoice"])
    (line,) = body.pop("items")
    said = [f'"{name}": {json.dumps(value)}' for name, value in line.items()]
    items = f"[{{{said[0]},\n{' ' * 18}{', '.join(said[1:])}}}]"
    facts = [f'"{name}": {json.dumps(value)}' for name, value in body.items()]
    lines = [", ".join(facts[:2]), ", ".join(facts[2:]), f'"items": {items}']
    sent = (",\n" + " " * 7).join(lines)
    return (
        f"curl -sS {origin}/api/v1/invoices \\\n"
        "  -H 'Authorization: Bearer sd_live_…' \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d '{{{sent}}}'"
    )


def _answer() -> str:
    """The answer's beginning, as the reference's example has it."""
    made = written([("createInvoice", DraftInvoice)])["createInvoice"]
    facts = ",\n".join(f'    "{name}": {json.dumps(made[name])}' for name in _SHOWN)
    return f'{{\n  "success": true,\n  "data": {{\n{facts},\n    …\n  }}\n}}'


def _guide(group: str) -> str:
    links = "\n".join(f'<li><a href="{guide.path}">{escape(guide.title)}</a></li>' for guide in of_group(group))
    return f'<li class="group"><h3>{group}</h3><ul>\n{links}\n</ul></li>'


def _module(name: str, text: str) -> str:
    said = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
    return f'<li><a href="/docs#tag/{name.lower()}"><h3>{name}</h3><p>{said}</p></a></li>'
