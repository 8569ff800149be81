"""The pictures of the console, on the landing page and in guides. `make pictures` makes them from sample data."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Literal, NamedTuple

from api.pages.factory import PageFactory
from api.pages.responses import CachedPage, CachedResponse

FOLDER = Path(__file__).parents[1] / "pages" / "static" / "pictures"
ADDRESS = "/static/pictures"
"""The path below which the service serves the pictures."""
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WIDTH, HEIGHT = 1200, 750
"""The size of a picture of a whole page, in pixels."""
CARD = "card.png"
"""The picture that other sites show beside a link to the landing page, in 1200 × 630 pixels."""
_TYPES = {".webp": "image/webp", ".png": "image/png"}


class Picture(NamedTuple):
    """A page of the console, or a part of it, of which there is a picture in light and one in dark mode."""

    name: str
    width: int = WIDTH
    height: int = HEIGHT

    def file(self, theme: Theme) -> str:
        """Return the file name of the picture in this theme."""
        return f"{self.name}-{theme}.webp"


class CaptionedPicture(NamedTuple):
    """A picture on the landing page, and its texts."""

    picture: Picture
    title: str
    text: str
    """The sentence below the picture, which says what the picture shows."""
    alternative: str
    """The text for people who cannot see the picture (`alt`)."""


ON_LANDING = (
    CaptionedPicture(
        Picture("home"),
        "What is outstanding, today",
        "Receivables and payables by age and currency, and the leave requests that wait for a decision.",
        "The page Home of the console: outstanding amounts in rupees and euros, in a table by days overdue.",
    ),
    CaptionedPicture(
        Picture("activity"),
        "Every change, in sentences",
        "Who did what, and when. One click verifies the chain of hashes behind it.",
        "The page Activity of the console: the log in sentences, and above it that the chain is verified.",
    ),
    CaptionedPicture(
        Picture("key"),
        "What each key does",
        "Requests by day and by hour, answered and refused, the credits that are left, and when the next one returns.",
        "The page of an API key in the console: its scopes, its used credits, and a chart of its requests.",
    ),
    CaptionedPicture(
        Picture("requests"),
        "Why a request was refused",
        "Each request of 30 days with its cause in words, found by the id that the error names.",
        "The page Requests of the console: requests with their status, the cause of each error, and their ids.",
    ),
)
IN_GUIDES = (Picture("new-key", 776, 600), Picture("new-webhook", 776, 1000), Picture("test-mode", 1200, 480))
"""The pictures that only guides show. There, the alternative is in the guide."""
PICTURES = (*(each.picture for each in ON_LANDING), *IN_GUIDES)


def picture_at(url: str) -> Picture:
    """Return the picture to which a URL leads, in any theme. Raises KeyError if there is none."""
    return {picture.file(theme): picture for picture in PICTURES for theme in THEMES}[PurePosixPath(url).name]


def picture_routes(pages: PageFactory) -> list[tuple[str, Any]]:
    """Return the routes of all pictures."""
    names = [*(picture.file(theme) for picture in PICTURES for theme in THEMES), CARD]
    return [(f"{ADDRESS}/{name}", _file(FOLDER / name)) for name in names]


def _file(path: Path) -> CachedPage:
    """Return the route of a file, which is read at its first request: a picture that is new must first be made."""

    @cache
    def response() -> CachedResponse:
        return CachedResponse(gzip.compress(path.read_bytes(), mtime=0), _TYPES[path.suffix])

    return CachedPage(response)
