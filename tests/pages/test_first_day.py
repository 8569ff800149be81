"""From an empty folder to three people at work: set-up, invitations and second factors, all in a browser.

Once with links that people pass on, and once with mails, while the mail server is away for a time.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.support.console import PASSWORD
from tests.support.factors import FACTORS, LAST_STEP, App
from tests.support.mail_sink import MailSink, mail_settings
from tests.support.ports import free_address
from tests.support.scenarios import invoice_body
from tests.support.service import Service
from tests.support.waiting import wait_until

pytestmark = pytest.mark.process
OWNER, ACCOUNTANT, HR = "asha@example.in", "ravi@example.in", "meera@example.in"
LEAVE = {
    "employeeId": "E7",
    "employeeName": "Kiran",
    "type": "sick",
    "startDate": "2030-01-07",
    "endDate": "2030-01-08",
    "reason": "a broken arm",
}


class Somebody:
    """A person with a browser of their own."""

    def __init__(self, chromium, url, email):
        self.url, self.email = url, email
        self._context = chromium.new_context(viewport={"width": 390, "height": 844})
        self.page = self._context.new_page()

    def close(self):
        self._context.close()

    def open(self, path):
        return self.page.goto(f"{self.url}{path}")

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def fill(self, **fields):
        for label, value in fields.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(value)

    def sees(self, text):
        expect(self.page.get_by_text(text).first).to_be_visible()

    def add_app(self):
        """Add an authenticator app, as the service asks before anything else."""
        self.page.wait_for_url(f"{self.url}{FACTORS}")
        self.open(f"{FACTORS}/app")
        app = App(self.page.locator("#secret").inner_text().replace(" ", ""), [])
        self.fill(Code=app.code(0), Name_of_the_app_or_device="Phone")
        self.press("Add the app")
        self.sees("Your recovery codes")
        self.app = app

    def log_in(self):
        self.open("/login")
        self.fill(**{"E-mail address": self.email, "Password": PASSWORD})
        self.press("Log in")

    def log_in_again(self):
        """Log out, and log in with the password and the app."""
        self.open("/logout")
        self.press("Log out")
        self.log_in()
        self.page.wait_for_url(f"{self.url}{LAST_STEP}*")
        self.page.get_by_label("Code from your app").fill(self.app.code())
        self.press("Send the code")
        self.page.wait_for_url(f"{self.url}/home")

    def set_up(self, code):
        """Set up the organization with the code from the terminal; return its first key."""
        self.open("/setup")
        self.fill(Code_from_the_terminal=code)
        self.press("Continue")
        self.page.get_by_label("Name of the organization").fill("Sharma Textiles")
        self.page.get_by_label("Your e-mail address").fill(self.email)
        self.choose_password("Your password", "Set up the organization")
        key = self.page.locator("#raw-key").inner_text()
        self.open("/home")
        return key

    def choose_password(self, label, button):
        self.page.get_by_label(label).fill(PASSWORD)
        self.page.get_by_label("Repeat the password").fill(PASSWORD)
        self.press(button)

    def invite(self, email, role):
        self.open("/settings/people/invite")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Role").select_option(role)
        self.press("Invite")

    def join(self, link):
        self.page.goto(link)
        self.choose_password("Your new password", "Accept, and set the password")
        self.log_in()

    def is_refused(self, path, words):
        """Whether the person may not open a page, and is told who may."""
        response = self.open(path)
        assert response.status == 403, (path, response.status)
        self.sees(words)


@contextmanager
def people_of(chromium, url):
    people = [Somebody(chromium, url, email) for email in (OWNER, ACCOUNTANT, HR)]
    yield people
    for person in people:
        person.close()


def settings(data) -> dict[str, Any]:
    return {"SMARTDHANDHA_DATA": str(data), "SMARTDHANDHA_REQUIRE_SECOND_FACTOR": "all"}


def record(url, key):
    """Record an invoice and a sick leave with the first key."""
    with httpx.Client(base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {key}"}) as api:
        invoice, leave = api.post("/invoices", json=invoice_body()), api.post("/leaves", json=LEAVE)
    assert (invoice.status_code, leave.status_code) == (201, 201), leave.text
    return invoice.json()["data"], leave.json()["data"]


def work(people, key):
    """Everybody logs in with the second factor, does what the role may, and is refused the rest."""
    owner, accountant, hr = people
    invoice, leave = record(owner.url, key)
    for person in people:
        person.log_in_again()
    accountant.open(f"/activity/{invoice['id']}")
    accountant.sees(invoice["invoiceNumber"])
    accountant.is_refused(f"/activity/{leave['id']}", "Only owners, admins and HR can see this.")
    accountant.is_refused("/settings/people/invite", "Only owners and admins can change this.")
    accountant.is_refused("/settings/developer/new", "Only owners and admins can change this.")
    hr.open(f"/activity/{leave['id']}")
    hr.sees("a broken arm")
    hr.is_refused(f"/activity/{invoice['id']}", "can see this.")
    owner.open("/activity")
    owner.sees("Sharma Textiles")


@pytest.mark.long
def test_with_links_that_people_pass_on(chromium, tmp_path):
    with Service(None, "--workers", "1", **settings(tmp_path)) as service, people_of(chromium, service.url) as people:
        owner, *others = people
        key = owner.set_up(service.ready["setupCode"])
        owner.add_app()
        for person, role in zip(others, ("accountant", "hr"), strict=True):
            owner.invite(person.email, role)
            person.join(owner.page.locator("#link").inner_text())
            person.add_app()
        work(people, key)


def test_with_mails_while_the_mail_server_is_away(chromium, tmp_path):
    """Each mail arrives once, though the server is stopped when they are caused."""
    address = free_address()
    with MailSink() as sink:
        mails = mail_settings(sink.port, f"http://{address}")
        with (
            Service(None, "--bind", address, "--workers", "1", **settings(tmp_path), **mails) as service,
            people_of(chromium, service.url) as people,
        ):
            owner, *others = people
            key = owner.set_up(service.ready["setupCode"])
            owner.add_app()
            sink.stop()
            for person, role in zip(others, ("accountant", "hr"), strict=True):
                owner.invite(person.email, role)
            sink.start()
            for person in others:
                (mail,) = wait_until(partial(sink.to, person.email))
                person.join(f"{service.url}{mail.link()}")
                person.add_app()
            work(people, key)
            invitations = [mail.recipient for mail in sink.mails if "/invitation/" in mail.text()]
            assert sorted(invitations) == [HR, ACCOUNTANT]
            assert len({mail.id for mail in sink.mails}) == len(sink.mails)
