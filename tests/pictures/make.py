"""Makes the pictures of the console: `make pictures`. It needs Chromium, and starts everything else itself."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from playwright.sync_api import sync_playwright

from api.docs.pictures import CARD, FOLDER, HEIGHT, PICTURES, THEMES, WIDTH, Picture
from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from infra.postgres.migrate import migrate
from tests.architecture.tree import ROOT
from tests.pictures.seed import LAST_REQUEST, fill, new_organization
from tests.pictures.sources import CARD_TEMPLATE, store_hashes
from tests.support.browser import CHROMIUM, OPTIONS
from tests.support.console import SESSION, new_user, open_session
from tests.support.postgres import folder_for_servers, service_group
from tests.support.service import Service
from tests.support.waiting import wait_until

QUALITY = 82
MARGIN = 20
"""How many pixels of the page's ground are above, and left of, a part of a page."""
_HEAD = "main .head"
_CORNER = "(part) => [scrollX + part.getBoundingClientRect().x, scrollY + part.getBoundingClientRect().y]"
DEVELOPER = "/settings/developer"


def fill_key(page: Any) -> None:
    """Fill in the form for a new key, as the guides without code say."""
    page.get_by_label("Name").fill("My integration")
    for scope in ("billing:read", "billing:write"):
        page.get_by_role("checkbox", name=scope).check()


def fill_webhook(page: Any) -> None:
    """Fill in the form for a new webhook, as the guides without code say."""
    page.get_by_label("URL").fill("https://hooks.example.com/catch/1234/abcd")
    page.get_by_label("Description").fill("Invoice paid")
    page.get_by_role("checkbox", name="leaves:read").uncheck()
    page.get_by_text("Invoice", exact=True).click()
    page.get_by_role("checkbox", name="invoice.paid").check()


def enter_test_mode(page: Any) -> None:
    """Switch the session to test mode."""
    page.get_by_role("button", name="Switch to test mode").click()
    page.get_by_text("Test mode.").wait_for()


class View(NamedTuple):
    """What a picture shows."""

    path: str
    then: Callable[[Any], None] | None = None
    """What is done on the page before the picture is taken."""
    part: str = ""
    """A selector of the element at which the picture begins; empty for the whole window."""


VIEWS = {
    "home": View("/home"),
    "activity": View("/activity", part=_HEAD),
    "key": View(f"{DEVELOPER}/keys/{{key}}", part=_HEAD),
    "requests": View(f"{DEVELOPER}/requests", part=_HEAD),
    "new-key": View(f"{DEVELOPER}/new", fill_key, "main .card"),
    "new-webhook": View("/settings/webhooks/new", fill_webhook, "main .card"),
    "test-mode": View(DEVELOPER, enter_test_mode),
}
"""What each picture shows. A path can contain `{key}`, the id of a key."""


def main() -> None:
    """Start a service with sample data, and store a picture of each page in each theme."""
    with folder_for_servers() as folder, run_postgres(folder / "data", group=service_group()) as conninfo:
        with connect_as_table_owner(conninfo) as owner:
            migrate(owner)
        with Service(conninfo) as service, connect_as_table_owner(conninfo) as owner:
            organization = new_organization(service.url, owner)
            key = fill(organization, owner, datetime.now(UTC).date())
            _take(service.url, _sign_in(owner, organization), key)
            organization.close()
    store_hashes()


def _sign_in(owner: Any, organization: Any) -> Callable[[Any], None]:
    """Return a function that opens a session of the organization's owner in a context of the browser."""
    user = new_user(owner, organization.id).user
    owner.execute("UPDATE users SET email = 'meena@textiles.example' WHERE user_id = %s", (user.id,))

    def sign_in(context: Any) -> None:
        token = open_session(owner, user.id)
        context.add_cookies([{"name": SESSION, "value": token, "url": organization.url}])

    return sign_in


def _take(url: str, sign_in: Callable[[Any], None], key: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        _prepare(browser, url, sign_in)
        for theme in THEMES:
            context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=theme)
            sign_in(context)
            page = context.new_page()
            for picture in PICTURES:
                view = VIEWS[picture.name]
                page.goto(f"{url}{view.path.format(key=key)}", wait_until="networkidle")
                if view.then:
                    view.then(page)
                (FOLDER / picture.file(theme)).write_bytes(_picture(page, picture, view))
            context.close()
        card = browser.new_page(viewport={"width": 1200, "height": 630})
        card.set_content((ROOT / CARD_TEMPLATE).read_text("utf-8"))
        card.screenshot(path=FOLDER / CARD)
        browser.close()


def _picture(page: Any, picture: Picture, view: View) -> bytes:
    """Return the picture of the page as it is now, as WebP."""
    page.mouse.move(0, 0)
    x, y = page.locator(view.part).first.evaluate(_CORNER) if view.part else (MARGIN, MARGIN)
    corner = {"x": x - MARGIN, "y": y - MARGIN}
    clip = {**corner, "width": picture.width, "height": picture.height, "scale": 1}
    shot = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot",
        {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": bool(view.part)},
    )
    return base64.b64decode(shot["data"])


def _prepare(browser: Any, url: str, sign_in: Callable[[Any], None]) -> None:
    """Wait until the sums and the records of requests have everything, and verify the chain."""
    context = browser.new_context()
    sign_in(context)
    page = context.new_page()

    def is_summed() -> bool:
        page.goto(f"{url}/home")
        return "not included yet" not in page.content()

    def is_recorded() -> bool:
        page.goto(f"{url}{DEVELOPER}/requests?requestId={LAST_REQUEST}")
        return "No request fits" not in page.content()

    wait_until(is_summed)
    wait_until(is_recorded)
    page.goto(f"{url}/activity")
    page.get_by_role("button", name="Verify").first.click()
    page.get_by_text("Chain verified").wait_for()
    context.close()


if __name__ == "__main__":
    if CHROMIUM is None:
        sys.exit("Chromium is missing: install it (Debian and Ubuntu: sudo apt install chromium), then run this again.")
    main()
