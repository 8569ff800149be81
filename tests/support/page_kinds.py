"""Every kind of page of the service, and what a browser may have to load for it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

import pyotp

MOST_BEFORE_TEXT = 30
"""KB of HTML, style sheets and the first script, compressed: 0.15 seconds at 1.6 Mbit/s."""


class PageKind(NamedTuple):
    """A kind of page. Its budget is in KB of compressed HTML, style sheets and scripts, and in requests for them."""

    path: str
    kilobytes: int
    requests: int = 12
    has_session: bool = False
    """Whether somebody is signed in."""
    then: Callable[[Any], None] | None = None
    """What is done on the page before somebody looks at it."""


def create_a_key(page: Any) -> None:
    """Send the form for a new key, so that the page shows the key."""
    page.get_by_label("Name").fill("Zapier")
    page.get_by_role("checkbox", name="billing:read").check()
    page.get_by_role("button", name="Create the key").click()
    page.get_by_role("button", name="Copy the key").wait_for()


def try_a_key(page: Any) -> None:
    """Test a key that does not exist, so that the page shows what is wrong with it."""
    page.get_by_label("Key").fill("sd_live_mistyped")
    page.get_by_role("button", name="Test the key").click()
    page.get_by_text("The key does not work.").wait_for()


def name_no_zone(page: Any) -> None:
    """Send the form of the organization with a time zone that does not exist, so that the page shows what is wrong."""
    page.get_by_label("Time zone").fill("Asia/Kolkatta")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("must be one of those in the list").wait_for()


def create_nothing(page: Any) -> None:
    """Send the form for a new key without its fields, so that the page shows what is wrong."""
    page.get_by_role("button", name="Create the key").click()
    page.get_by_text("choose at least one of those").wait_for()


def draft_nothing(page: Any) -> None:
    """Send the form for a new invoice without its fields, so that the page shows what is wrong."""
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").first.wait_for()


def save_a_view(page: Any) -> None:
    """Save the filters of a list as a view, and open the page of the views."""
    _fill_view(page, f"To be paid {uuid.uuid4().hex[:6]}")
    page.get_by_role("link", name="Change the views").click()
    page.get_by_role("button", name="Rename").first.wait_for()


def save_no_view(page: Any) -> None:
    """Save the filters of a list without a name, so that the page shows what is wrong."""
    _fill_view(page, "")
    page.get_by_role("alert").wait_for()


def _fill_view(page: Any, name: str) -> None:
    page.get_by_text("Save this view").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Save the view").click()


def ask_for_a_file(page: Any) -> None:
    """Ask for the file of a list, so that the page shows the files of the user."""
    page.get_by_role("button", name="Make the file").click()
    page.get_by_role("button", name="Remove").first.wait_for()


def ask(page: Any) -> None:
    """Ask the assistant, and wait for its answer."""
    page.get_by_label("Your question").fill("How do I mark an invoice as paid?")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".answered pre:visible").first.wait_for()


def enter_test_mode(page: Any) -> None:
    """Switch the session to test mode, which every page then says in a bar."""
    page.get_by_role("button", name="Switch to test mode").click()
    page.get_by_text("Test mode.").wait_for()


def create_a_webhook(page: Any) -> None:
    """Send the form for a new webhook, so that the page shows its secret."""
    page.get_by_label("URL").fill(f"http://127.0.0.1:9/{uuid.uuid4()}")
    page.get_by_role("button", name="Create the webhook").click()
    page.get_by_role("button", name="Copy the secret").wait_for()


def create_no_webhook(page: Any) -> None:
    """Send the form for a new webhook without its URL, so that the page shows what is wrong."""
    page.get_by_role("button", name="Create the webhook").click()
    page.get_by_role("alert").wait_for()


def invite_somebody(page: Any) -> None:
    """Invite somebody, so that the page shows the link that accepts the invitation."""
    page.get_by_label("E-mail address").fill(f"asha.{uuid.uuid4().hex[:10]}@example.in")
    page.get_by_role("button", name="Invite").click()
    page.get_by_role("button", name="Copy the link").wait_for()


def see_somebody(page: Any) -> None:
    """Invite somebody, and open the person's page."""
    invite_somebody(page)
    page.get_by_role("link", name="Back to the people").click()
    page.get_by_role("link", name="asha.").first.click()
    page.get_by_role("button", name="Change the role").wait_for()


def see_a_webhook(page: Any) -> None:
    """Create a webhook, and open its page."""
    create_a_webhook(page)
    page.get_by_role("link", name="See the webhook").click()
    page.get_by_role("heading", name="Deliveries", exact=True).wait_for()


def add_an_app(page: Any) -> None:
    """Send the first code of a new authenticator app, which shows recovery codes if it is the user's first factor."""
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Add the app").click()
    page.get_by_role("heading", name=re.compile("Your recovery codes|Your factors")).wait_for()


def see_a_factor(page: Any) -> None:
    """Add an authenticator app, and open its page."""
    add_an_app(page)
    page.goto(f"{page.url.partition('/profile')[0]}/profile/factors")
    page.locator("table a").first.click()
    page.get_by_role("heading", name="Remove this factor").wait_for()


def ask_about_a_lost_device(page: Any) -> None:
    """Add an authenticator app, and open the page on which an owner takes the factors of a person away."""
    add_an_app(page)
    page.goto(f"{page.url.partition('/profile')[0]}{PEOPLE}")
    page.get_by_role("row").filter(has_text="(you)").get_by_role("link").click()
    page.goto(f"{page.url}/factors")
    page.get_by_role("button", name="Remove the second factors").wait_for()


def look_somebody_up(page: Any) -> None:
    """Look up the client of the invoices, which shows what is held."""
    page.get_by_label("Id", exact=True).fill("acme")
    page.get_by_role("button", name="Show what is held").click()
    page.get_by_role("heading", name="What is held about this person").wait_for()


def look_nobody_up(page: Any) -> None:
    """Send the form without an id, which shows what is wrong."""
    page.get_by_role("button", name="Show what is held").click()
    page.get_by_text("Enter the id.").wait_for()


DEVELOPER, WEBHOOKS, PEOPLE, ORGANIZATION = (
    f"/settings/{name}" for name in ("developer", "webhooks", "people", "organization")
)
SECURITY = "/settings/security"
PAGE_KINDS = {
    "landing": PageKind("/", 30, 20),
    "guides": PageKind("/docs/guides", 30),
    "guide": PageKind("/docs/guides/quickstart", 40),
    "longest guide": PageKind("/docs/guides/errors", 60),
    "guides for operators": PageKind("/docs/guides/operators", 30),
    "reference": PageKind("/docs", 60),
    "operation": PageKind("/docs/operations/createInvoice", 60),
    "search": PageKind("/docs/search?q=invoice", 30),
    "nothing found": PageKind("/docs/search?q=qqqqqq", 30),
    "assistant": PageKind("/assistant", 30),
    "answer": PageKind("/assistant", 40, then=ask),
    "assistant's panel": PageKind("/assistant/panel", 30),
    "status": PageKind("/status", 30),
    "security": PageKind("/security", 30),
    "error": PageKind("/nowhere", 30),
    "log-in": PageKind("/login", 30),
    "forgotten password": PageKind("/forgot", 30),
    "password": PageKind("{link}", 30),
    "spent link": PageKind("/password/spent", 30),
    "second factors": PageKind("/profile/factors", 30, has_session=True),
    "confirm": PageKind("/profile/factors/confirm", 30, has_session=True),
    "new app": PageKind("/profile/factors/app", 30, has_session=True),
    "recovery codes": PageKind("/profile/factors/app", 30, 16, has_session=True, then=add_an_app),
    "factor": PageKind("/profile/factors/app", 30, 20, has_session=True, then=see_a_factor),
    "new recovery codes": PageKind("/profile/factors/codes", 30, has_session=True),
    "profile of the organization": PageKind(f"{ORGANIZATION}/profile", 30, has_session=True),
    "logo of the organization": PageKind(f"{ORGANIZATION}/logo", 30, has_session=True),
    "GSTIN and payment": PageKind(f"{ORGANIZATION}/payment", 30, has_session=True),
    "log-out": PageKind("/logout", 30, has_session=True),
    "home": PageKind("/home", 30, has_session=True),
    "invoices": PageKind("/home/invoices", 60, has_session=True),
    "wrong filters": PageKind("/home/invoices?dateFrom=yesterday&status=closed&colour=red", 60, has_session=True),
    "saved views": PageKind("/home/invoices?status=sent", 60, 16, has_session=True, then=save_a_view),
    "wrong view": PageKind("/home/invoices", 60, 16, has_session=True, then=save_no_view),
    "file of a long list": PageKind("/home/invoices/files?status=sent,paid&sort=dueDate", 30, has_session=True),
    "your files": PageKind("/home/invoices/files?status=sent", 30, 16, has_session=True, then=ask_for_a_file),
    "no files": PageKind("/home/files", 30, has_session=True),
    "bills": PageKind("/home/bills", 60, has_session=True),
    "leaves": PageKind("/home/leaves", 60, has_session=True),
    "who is away": PageKind("/home/leaves/away?month=2099-03", 60, has_session=True),
    "new invoice": PageKind("/home/invoices/new", 60, has_session=True),
    "new leave": PageKind("/home/leaves/new", 60, has_session=True),
    "wrong draft": PageKind("/home/invoices/new", 60, 16, has_session=True, then=draft_nothing),
    "invoice": PageKind("/home/invoices/{invoice}", 60, has_session=True),
    "change an invoice": PageKind("/home/invoices/{invoice}/edit", 60, has_session=True),
    "leave": PageKind("/home/leaves/{leave}", 60, has_session=True),
    "credit notes": PageKind("/home/credit-notes", 60, has_session=True),
    "credit note": PageKind("/home/credit-notes/{note}", 60, has_session=True),
    "new credit note": PageKind("/home/credit-notes/new?invoiceId={invoice}", 60, has_session=True),
    "wrong credit note": PageKind(
        "/home/credit-notes/new?invoiceId={invoice}", 60, 16, has_session=True, then=draft_nothing
    ),
    "debit notes": PageKind("/home/debit-notes", 60, has_session=True),
    "new debit note": PageKind("/home/debit-notes/new?invoiceId={invoice}", 60, has_session=True),
    "vendor credits": PageKind("/home/vendor-credits", 60, has_session=True),
    "change a credit note": PageKind("/home/credit-notes/{note}/edit", 60, has_session=True),
    "parties": PageKind("/home/parties", 60, has_session=True),
    "wrong party filters": PageKind("/home/parties?role=friend&colour=red", 60, has_session=True),
    "party": PageKind("/home/parties/{party}", 60, has_session=True),
    "new party": PageKind("/home/parties/new", 60, has_session=True),
    "wrong party": PageKind("/home/parties/new", 60, 16, has_session=True, then=draft_nothing),
    "change a party": PageKind("/home/parties/{party}/edit", 60, has_session=True),
    "employees": PageKind("/home/employees", 60, has_session=True),
    "employee": PageKind("/home/employees/{employee}", 60, has_session=True),
    "new employee": PageKind("/home/employees/new", 60, has_session=True),
    "find": PageKind("/home/find?q=acme", 60, has_session=True),
    "activity": PageKind("/activity", 30, has_session=True),
    "edit log": PageKind("/activity/edit-log", 30, has_session=True),
    "wrong filter": PageKind("/activity?from=yesterday&object=x", 30, has_session=True),
    "history": PageKind("/activity/{key}", 30, has_session=True),
    "organization": PageKind(ORGANIZATION, 30, has_session=True),
    "wrong organization": PageKind(ORGANIZATION, 30, has_session=True, then=name_no_zone),
    "data": PageKind("/settings/data", 30, has_session=True),
    "privacy": PageKind("/settings/privacy", 30, has_session=True),
    "a person": PageKind("/settings/privacy", 30, 16, has_session=True, then=look_somebody_up),
    "nobody": PageKind("/settings/privacy", 30, has_session=True, then=look_nobody_up),
    "settings": PageKind(DEVELOPER, 30, has_session=True),
    "new key": PageKind(f"{DEVELOPER}/new", 30, has_session=True),
    "wrong key form": PageKind(f"{DEVELOPER}/new", 30, has_session=True, then=create_nothing),
    "created key": PageKind(f"{DEVELOPER}/new", 30, 16, has_session=True, then=create_a_key),
    "key": PageKind(f"{DEVELOPER}/keys/{{key}}", 30, has_session=True),
    "find a key": PageKind(f"{DEVELOPER}?search=none", 30, has_session=True),
    "requests": PageKind(f"{DEVELOPER}/requests", 30, has_session=True),
    "no requests": PageKind(f"{DEVELOPER}/requests?requestId=none", 30, has_session=True),
    "test a key": PageKind(f"{DEVELOPER}/test", 30, has_session=True, then=try_a_key),
    "change a key": PageKind(f"{DEVELOPER}/keys/{{key}}/edit", 30, has_session=True),
    "test mode": PageKind("/home", 30, has_session=True, then=enter_test_mode),
    "budget": PageKind(f"{DEVELOPER}/budget", 30, has_session=True),
    "rotate": PageKind(f"{DEVELOPER}/keys/{{key}}/rotate", 30, has_session=True),
    "revoke": PageKind(f"{DEVELOPER}/keys/{{key}}/revoke", 30, has_session=True),
    "set-up": PageKind("/setup", 30),
    "people": PageKind(PEOPLE, 30, has_session=True),
    "invite": PageKind(f"{PEOPLE}/invite", 30, has_session=True),
    "invited": PageKind(f"{PEOPLE}/invite", 30, 16, has_session=True, then=invite_somebody),
    "person": PageKind(f"{PEOPLE}/invite", 30, 16, has_session=True, then=see_somebody),
    "lost device": PageKind("/profile/factors/app", 30, 24, has_session=True, then=ask_about_a_lost_device),
    "profile": PageKind("/profile", 30, has_session=True),
    "security events": PageKind(SECURITY, 30, has_session=True),
    "wrong security filter": PageKind(f"{SECURITY}?kind=x&from=yesterday", 30, has_session=True),
    "spent invitation": PageKind("/invitation/spent", 30),
    "webhooks": PageKind(WEBHOOKS, 30, has_session=True),
    "new webhook": PageKind(f"{WEBHOOKS}/new", 30, has_session=True),
    "wrong webhook form": PageKind(f"{WEBHOOKS}/new", 30, has_session=True, then=create_no_webhook),
    "created webhook": PageKind(f"{WEBHOOKS}/new", 30, 16, has_session=True, then=create_a_webhook),
    "webhook": PageKind(f"{WEBHOOKS}/new", 30, 20, has_session=True, then=see_a_webhook),
    "error in the console": PageKind(f"{DEVELOPER}/keys/key_x", 30, has_session=True),
}
"""By their names. A path can contain `{key}`, `{invoice}`, `{leave}`, `{note}`, `{party}` and `{employee}`, the ids of
objects, and `{link}`, a link that sets a password."""
