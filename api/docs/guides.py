"""The guides of `docs/guides/`, in the form that the pages, `llms.txt` and the assistant read.

The Markdown files are where readers of the repository look for them. `api/docs/markdown` is a link to that folder, and
`package_data` includes its files, so that they are next to this module in a clone and in an installed wheel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import msgspec
from markdown_it.token import Token

from api.pages.markdown import anchor_of, headings, parser, plain_text

FOLDER = Path(__file__).parent / "markdown"

GROUPS: dict[str, tuple[str, ...]] = {
    "Start": ("quickstart", "authentication"),
    "Use": ("credits", "errors", "lists", "retries", "events", "payments", "leaves", "metadata"),
    "Connect": ("zapier", "make", "n8n", "curl", "python"),
    "For operators": ("rebuilding-a-projection", "answering-an-auditor"),
}
"""Every guide, in the order in which the pages list them."""

LOCAL_ORIGIN = "http://127.0.0.1:8000"
_SIBLING = re.compile(r"\]\(([a-z0-9-]+)\.md(#[^)\s]*)?\)")


class Section(msgspec.Struct, frozen=True):
    """The text under one heading of the second or third level, or before the first of them."""

    heading: str
    """In plain words; the guide's title for the text before the first heading."""
    anchor: str
    """The fragment of its address; empty for the text before the first heading."""
    text: str
    """Markdown without the heading. Links to other guides are paths of their pages."""


class Guide(msgspec.Struct, frozen=True):
    """One guide: a page at `/docs/guides/<slug>`, and Markdown at `/docs/guides/<slug>.md`."""

    slug: str
    group: str
    title: str
    summary: str
    """The first paragraph, in plain words."""
    markdown: str
    sections: tuple[Section, ...]

    @property
    def path(self) -> str:
        """The path of its page."""
        return f"/docs/guides/{self.slug}"


def guides(origin: str = LOCAL_ORIGIN) -> tuple[Guide, ...]:
    """Return every guide in order, with this origin in its commands and links."""
    return tuple(with_origin(guide, origin) for guide in guide_sources())


def guide_sources() -> tuple[Guide, ...]:
    """Return every guide as its file has it, with `{origin}` in place of an origin. Changed files are read again."""
    return tuple(
        _read_guide(slug, group, (FOLDER / f"{slug}.md").stat().st_mtime_ns)
        for group, slugs in GROUPS.items()
        for slug in slugs
    )


def guides_in(group: str) -> tuple[Guide, ...]:
    """Return the guides of one group as their files have them."""
    return tuple(guide for guide in guide_sources() if guide.group == group)


def with_origin(guide: Guide, origin: str) -> Guide:
    """Return the guide with this origin in place of `{origin}`."""
    sections = tuple(
        msgspec.structs.replace(section, text=section.text.replace("{origin}", origin)) for section in guide.sections
    )
    return msgspec.structs.replace(
        guide,
        summary=guide.summary.replace("{origin}", origin),
        markdown=guide.markdown.replace("{origin}", origin),
        sections=sections,
    )


@lru_cache(maxsize=64)
def _read_guide(slug: str, group: str, _modified_ns: int) -> Guide:
    markdown = (FOLDER / f"{slug}.md").read_text("utf-8")
    tokens = parser().parse(markdown)
    title, paragraph = (token for token in tokens[:6] if token.type == "inline")
    return Guide(slug, group, plain_text(title), plain_text(paragraph), markdown, tuple(_sections(markdown, tokens)))


def _sections(markdown: str, tokens: list[Token]) -> Iterator[Section]:
    lines = _SIBLING.sub(r"](/docs/guides/\1\2)", markdown).splitlines()
    starts = [(tokens[0], plain_text(tokens[1])), *headings(tokens)]
    ends = [_line_range(opening)[0] for opening, _ in starts[1:]] + [len(lines)]
    for (opening, heading), end in zip(starts, ends, strict=True):
        text = "\n".join(lines[_line_range(opening)[1] : end]).strip()
        yield Section(heading, "" if opening.tag == "h1" else anchor_of(heading), text)


def _line_range(token: Token) -> list[int]:
    """Return a block's first line and the line after its last one; every block has them."""
    assert token.map is not None
    return token.map
