"""Makes the pictures of the landing page: `make pictures`. It needs Chromium, and starts everything else itself."""

from __future__ import annotations

import base64
import sys
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import sync_playwright

from api.docs.landing.pictures import CARD, FOLDER, HEIGHT, PICTURES, THEMES, WIDTH
from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from infra.postgres.migrate import migrate
from tests.architecture.tree import ROOT
from tests.pictures.seed import fill, new_organization
from tests.pictures.sources import CARD_TEMPLATE, store_hashes
from tests.support.browser import CHROMIUM, OPTIONS
from tests.support.console import SESSION, new_user, open_session
from tests.support.postgres import folder_for_servers, service_group
from tests.support.service import Service
from tests.support.waiting import wait_until

QUALITY = 82


def main() -> None:
    """Start a service with sample data, and store a picture of each page in each theme."""
    with folder_for_servers() as folder, run_postgres(folder / "data", group=service_group()) as conninfo:
        with connect_as_table_owner(conninfo) as owner:
            migrate(owner)
        with Service(conninfo) as service, connect_as_table_owner(conninfo) as owner:
            organization = new_organization(service.url, owner)
            key = fill(organization, owner, datetime.now(UTC).date())
            cookie = {"name": SESSION, "value": _session(owner, organization.id), "url": service.url}
            _take(
                service.url,
                cookie,
                {"home": "/home", "activity": "/activity", "key": f"/settings/developer/keys/{key}"},
            )
            organization.close()
    store_hashes()


def _session(owner: Any, org_id: str) -> str:
    user = new_user(owner, org_id).user
    owner.execute("UPDATE users SET email = 'meena@textiles.example' WHERE user_id = %s", (user.id,))
    return open_session(owner, user.id)


def _take(url: str, cookie: Any, paths: dict[str, str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        _prepare(browser, url, cookie)
        for theme in THEMES:
            context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=theme)
            context.add_cookies([cookie])
            page = context.new_page()
            for picture in PICTURES:
                page.goto(f"{url}{paths[picture.name]}", wait_until="networkidle")
                shot = context.new_cdp_session(page).send(
                    "Page.captureScreenshot", {"format": "webp", "quality": QUALITY}
                )
                (FOLDER / picture.file(theme)).write_bytes(base64.b64decode(shot["data"]))
            context.close()
        card = browser.new_page(viewport={"width": 1200, "height": 630})
        card.set_content((ROOT / CARD_TEMPLATE).read_text("utf-8"))
        card.screenshot(path=FOLDER / CARD)
        browser.close()


def _prepare(browser: Any, url: str, cookie: Any) -> None:
    """Wait until the sums have everything, and verify the chain."""
    context = browser.new_context()
    context.add_cookies([cookie])
    page = context.new_page()

    def is_summed() -> bool:
        page.goto(f"{url}/home")
        return "not included yet" not in page.content()

    wait_until(is_summed)
    page.goto(f"{url}/activity")
    page.get_by_role("button", name="Verify").first.click()
    page.get_by_text("Chain verified").wait_for()
    context.close()


if __name__ == "__main__":
    if CHROMIUM is None:
        sys.exit("Chromium is missing: install it (Debian and Ubuntu: sudo apt install chromium), then run this again.")
    main()
