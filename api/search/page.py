"""The page `/docs/search`, which works without JavaScript, and the suggestions that a script shows during typing."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import falcon

from api.pages.factory import PageFactory
from api.pages.responses import CSS, JAVASCRIPT, CachedResponse
from api.search.index import Index

PATH = "/docs/search"
MAX_CHARACTERS = 200
"""The maximum number of characters of a search. The rest is ignored."""
_KEPT = 256
"""The number of responses that are kept in memory, because many people search for the same words."""
_ON_PAGE, _SUGGESTED = 20, 7


def search_routes(pages: PageFactory, index: Callable[[], Index]) -> list[tuple[str, Any]]:
    """Return the routes of the search and of its files. `index` makes the index at the first search."""
    return [
        (PATH, Search(pages, "search/page.html", index, _ON_PAGE)),
        (f"{PATH}/suggestions", Search(pages, "search/suggestions.html", index, _SUGGESTED)),
        ("/static/search.css", pages.static_file("search.css", CSS)),
        ("/static/search.js", pages.static_file("search.js", JAVASCRIPT)),
    ]


class Search:
    """Responds with the results of the search in the query parameter `q`, rendered by a template."""

    def __init__(self, pages: PageFactory, template: str, index: Callable[[], Index], limit: int) -> None:
        self._pages, self._template = pages, template
        self._index, self._limit = index, limit
        self._response_for = lru_cache(maxsize=_KEPT)(self._make)

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        text = " ".join((req.get_param("q") or "").split())
        self._response_for(text[:MAX_CHARACTERS]).send(req, resp)

    def _make(self, text: str) -> CachedResponse:
        results = self._index().search(text, self._limit)
        return self._pages.html(self._template, path=PATH, query=text, results=results)
