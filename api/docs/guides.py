"""The guides of `docs/guides/`, as the pages, `llms.txt` and whoever searches them see them.

The Markdown files stand where readers of the repository look for them. `api/docs/markdown` is a link to that folder,
and `package_data` takes its files along: they are read from beside this module, in a clone and in an installed wheel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import msgspec
from markdown_it.token import Token

from api.pages.markdown import anchor_of, headings, parser, plain

HERE = Path(__file__).parent


GROUPS: dict[str, tuple[str, ...]] = {
    "Start": ("quickstart", "authentication"),
    "Use": ("credits", "errors", "lists", "retries", "events"),
    "Connect": ("zapier", "make", "n8n", "curl", "python"),
    "For operators": ("rebuilding-a-projection", "answering-an-auditor"),
}
"""Which guides there are, in the order in which they are shown."""

ANYWHERE = "http://127.0.0.1:8000"
_SIBLING = re.compile(r"\]\(([a-z0-9-]+)\.md(#[^)\s]*)?\)")


class Section(msgspec.Struct, frozen=True):
    """What stands under one heading of the second or third level, or before the first of them."""

    heading: str
    """In plain words; of the part before the first heading, the guide's title."""
    anchor: str
    """What follows the # in its address; empty for the part before the first heading."""
    text: str
    """Markdown, without the heading; links to other guides are addresses of their pages."""


class Guide(msgspec.Struct, frozen=True):
    """One guide: served at `/docs/guides/<slug>`, and as Markdown at `/docs/guides/<slug>.md`."""

    slug: str
    group: str
    title: str
    summary: str
    """The first paragraph, in plain words."""
    markdown: str
    sections: tuple[Section, ...]

    @property
    def path(self) -> str:
        """Where its page is, below the origin."""
        return f"/docs/guides/{self.slug}"


@lru_cache(maxsize=8)
def guides(origin: str = ANYWHERE) -> tuple[Guide, ...]:
    """Every guide in its order, with its commands and links naming this origin."""
    return tuple(_at(origin, guide) for guide in written_guides())


@cache
def written_guides() -> tuple[Guide, ...]:
    """Every guide as it was written, with `{origin}` where an origin belongs."""
    return tuple(_guide(slug, group) for group, slugs in GROUPS.items() for slug in slugs)


def of_group(group: str) -> tuple[Guide, ...]:
    """The guides of one group, as they were written."""
    return tuple(guide for guide in written_guides() if guide.group == group)


def _guide(slug: str, group: str) -> Guide:
    markdown = (HERE / "markdown" / f"{slug}.md").read_text("utf-8")
    tokens = parser().parse(markdown)
    title, paragraph = (token for token in tokens[:6] if token.type == "inline")
    return Guide(slug, group, plain(title), plain(paragraph), markdown, tuple(_sections(markdown, tokens)))


def _sections(markdown: str, tokens: list[Token]) -> Iterator[Section]:
    lines = _SIBLING.sub(r"](/docs/guides/\1\2)", markdown).splitlines()
    starts = [(tokens[0], plain(tokens[1])), *headings(tokens)]
    ends = [_lines(opening)[0] for opening, _ in starts[1:]] + [len(lines)]
    for (opening, words), end in zip(starts, ends, strict=True):
        text = "\n".join(lines[_lines(opening)[1] : end]).strip()
        yield Section(words, "" if opening.tag == "h1" else anchor_of(words), text)


def _lines(token: Token) -> list[int]:
    """The token's first line, and the one after its last; a block always has them."""
    assert token.map is not None
    return token.map


def _at(origin: str, guide: Guide) -> Guide:
    """The guide with the origin filled in."""

    def filled(text: str) -> str:
        return text.replace("{origin}", origin)

    sections = tuple(msgspec.structs.replace(section, text=filled(section.text)) for section in guide.sections)
    return msgspec.structs.replace(
        guide, summary=filled(guide.summary), markdown=filled(guide.markdown), sections=sections
    )
