"""What machines read: `/llms.txt`, all guides in one file, and the Postman collection."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import falcon

from api.docs.guides import GROUPS, guides
from api.docs.postman import collection
from api.http.origin import Origin
from api.openapi.texts import TAGS
from api.pages.files import Addressed, page

PLAIN = "text/plain; charset=utf-8"
_HEAD = """# SmartDhandha API

> A REST API over the billing and HR data of small Indian businesses: invoices, vendor bills, leave requests. JSON over
> HTTPS with an API key; exact amounts, safe retries, a log of every change, 1 000 requests in any 30 days.
"""


def machine_routes(document: Callable[[str], dict[str, Any]], origin: Origin) -> list[tuple[str, Any]]:
    """The routes; `document` makes the OpenAPI document for an origin."""
    return [
        ("/llms.txt", Addressed(lambda at: page(index(at), PLAIN), origin)),
        ("/llms-full.txt", Addressed(lambda at: page(everything(at), PLAIN), origin)),
        ("/docs/postman.json", Addressed(lambda at: page(_collection(document(at)), falcon.MEDIA_JSON), origin)),
    ]


def index(origin: str) -> str:
    """A title, a summary and lists of links, in the form of llmstxt.org."""
    modules = "\n".join(f"- {name}: {text}" for name, text in TAGS.items())
    reference = f"""## Reference

- [OpenAPI 3.1 document]({origin}/api/v1/openapi.json): every operation, schema, error and example
- [Postman collection]({origin}/docs/postman.json): the same as requests to send
- [All guides in one file]({origin}/llms-full.txt)"""
    lists = (f"## {group}\n\n{_links(group, origin)}" for group in GROUPS)
    return "\n\n".join([_HEAD.strip(), f"It has six modules:\n\n{modules}", reference, *lists]) + "\n"


def everything(origin: str) -> str:
    """All guides, one after the other."""
    return "\n\n".join([_HEAD.strip(), *(guide.markdown.strip() for guide in guides(origin))]) + "\n"


def _links(group: str, origin: str) -> str:
    found = (guide for guide in guides(origin) if guide.group == group)
    return "\n".join(f"- [{guide.title}]({origin}{guide.path}.md): {guide.summary}" for guide in found)


def _collection(document: dict[str, Any]) -> str:
    return json.dumps(collection(document), ensure_ascii=False, indent=2)
