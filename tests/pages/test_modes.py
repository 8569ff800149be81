"""The console in test mode: an amber bar on every page, a switch that needs no script, and the data of the mode."""

import re

import pytest

from api.console.page import ConsolePage
from domain.registry import SCOPES
from infra.identity.keys import create_key
from tests.support.axe import faults, in_both_schemes, needs_axe
from tests.support.client import Api
from tests.support.openapi import ALL_ROUTES
from tests.support.scenarios import sent_invoice
from tests.support.senders import new_webhook
from tests.support.waiting import wait_until

BAR = "<strong>Test mode.</strong>"
PAGES = [
    path
    for path, page in ALL_ROUTES
    if isinstance(page, ConsolePage)
    and hasattr(page, "on_get")
    and not page.public
    and not path.startswith(("/profile/", "/settings/people/{id}"))  # of the user, in both modes
    and not path.endswith("logo.png")  # a picture, which both modes share
]
OF_INVOICES = ("/home/credit-notes/new", "/home/debit-notes/new")
"""Pages that are about an invoice, which their address names."""
LISTS = [path for path in PAGES if "{" not in path and path not in ("/settings", "/activity/verify")]


def switch(browser, mode, on="/home"):
    return browser.fill("/mode", {"mode": mode}, on=on)


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_the_switch_shows_the_page_of_the_other_mode_and_back(console, role):
    browser = console(role)
    assert BAR not in browser.get("/home").text
    switched = switch(browser, "test", on="/activity")
    assert (switched.status_code, switched.headers["Location"]) == (303, "/activity")
    assert BAR in (text := browser.get("/home").text) and 'name="mode" value="live"' in text
    switch(browser, "live", on="/settings/developer")
    assert BAR not in browser.get("/home").text


def test_every_page_of_a_session_in_test_mode_says_so(console, sibling):
    key = sibling.new_key().row["id"]
    browser = console()
    switch(browser, "test")
    paths = [
        *(path for path in LISTS if not path.endswith((".csv", ".xlsx"))),
        *(path.format(id=key) for path in PAGES if re.search(r"keys/\{id\}|activity/\{id\}", path)),
        "/settings/x",
    ]
    assert [path for path in paths if BAR not in browser.get(path).text] == []


def test_each_mode_shows_its_own_data_alone(console, api, sibling):
    marks = {"live": "Live Traders", "test": "Trial Traders"}
    made = {
        "live": sent_invoice(api, clientName=marks["live"]),
        "test": sent_invoice(sibling.api(), clientName=marks["test"]),
    }
    browser = console()
    for mode, other in (("test", "live"), ("live", "test")):
        switch(browser, mode)
        assert made[mode]["id"] in browser.get("/activity").text
        assert made[other]["id"] not in browser.get("/activity").text
        assert browser.get(f"/activity/{made[mode]['id']}").status_code == 200
        assert browser.get(f"/activity/{made[other]['id']}").status_code == 404


def test_no_page_shows_anything_of_the_other_mode(console, organization, sibling, owner):
    """Each page, with the ids of its own mode, and with those of the other mode in every filter."""
    modes = {"live": _Marked(organization, owner, "orchid"), "test": _Marked(sibling, owner, "walnut")}
    browser = console()
    for name, other in (("test", "live"), ("live", "test")):
        own, foreign = modes[name], modes[other]
        switch(browser, name)
        for path in PAGES:
            for target in own.targets(path):
                assert browser.get(target).status_code == 200, target
                assert foreign.traces(browser.get(target).text) == [], target
        for target in foreign.filters():
            asked = target.partition("=")[2]
            assert foreign.traces(browser.get(target).text, asked) == [], target


class _Marked:
    """A mode with a key, an invoice, a webhook and a request, by whose names and ids it is recognized."""

    def __init__(self, organization, owner, mark):
        key = create_key(owner, organization.id, f"key {mark}", SCOPES, 100, None)
        with Api(organization.url, key.raw) as api:
            self.invoice = sent_invoice(api, clientName=f"{mark} Traders")["id"]
            response = api.get("bills?x=1", headers={"X-Request-Id": f"request.{mark}.{key.raw[-6:]}"})
            self.request = response.headers["X-Request-Id"]
            wait_until(lambda: api.read("requests", requestId=self.request))
        self.webhook = new_webhook(owner, organization.id, f"http://127.0.0.1:9/{mark}").row["id"]
        self.key, self.mark = key.row["id"], mark

    def targets(self, path):
        if "{" not in path:
            if path == "/home/vendor-credits/new":  # there is no bill here
                return []
            asked = f"?invoiceId={self.invoice}" if path in OF_INVOICES else ""
            return [f"{path}{asked}"] if path not in ("/settings", "/activity/verify") else []
        if "eliveryId" in path or "replayId" in path:
            return []
        if path.startswith("/home/"):
            return [path.format(id=self.invoice)] if "/invoices/" in path else []
        if path.startswith("/activity"):
            return [path.format(id=id) for id in (self.key, self.invoice, self.webhook)]
        return [path.format(id=self.webhook if "webhooks" in path else self.key)]

    def filters(self):
        """Return pages with filters that name what this mode has."""
        for name, value in {"object": self.invoice, "actor": f"api_key:{self.key}"}.items():
            yield f"/activity?{name}={value}"
        yield f"/home/invoices?search={self.mark}"
        yield f"/home/invoices/list.csv?search={self.mark}"
        yield f"/home/invoices/list.xlsx?search={self.mark}"
        yield f"/home/find?q={self.mark}"
        for name, value in {"requestId": self.request, "key": self.key}.items():
            yield f"/settings/developer/requests?{name}={value}"
        yield f"/settings/developer?search={self.mark}"

    def traces(self, text, asked=""):
        own = (self.mark, self.key, self.invoice, self.webhook, self.request)
        return [each for each in own if each in text and each not in asked]


@pytest.mark.parametrize("path", [path for path in PAGES if "{id}" in path])
def test_no_page_opens_with_an_id_of_the_other_mode(console, organization, sibling, path):
    ids = {"test": organization.new_key().row["id"], "live": sibling.new_key().row["id"]}
    browser = console()
    for mode, foreign in ids.items():
        switch(browser, mode)
        assert browser.get(path.format(id=foreign, deliveryId="dlv_1", replayId="rpl_1")).status_code == 404


def test_a_key_that_is_made_in_test_mode_begins_with_sd_test(console, organization, sibling, owner):
    browser = console()
    switch(browser, "test")
    fields = {"name": "Trial", "scope": "billing:read", "limit": "9"}
    page = browser.fill("/settings/developer/new", fields).text
    assert re.search("sd_test_[0-9A-Za-z]{36}", page) and "sd_live_" not in page
    text = browser.get("/settings/developer").text
    assert "Trial" in text and "sd_test_…" in text
    id = re.findall("key_[0-9A-Z]{26}", text)[0]
    assert re.search(
        "sd_test_[0-9A-Za-z]{36}", browser.fill(f"/settings/developer/keys/{id}/rotate", {"overlap": "1"}).text
    )
    assert "sd_live_" not in browser.get(f"/settings/developer/keys/{id}").text
    switch(browser, "live")
    assert "Trial" not in browser.get("/settings/developer").text


def test_a_form_that_was_opened_in_one_mode_changes_nothing_in_the_other(console, organization):
    browser = console()
    fields = {**browser.hidden_on("/settings/developer/new"), "name": "Mine", "scope": "billing:read", "limit": "9"}
    switch(browser, "test")
    refused = browser.post("/settings/developer/new", data=fields)
    assert refused.status_code == 403 and "another organization or mode" in refused.text
    switch(browser, "live")
    assert browser.post("/settings/developer/new", data=fields).status_code == 200


def test_actors_are_shown_by_their_addresses_in_test_mode_too(console):
    browser = console()
    switch(browser, "test")
    browser.fill("/settings/developer/new", {"name": "Trial", "scope": "billing:read", "limit": "9"})
    assert re.search(rf"{browser.email}</bdi>.*created", browser.get("/activity").text.partition("<main")[2], re.DOTALL)


@pytest.mark.parametrize("mode", ["live", "test"])
def test_on_a_phone_the_switch_takes_no_row_of_its_own(signed_in, organization, mode):
    page = signed_in()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{organization.url}/home")
    button, beside = page.get_by_role("button", name="Switch to test mode"), page.get_by_role("link", name="Settings")
    if mode == "test":
        button.click()
        button, beside = page.get_by_role("button", name="Switch to live mode"), page.get_by_text("Test mode.")
    shown, other = button.bounding_box(), beside.bounding_box()
    assert shown["y"] < other["y"] + other["height"] / 2 < shown["y"] + shown["height"], (shown, other)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@needs_axe
def test_axe_finds_no_serious_fault_in_test_mode(signed_in, organization):
    page = signed_in()
    page.goto(f"{organization.url}/home")
    page.get_by_role("button", name="Switch to test mode").click()
    page.get_by_text("Test mode.").wait_for()
    assert in_both_schemes(faults, page) == []
