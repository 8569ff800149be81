"""The landing page `/`: a summary of the API, three steps, a curl command with its response, and all tags.

The page works without JavaScript. A script only adds the button Copy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

from markupsafe import Markup

from api.docs.guides import USERS, guides_in
from api.http.origin import Origin
from api.invoice import INVOICES
from api.openapi.examples import response_examples
from api.openapi.texts import request_example
from api.pages.factory import PageFactory
from api.pages.markdown import safe_html
from api.pages.responses import CachedResponse

_SHOWN_FIELDS = ("invoiceNumber", "status", "subTotal", "taxTotal", "totalAmount", "balanceDue")


def landing_routes(pages: PageFactory, origin: Origin, tags: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Return the route of the page. The curl command on the page contains the origin.

    `tags` are the descriptions of the tags of the API reference.
    """
    return [("/", pages.page_by_origin(partial(_landing_page, pages, tags), origin))]


def _landing_page(pages: PageFactory, tags: Mapping[str, str], origin: str) -> CachedResponse:
    return pages.html(
        "docs/landing.html",
        path="/",
        curl=_curl(origin),
        response=_response(),
        groups=[(group, guides_in(group)) for group in USERS],
        tags=[(tag, _inline_code(text)) for tag, text in tags.items()],
    )


def _curl(origin: str) -> str:
    body = request_example("createInvoice")
    (line,) = body.pop("items")
    parts = [f'"{name}": {json.dumps(value)}' for name, value in line.items()]
    items = f"[{{{parts[0]},\n{' ' * 18}{', '.join(parts[1:])}}}]"
    fields = [f'"{name}": {json.dumps(value)}' for name, value in body.items()]
    lines = [", ".join(fields[:2]), ", ".join(fields[2:]), f'"items": {items}']
    body_text = (",\n" + " " * 7).join(lines)
    return (
        f"curl -sS {origin}/api/v1/invoices \\\n"
        "  -H 'Authorization: Bearer sd_live_…' \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d '{{{body_text}}}'"
    )


def _response() -> str:
    """Return the beginning of the response to the curl command, with values from the example in the API reference."""
    invoice = response_examples([INVOICES.create_operation()])["createInvoice"]
    fields = ",\n".join(f'    "{name}": {json.dumps(invoice[name])}' for name in _SHOWN_FIELDS)
    return f'{{\n  "success": true,\n  "data": {{\n{fields},\n    …\n  }}\n}}'


def _inline_code(text: str) -> Markup:
    """Return a line of Markdown as HTML. The line may contain code in backticks, and no other markup."""
    return safe_html(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False)))
