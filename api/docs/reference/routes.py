"""The API reference: the page `/docs`, and a page for each operation. Both work without JavaScript.

The page `/docs` lists the operations. When the script of the program Scalar has loaded, it replaces the list by the
OpenAPI document with forms to try requests (docs/decisions/0040).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

from api.docs.reference.pages import PATH, OperationGroup
from api.docs.reference.scalar import CDN, INTEGRITY, OWN
from api.http.origin import Origin
from api.openapi.examples import EXAMPLE_ORIGIN
from api.pages.factory import PageFactory
from api.pages.responses import CSS, HTML, JAVASCRIPT, ONE_YEAR, CachedPage, CachedResponse
from api.pages.security_headers import PUBLIC_FILE, PUBLIC_PAGE, Headers, reference_page
from api.samples.placeholders import today

Groups = Callable[[], Sequence[OperationGroup]]
"""A function that returns the operations by tag. Its first call of a day builds the OpenAPI document."""


def reference_routes(
    pages: PageFactory, script: bytes | None, public_url: str | None, groups: Groups, ids: Iterable[str], origin: Origin
) -> list[tuple[str, Any]]:
    """Return the routes of the pages and of their files.

    `script` is the gzipped script of Scalar; None to use the CDN. `ids` are the ids of the operations in `groups`.
    """
    source = CDN if script is None else OWN
    headers = reference_page(CDN if script is None else None, public_url)
    routes: list[tuple[str, Any]] = [
        ("/docs", pages.page_by_origin(partial(_reference_page, pages, headers, source, groups), origin)),
        *((f"{PATH}/{id}", pages.daily_page(partial(_operation_page, pages, groups, id), origin, today)) for id in ids),
        ("/docs/reference.js", pages.static_file("reference.js", JAVASCRIPT)),
        ("/docs/reference.css", pages.static_file("reference.css", CSS)),
        ("/docs/operations.css", pages.static_file("operations.css", CSS)),
    ]
    if script is not None:
        response = CachedResponse(script, JAVASCRIPT, PUBLIC_FILE, ONE_YEAR)
        routes.append((OWN, CachedPage(lambda: response)))
    return routes


def _reference_page(pages: PageFactory, headers: Headers, source: str, groups: Groups, origin: str) -> CachedResponse:
    facts = {"path": "/docs", "source": source, "integrity": INTEGRITY, "groups": groups()}
    return pages.html("docs/reference/page.html", headers, origin=origin, **facts)


def _operation_page(pages: PageFactory, groups: Groups, id: str, origin: str, _day: date) -> CachedResponse:
    pairs = [(group, operation) for group in groups() for operation in group.operations]
    place = next(place for place, (_, operation) in enumerate(pairs) if operation.id == id)
    neighbours = [None, *(operation for _, operation in pairs), None]
    group, operation = pairs[place]
    html = pages.render(
        "docs/reference/operation.html",
        path=operation.path,
        groups=groups(),
        group=group,
        operation=operation,
        before=neighbours[place],
        after=neighbours[place + 2],
    )
    return pages.text(html.replace(EXAMPLE_ORIGIN, origin), HTML, PUBLIC_PAGE)
