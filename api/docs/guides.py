"""Reads the guides from `docs/guides/`, for the pages, `llms.txt` and the assistant.

The Markdown files are in `docs/guides/`, where readers of the repository expect them. `api/docs/markdown` is a symbolic
link to this folder, and `package_data` includes its files. So this module finds the files beside itself in a clone and
in an installed wheel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec
from markdown_it.token import Token

from api.pages.markdown import anchor_of, headings, parser, plain_text
from api.samples.placeholders import fill, today

FOLDER = Path(__file__).parent / "markdown"

GROUPS: dict[str, tuple[str, ...]] = {
    "Start": ("quickstart", "authentication"),
    "Use": (
        "credits",
        "errors",
        "requests",
        "lists",
        "retries",
        "events",
        "proofs",
        "payments",
        "gst-invoices",
        "credit-notes",
        "leaves",
        "parties",
        "metadata",
        "test-mode",
    ),
    "Without code": ("zapier", "make", "n8n", "google-sheets", "excel", "ai-clients"),
    "With code": ("curl", "python", "node", "php", "receiving-webhooks"),
    "For operators": ("rebuilding-a-projection", "answering-an-auditor", "for-your-auditor", "erasing-a-person"),
}
"""The groups of guides, each with the names of its guides. Pages list them in this order."""

SLUGS = tuple(slug for slugs in GROUPS.values() for slug in slugs)
"""The names of all guides, in order."""

OPERATORS = "For operators"
"""The group for people who run the service. It has a separate index. The other groups are for users of the API."""
USERS = tuple(group for group in GROUPS if group != OPERATORS)
"""The groups for users of the API."""

LOCAL_ORIGIN = "http://127.0.0.1:8000"
_PICTURE = re.compile(r"\]\((?:\.\./)+api/pages(/static/pictures/[\w.-]+)\)")
"""The end of a picture. The files of the guides name pictures by their place in the repository."""
_PICTURE_LINE = re.compile(r"^!\[.*\)\n", re.MULTILINE)
_SIBLING = re.compile(r"\]\(([a-z0-9-]+)\.md(#[^)\s]*)?\)")


class Section(msgspec.Struct, frozen=True):
    """A part of a guide: the text under one heading of level 2 or 3, or the text before the first such heading."""

    heading: str
    """The heading as plain text. For the text before the first heading, it is the title of the guide."""
    anchor: str
    """The fragment of the section's URL; empty for the text before the first heading."""
    text: str
    """The Markdown below the heading, without pictures. Links to other guides lead to the pages of these guides."""


class Guide(msgspec.Struct, frozen=True):
    """A guide. `/docs/guides/<slug>` is its page, and `/docs/guides/<slug>.md` is its Markdown."""

    slug: str
    group: str
    title: str
    summary: str
    """The first paragraph as plain text."""
    markdown: str
    sections: tuple[Section, ...]

    @property
    def path(self) -> str:
        """The path of the guide's page."""
        return path_of(self.slug)

    @property
    def is_for_operators(self) -> bool:
        """Whether the guide is for people who run the service, and not for users of the API."""
        return self.group == OPERATORS


def path_of(slug: str) -> str:
    """Return the path of a guide's page."""
    return f"/docs/guides/{slug}"


def guides(origin: str = LOCAL_ORIGIN, day: date | None = None) -> tuple[Guide, ...]:
    """Return all guides in order. Their commands and links contain `origin`, and days relative to `day` (today)."""
    return tuple(filled(guide, origin, day or today()) for guide in guide_sources())


def guide_sources() -> tuple[Guide, ...]:
    """Return all guides in order, with placeholders. Files that have changed are read again."""
    return tuple(
        _read_guide(slug, group, (FOLDER / f"{slug}.md").stat().st_mtime_ns)
        for group, slugs in GROUPS.items()
        for slug in slugs
    )


def guides_in(group: str) -> tuple[Guide, ...]:
    """Return the guides of one group, with placeholders."""
    return tuple(guide for guide in guide_sources() if guide.group == group)


def filled(guide: Guide, origin: str, day: date) -> Guide:
    """Return the guide with `origin`, and days relative to `day`, in place of the placeholders."""
    sections = tuple(
        msgspec.structs.replace(section, text=fill(section.text, origin, day)) for section in guide.sections
    )
    return msgspec.structs.replace(
        guide,
        summary=fill(guide.summary, origin, day),
        markdown=fill(guide.markdown, origin, day),
        sections=sections,
    )


@lru_cache(maxsize=64)
def _read_guide(slug: str, group: str, _modified_ns: int) -> Guide:
    markdown = _PICTURE.sub(r"]({origin}\1)", (FOLDER / f"{slug}.md").read_text("utf-8"))
    tokens = parser().parse(markdown)
    title, paragraph = (token for token in tokens[:6] if token.type == "inline")
    return Guide(slug, group, plain_text(title), plain_text(paragraph), markdown, tuple(_sections(markdown, tokens)))


def _sections(markdown: str, tokens: list[Token]) -> Iterator[Section]:
    lines = _SIBLING.sub(r"](/docs/guides/\1\2)", markdown).splitlines()
    starts = [(tokens[0], plain_text(tokens[1])), *headings(tokens)]
    ends = [_line_range(opening)[0] for opening, _ in starts[1:]] + [len(lines)]
    for (opening, heading), end in zip(starts, ends, strict=True):
        text = _PICTURE_LINE.sub("", "\n".join(lines[_line_range(opening)[1] : end])).strip()
        yield Section(heading, "" if opening.tag == "h1" else anchor_of(heading), text)


def _line_range(token: Token) -> list[int]:
    """Return the numbers of the first line of a block and of the line after the block. Every block token has them."""
    assert token.map is not None
    return token.map
