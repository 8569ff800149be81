"""Sets up an organization of one's own, as somebody does who has the code from the terminal."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx

from infra.identity.demo import Demo, create_demo
from infra.identity.setup.codes import make_setup_code
from infra.postgres.database import connect_as_table_owner
from tests.support.console import PASSWORD, Console
from tests.support.service import Service

FOUNDER = {
    "organization": "Sharma Textiles",
    "time_zone": "Asia/Kolkata",
    "email": "asha@example.in",
    "password": PASSWORD,
    "again": PASSWORD,
}


class Installation:
    """A service on a database without an organization of one's own. `owner` is connected as the owner of the tables."""

    def __init__(self, service: Service, owner: Any) -> None:
        self.service, self.owner = service, owner
        self._browsers: list[Console] = []

    def browser(self) -> Console:
        self._browsers.append(Console(self.service.url))
        return self._browsers[-1]

    def close(self) -> None:
        for browser in self._browsers:
            browser.close()

    def new_code(self) -> str:
        code = make_setup_code(self.owner)
        assert code is not None
        return code

    def demo(self) -> Demo:
        """Create the demo organization, as the bundled start does."""
        made = create_demo(self.owner)
        assert made is not None
        return made

    def organizations(self) -> list[str]:
        """Return the names of the organizations that the service has not made itself."""
        found = self.owner.execute("SELECT name FROM organizations WHERE NOT is_sample ORDER BY name")
        return [name for (name,) in found]


@contextmanager
def installation(database: str, *options: str, **settings: Any) -> Iterator[Installation]:
    with (
        Service(database, "--workers", "1", *options, **settings) as service,
        connect_as_table_owner(database) as owner,
        closing(Installation(service, owner)) as made,
    ):
        yield made


def open_form(browser: Console, code: str) -> dict[str, str]:
    """Enter a code; return the hidden fields of the form for the organization."""
    return hidden_in(browser.fill("/setup", {"code": code}))


def hidden_in(page: httpx.Response) -> dict[str, str]:
    """Return the hidden fields of a form that a page shows."""
    assert page.status_code == 200, page.text
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def set_up(browser: Console, code: str, **fields: str) -> httpx.Response:
    """Enter a code, and send the form for the organization."""
    return browser.post("/setup", data={**open_form(browser, code), **FOUNDER, **fields})


def enter(browser: Console, email: str = FOUNDER["email"]) -> None:
    """Log in as the founder, unless the set-up has done so: on a busy machine it leaves that to the person."""
    if browser.get("/home").status_code != 200:
        assert browser.log_in(email, PASSWORD).status_code == 303


def shown(page: httpx.Response, id: str) -> str:
    """Return the text that a page shows in a box, such as the key."""
    (text,) = re.findall(rf'<code id="{id}">(.*?)</code>', page.text, re.DOTALL)
    return html.unescape(text)
