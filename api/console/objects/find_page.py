"""The page `/home/find`: one search over invoices, bills, leaves, API keys, guides and the reference. The key `/` opens
it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode

import falcon
import msgspec
from markupsafe import Markup

from api.console.keys.base import PATH as KEYS
from api.console.objects.kinds import OBJECT_PAGES, ObjectKind
from api.console.objects.list_page import Tag, tags_of
from api.console.page import ConsolePage
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.others_texts import bdi
from api.pages.translation import gettext as _
from api.ports.dependencies import Dependencies
from api.ports.users import Member
from domain.reading import InvalidValue
from projections.query.refusals import InvalidQuery
from projections.query.search import MAX_SEARCH_CHARACTERS
from projections.registry import ROWS

PATH = "/home/find"
FOUND_OF_A_KIND = 5


class GuideEntry(Protocol):
    """What the search of the documentation has found. Its texts are our own, and in English."""

    @property
    def kind(self) -> str:
        """A guide, an error, an operation, a field or a parameter."""

    @property
    def title(self) -> str:
        """Its heading or its name."""

    @property
    def context(self) -> str:
        """Where it stands, such as the title of the guide."""

    @property
    def path(self) -> str:
        """The address of its page."""


GuideSearch = Callable[[str, int], Sequence[GuideEntry]]
"""Returns the best entries of the documentation for a text, up to a number."""


class SearchResult(NamedTuple):
    """An object that the search has found, and a text that tells it from others of its name."""

    path: str
    title: str | Markup
    detail: str | Markup
    tags: tuple[Tag, ...]


class Group(NamedTuple):
    """What was found of one kind."""

    id: str
    title: str
    results: list[SearchResult]
    more: str
    """The path of the list with all that fit; empty if all are shown."""


class FindPage(ConsolePage):
    """Shows the first objects of each kind that the user's role shows, the best guides, and where to look further."""

    def __init__(self, pages: PageFactory, dependencies: Dependencies, guides: GuideSearch) -> None:
        super().__init__(pages)
        self._guides = guides
        self._reads, self._key_reads = dependencies.member_reads, dependencies.key_reads

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        sent = req.params.get("q")
        text = sent.strip() if isinstance(sent, str) else ""
        try:
            groups = [group for group in self._groups(member, text) if group.results] if text else []
            guides = self._guides(text, FOUND_OF_A_KIND) if text else []
            is_wrong = False
        except (InvalidQuery, InvalidValue):
            groups, guides, is_wrong = [], [], True
        resp.status = falcon.HTTP_400 if is_wrong else falcon.HTTP_200
        self.render(
            req,
            resp,
            "objects/find.html",
            query=text,
            groups=groups,
            guides=guides,
            is_wrong=is_wrong,
            max_characters=MAX_SEARCH_CHARACTERS,
            all_guides=f"/docs/search?{urlencode({'q': text})}",
        )

    def _groups(self, member: Member, text: str) -> Iterator[Group]:
        for kind in OBJECT_PAGES:
            if member.may_read(kind.kind):
                yield self._group(member, kind, text)
        keys = self._key_reads.list_keys(member.org_id, search=text, limit=FOUND_OF_A_KIND)
        paths = [(f"{KEYS}/keys/{key.id}", key) for key in keys]
        results = [SearchResult(path, bdi(key.name), f"…{key.last_four}", (Tag(_(key.state)),)) for path, key in paths]
        yield Group("keys", _("API keys"), results, f"{KEYS}?{urlencode({'search': text})}")

    def _group(self, member: Member, kind: ObjectKind, text: str) -> Group:
        listing = kind.type.listing
        if text.startswith(f"{kind.type.aggregate.id_prefix}_"):
            stored = self._reads.get(member.org_id, listing, text)
            entries = [] if stored is None else [msgspec.json.decode(stored.body, type=ROWS[kind.kind].entry_type)]
            return Group(kind.type.path, _(kind.title), [_result(kind, each) for each in entries], "")
        page = self._reads.list_page(
            member.org_id, listing.query(member.org_id, {"search": text}, rows=FOUND_OF_A_KIND)
        )
        entries = [msgspec.json.decode(each, type=ROWS[kind.kind].entry_type) for each in page.objects]
        more = f"{kind.path}?{urlencode({'search': text})}" if page.next_cursor else ""
        return Group(kind.type.path, _(kind.title), [_result(kind, each) for each in entries], more)


def _result(kind: ObjectKind, entry: Any) -> SearchResult:
    """Return an entry as the search shows it. The first column of the list tells it from others of its name."""
    return SearchResult(f"{kind.path}/{entry.id}", kind.name.text(entry), kind.columns[0].text(entry), tags_of(entry))
