"""The pictures of the console on the landing page. `make pictures` makes them from a console with sample data."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any, Literal, NamedTuple

from api.pages.factory import PageFactory
from api.pages.responses import CachedPage, CachedResponse

FOLDER = Path(__file__).parents[2] / "pages" / "static" / "pictures"
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WIDTH, HEIGHT = 1200, 750
"""The size of a picture in pixels."""
CARD = "card.png"
"""The picture that other sites show beside a link to the landing page, in 1200 × 630 pixels."""
_TYPES = {".webp": "image/webp", ".png": "image/png"}


class Picture(NamedTuple):
    """A page of the console of which there is a picture in light and one in dark mode."""

    name: str
    title: str
    text: str
    """The sentence below the picture, which says what the picture shows."""
    alternative: str
    """The text for people who cannot see the picture (`alt`)."""

    def file(self, theme: Theme) -> str:
        """Return the file name of the picture in this theme."""
        return f"{self.name}-{theme}.webp"


PICTURES = (
    Picture(
        "home",
        "What is outstanding, today",
        "Receivables and payables by age and currency, and the leave requests that wait for a decision.",
        "The page Home of the console: outstanding amounts in rupees and euros, in a table by days overdue.",
    ),
    Picture(
        "activity",
        "Every change, in sentences",
        "Who did what, and when. One click verifies the chain of hashes behind it.",
        "The page Activity of the console: the log in sentences, and above it that the chain is verified.",
    ),
    Picture(
        "key",
        "What each key does",
        "Requests by day and by hour, the credits that are left, and when the next one returns.",
        "The page of an API key in the console: its scopes, its used credits, and a chart of its requests.",
    ),
)


def picture_routes(pages: PageFactory) -> list[tuple[str, Any]]:
    """Return the routes of all pictures."""
    names = [*(picture.file(theme) for picture in PICTURES for theme in THEMES), CARD]
    return [(f"/static/pictures/{name}", _file(FOLDER / name)) for name in names]


def _file(path: Path) -> CachedPage:
    response = CachedResponse(gzip.compress(path.read_bytes(), mtime=0), _TYPES[path.suffix])
    return CachedPage(lambda: response)
