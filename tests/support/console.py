"""The console: users, sessions, and an HTTP client that fills in forms as a browser does."""

from __future__ import annotations

import re
import secrets
import uuid
from typing import Any

import httpx

from domain.accounts.user import MAX_SESSION
from infra.identity import users
from infra.identity.sessions import MAX_IDLE, digest

SESSION = "smartdhandha_session"
"""The name of the session's cookie on localhost."""
ADDRESS_HEADER = "X-Forwarded-For"
"""The header from which the service in the tests takes the address of a client."""
PASSWORD = "plum tractor over nine lakes"


def new_user(owner: Any, org_id: str, role: str = "owner") -> users.NewLink:
    """Create a user for one test. The user has no password yet."""
    return users.create_user(owner, org_id, f"{role}.{uuid.uuid4().hex[:10]}@example.in", role)


def open_session(owner: Any, user_id: str) -> str:
    """Open a session for a user, as a log-in does; return its token."""
    token = secrets.token_urlsafe(32)
    owner.execute("SELECT open_session(%s, %s, %s, %s)", (digest(token), user_id, MAX_IDLE, MAX_SESSION))
    return token


def enter_console(page: Any, organization: Any, owner: Any, role: str = "owner") -> None:
    """Sign a page of a browser in to the console of an organization, as a new user with this role."""
    token = open_session(owner, new_user(owner, organization.id, role).user.id)
    page.context.add_cookies([{"name": SESSION, "value": token, "url": organization.url}])


class Console(httpx.Client):
    """An HTTP client that acts like a browser without scripts: it keeps cookies and sends hidden fields of forms."""

    def __init__(self, url: str, email: str = "", user_id: str = "") -> None:
        # Each client has its own address, as if behind a proxy. So failed log-ins of one test do not count for another.
        address = {ADDRESS_HEADER: f"10.{'.'.join(map(str, secrets.token_bytes(3)))}"}
        super().__init__(base_url=url, timeout=30, trust_env=False, headers=address)
        self.email, self.user_id = email, user_id

    def token_on(self, path: str) -> str:
        """Return the CSRF token in the forms of a page."""
        page = self.get(path)
        match = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.text)
        assert match, f"{page.status_code}: {page.text}"
        return match[1]

    def fill(self, path: str, fields: dict[str, Any] | None = None, on: str | None = None) -> httpx.Response:
        """Open the page `on`, by default the path itself, and send its form to the path with these fields."""
        return self.post(path, data={**self.hidden_on(on or path), **(fields or {})})

    def hidden_on(self, path: str) -> dict[str, str]:
        """Return the hidden fields of the form on a page."""
        page = self.get(path)
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        assert "csrf" in fields, f"{page.status_code}: {page.text}"
        return fields

    def log_in(self, email: str, password: str) -> httpx.Response:
        return self.fill("/login", {"email": email, "password": password})
