"""The texts for programs: `/llms.txt`, `/llms-full.txt` with all guides, and the Postman collection."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import falcon

from api.docs.guides import GROUPS, guides
from api.docs.postman import collection
from api.http.origin import Origin
from api.pages.factory import PageFactory
from api.pages.responses import PLAIN_TEXT, CachedResponse
from api.samples.placeholders import daily, today
from domain.accounts.window import CREDIT_WINDOW
from domain.api_key import DEFAULT_CREDIT_LIMIT

_LIMIT = f"{DEFAULT_CREDIT_LIMIT:,}".replace(",", " ")
_HEAD = f"""# SmartDhandha API

> A REST API over the billing and HR data of small Indian businesses: invoices, vendor bills, leave requests. JSON over
> HTTPS with an API key; exact amounts, safe retries, a log of every change, {_LIMIT} requests in any
> {CREDIT_WINDOW.days} days.
"""


def machine_readable_routes(
    pages: PageFactory, build_document: Callable[[str], dict[str, Any]], origin: Origin, tags: Mapping[str, str]
) -> list[tuple[str, Any]]:
    """Return the routes of these texts.

    `build_document` returns the OpenAPI document for an origin. `tags` are the descriptions of its tags.
    """

    def index(origin: str) -> CachedResponse:
        return pages.text(llms_index(origin, tags), PLAIN_TEXT)

    def full(origin: str, day: date) -> CachedResponse:
        return pages.text(all_guides(origin, day), PLAIN_TEXT)

    @daily  # Building the document takes most of the time, and anybody can request the collection with a new origin.
    def document() -> dict[str, Any]:
        return build_document("")

    def postman(origin: str, _day: date) -> CachedResponse:
        servers = [{**server, "url": f"{origin}{server['url']}"} for server in document()["servers"]]
        text = _collection({**document(), "servers": servers})
        return pages.text(text.replace("](/", f"]({json.dumps(origin)[1:-1]}/"), falcon.MEDIA_JSON)

    return [
        ("/llms.txt", pages.page_by_origin(index, origin)),
        ("/llms-full.txt", pages.daily_page(full, origin, today)),
        ("/docs/postman.json", pages.daily_page(postman, origin, today)),
    ]


def llms_index(origin: str, tags: Mapping[str, str]) -> str:
    """Return the text of `/llms.txt`: a title, a summary and lists of links, as llmstxt.org proposes."""
    groups = "\n".join(f"- {tag}: {text}" for tag, text in tags.items())
    reference = f"""## Reference

- [OpenAPI 3.1 document]({origin}/api/v1/openapi.json): every operation, schema, error and example
- [Postman collection]({origin}/docs/postman.json): the same operations as ready requests
- [All guides in one file]({origin}/llms-full.txt)"""
    lists = (f"## {group}\n\n{_links(group, origin)}" for group in GROUPS)
    return "\n\n".join([_HEAD.strip(), f"Its operations, by tag:\n\n{groups}", reference, *lists]) + "\n"


def all_guides(origin: str, day: date) -> str:
    """Return the text of `/llms-full.txt`: all guides, one after the other."""
    return "\n\n".join([_HEAD.strip(), *(guide.markdown.strip() for guide in guides(origin, day))]) + "\n"


def _links(group: str, origin: str) -> str:
    return "\n".join(
        f"- [{guide.title}]({origin}{guide.path}.md): {guide.summary}"
        for guide in guides(origin)
        if guide.group == group
    )


def _collection(openapi_document: dict[str, Any]) -> str:
    """Return the collection as JSON. Links in its texts begin with a slash, as on the pages of this service."""
    return json.dumps(collection(openapi_document), ensure_ascii=False, indent=2)
