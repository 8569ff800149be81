"""What each picture shows: the templates and style sheets of its page, and what writes its words.

If one of these files changes, the picture is old.
"""

from __future__ import annotations

import hashlib
import json

from api.docs.pictures import CARD, FOLDER, PICTURES
from tests.architecture.tree import ROOT

HASHES = FOLDER / "hashes.json"
"""For each picture, the hash of its sources when it was made."""
_FRAME = (
    "api/pages/templates/base.html",
    "api/pages/templates/parts.html",
    "api/pages/static/frame.css",
    "api/pages/static/console.css",
    "api/console/templates/layout.html",
    "api/console/templates/parts.html",
    "tests/pictures/seed.py",
)
_TEMPLATES = "api/console/templates"
_OVERVIEW = "api/pages/static/overview.css"
_PAGES = {
    "home": (f"{_TEMPLATES}/home.html", _OVERVIEW, "api/pages/formats.py"),
    "activity": (
        f"{_TEMPLATES}/activity.html",
        f"{_TEMPLATES}/filtered_list.html",
        _OVERVIEW,
        "api/console/activity/sentences.py",
    ),
    "key": (f"{_TEMPLATES}/keys/key.html", "api/console/keys/chart.py"),
    "requests": (f"{_TEMPLATES}/keys/requests.html", _OVERVIEW),
    "new-key": (f"{_TEMPLATES}/keys/new.html", f"{_TEMPLATES}/keys/fields.html"),
    "new-webhook": (f"{_TEMPLATES}/webhooks/new.html",),
    "test-mode": (f"{_TEMPLATES}/keys/list.html",),
}
CARD_TEMPLATE = "tests/pictures/card.html"


def current_hashes() -> dict[str, str]:
    """Return the hash of the present sources of each picture, by the picture's name."""
    pages = {picture.name: _hash(*_FRAME, *_PAGES[picture.name]) for picture in PICTURES}
    return {**pages, CARD: _hash(CARD_TEMPLATE)}


def stored_hashes() -> dict[str, str]:
    """Return the hashes of the sources from which the present pictures were made."""
    hashes: dict[str, str] = json.loads(HASHES.read_text("utf-8"))
    return hashes


def store_hashes() -> None:
    """Remember that the pictures show the present sources."""
    HASHES.write_text(json.dumps(current_hashes(), indent=2) + "\n", "utf-8")


def _hash(*paths: str) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update((ROOT / path).read_bytes())
    return digest.hexdigest()
