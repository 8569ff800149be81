"""Second factors: an authenticator app, and a user who has one."""

from __future__ import annotations

import re
import time
from typing import Any, NamedTuple

import httpx
import pyotp

from tests.support.console import PASSWORD, Console

FACTORS, LAST_STEP = "/profile/factors", "/login/factor"
FORGET_USES = "UPDATE user_factors SET used_count = 0 WHERE user_id = %s"
MAKE_OLD = "UPDATE user_sessions SET proved_at = clock_timestamp() - interval '11 minutes' WHERE user_id = %s"


class App(NamedTuple):
    """An authenticator app that was added, and the recovery codes that its user got."""

    secret: str
    recovery_codes: list[str]
    first_code: str = ""
    """The code with which it was added."""

    def code(self, ahead: int = 1) -> str:
        """Return what the app shows, by default in the next 30 seconds: the present code was used to add the app."""
        return pyotp.TOTP(self.secret).at(for_time=int(time.time()), counter_offset=ahead)

    def wrong_code(self) -> str:
        """Return a code that the app shows at no time near this one."""
        near = {self.code(ahead) for ahead in range(-3, 4)}
        return next(code for digit in "12345678" if (code := digit * 6) not in near)


def recovery_codes_on(page: str) -> list[str]:
    """Return the recovery codes that a page shows."""
    return re.findall(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", page)


def secret_on(page: str) -> str:
    """Return the secret of an app that a page shows."""
    match = re.search(r'<code id="secret">([A-Z2-7 ]+)</code>', page)
    assert match, page
    return match[1].replace(" ", "")


def add_app(browser: Console, name: str = "My phone") -> App:
    """Add an authenticator app to the user of a session, through its page."""
    page = browser.get(f"{FACTORS}/app").text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    app = App(secret_on(page), [])
    code = app.code(0)
    shown = browser.post(f"{FACTORS}/app", data={**fields, "code": code, "name": name})
    assert shown.status_code in (200, 303), shown.text
    return App(app.secret, recovery_codes_on(shown.text), code)


def give(browser: Console, code: str) -> httpx.Response:
    """Send a code on the page of the last step of a log-in."""
    return browser.fill(LAST_STEP, {"code": code})


def begin(browser: Console, email: str, password: str = PASSWORD) -> httpx.Response:
    """Send the password of a user with a second factor."""
    response = browser.log_in(email, password)
    assert (response.status_code, response.headers["Location"]) == (303, LAST_STEP), response.text
    return response


def kinds_of(owner: Any, user_id: str) -> list[str]:
    """Return the kinds of the security events about a user, the oldest first."""
    sql = "SELECT kind FROM security_events WHERE object_id = %s ORDER BY event_id"
    return [kind for (kind,) in owner.execute(sql, (user_id,))]
