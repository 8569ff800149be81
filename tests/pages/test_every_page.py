"""Rules for every kind of page: accessibility, large targets, a header without overlaps, and a budget of bytes."""

from __future__ import annotations

import gzip
import re
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from api.docs.reference.scalar import OWN
from tests.support.axe import AXE, needs_axe, on_a_phone_and_wide
from tests.support.client import Api
from tests.support.console import SESSION, new_user, open_session
from tests.support.organization import Organization
from tests.support.page_kinds import MOST_BEFORE_TEXT, PAGE_KINDS
from tests.support.scenarios import (
    active_employee,
    active_party,
    draft_credit_note,
    open_bill,
    pending_leave,
    sent_invoice,
)
from tests.support.targets import SMALL_TARGETS

ALL = pytest.mark.parametrize("name", PAGE_KINDS)
KB = 1024
MAX_BYTES = 60_000
"""How long the HTML of a page of the console may be. test_page_bytes.py has them with the most data."""
PHONE = {"width": 390, "height": 844}
WIDTHS = 740, 900, 1024, 1100, 1280
OVERLAPS = r"""() => {
  const targets = [...document.querySelectorAll(".top :is(a, button, input, select)")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest("[role=listbox]"))
    .map((each) => [each.textContent.trim() || each.name || each.tagName, each.getBoundingClientRect()]);
  const width = document.documentElement.scrollWidth;
  const tooWide = width > innerWidth ? [`the page is ${width} pixels wide`] : [];
  return tooWide.concat(targets.flatMap(([name, a], index) => targets.slice(index + 1)
    .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
    .map(([other]) => `${name} / ${other}`)));
}"""
"""A script that returns the controls in the header that lie on each other, and the width of a page that is too wide."""


FRAME = """() => {
  const skip = document.querySelector("a"), enter = document.querySelector(".enter");
  return [skip.innerText, document.querySelectorAll(skip.getAttribute("href")).length, enter?.innerText];
}"""
"""A script that returns the text of the first link, how many places it leads to, and the text of the link that enters
the console."""
BEFORE_A_LOG_IN = "landing", "guides", "guide", "reference", "assistant", "log-in", "status", "error"


class Visit(NamedTuple):
    """What a browser saw of a page."""

    html: str
    sizes: dict[str, int]
    """The compressed bytes of each file from the service, by path, without pictures and without Scalar."""
    documents: list[int]
    """The bytes of each page that was loaded, without compression."""
    foreign: list[str]
    errors: list[str]
    small: list[str]
    width: int
    overlaps: dict[int, list[str]]
    """By a wider width of the window: the pairs of controls in the header that lie on each other."""
    frame: list[str | int]
    """The result of FRAME, in a wide window."""
    faults: list[tuple[str, list[str]]]
    """What axe finds on the phone, and on the widest window in light and in dark colours."""


@pytest.fixture(scope="module")
def visit(profile, service, owner):
    """Return a function that opens a kind of page on a phone, once for each kind."""
    organization = Organization(service.url, owner)
    api = organization.api()
    party, employee = active_party(api)["id"], active_employee(api)["id"]
    invoice, _bill = sent_invoice(api, clientId=party)["id"], open_bill(api)
    leave = pending_leave(api, employeeId=employee)["id"]
    user = new_user(owner, organization.id)
    key = organization.new_key()
    with Api(service.url, key.raw) as used:
        used.read("invoices")
    link = new_user(owner, organization.id).path
    facts = {"key": key.row["id"], "link": link, "invoice": invoice, "leave": leave}
    facts |= {"party": party, "employee": employee, "note": draft_credit_note(api, invoiceId=invoice)["id"]}
    files: dict[str, int] = {}

    @cache
    def see(name):
        kind, page = PAGE_KINDS[name], profile.clean_page(PHONE)
        if kind.has_session:  # one of its own, because a page may switch its session to test mode
            token = open_session(owner, user.user.id)
            page.context.add_cookies([{"name": SESSION, "value": token, "url": service.url}])
        profile.load(without=OWN, cached=False)
        with Loads(page, service.url, files) as loads:
            html = page.goto(f"{service.url}{kind.path.format(**facts)}").text()
            if kind.then:
                kind.then(page)
            return _see(name, page, html, loads)

    yield see
    organization.close()


class Loads:
    """Notes what a page loads until the end of the block, and the errors of its scripts."""

    def __init__(self, page, origin, files):
        self._page, self._origin, self._files = page, origin, files
        self.sizes: dict[str, int] = {}
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.documents: list[int] = []
        self._listeners = {"response": self._note, "pageerror": lambda error: self.errors.append(str(error))}

    def __enter__(self):
        for event, listener in self._listeners.items():
            self._page.on(event, listener)
        return self

    def __exit__(self, *_):
        for event, listener in self._listeners.items():
            self._page.remove_listener(event, listener)

    def _note(self, response):
        path = urlsplit(response.url).path
        if not response.url.startswith(f"{self._origin}/"):
            self.foreign.append(response.url)
        elif not path.startswith("/static/pictures/") and not 300 <= response.status < 400:
            self.sizes[path] = self._files.get(path) or len(gzip.compress(response.body(), mtime=0))
            if response.request.resource_type == "document":
                self.documents.append(len(response.body()))
            if path.startswith("/static/"):
                self._files[path] = self.sizes[path]


def screen(width):
    return {"width": width, "height": PHONE["height"]}


def _see(name, page, html, loads):
    width = page.evaluate("document.documentElement.scrollWidth")
    small = page.evaluate(SMALL_TARGETS)
    found = on_a_phone_and_wide(page, PHONE, screen(WIDTHS[-1])) if AXE.read() is not None else []
    overlaps, frame = {}, page.evaluate(FRAME)
    for wider in reversed(WIDTHS):
        page.set_viewport_size(screen(wider))
        overlaps[wider] = page.evaluate(OVERLAPS)
    return Visit(html, loads.sizes, loads.documents, loads.foreign, loads.errors, small, width, overlaps, frame, found)


@ALL
def test_everything_that_a_finger_presses_is_large_enough(visit, name):
    assert visit(name).small == []


@ALL
def test_it_fits_the_screen_of_a_phone(visit, name):
    assert visit(name).width == PHONE["width"]


@needs_axe
@ALL
def test_axe_finds_nothing(visit, name):
    assert visit(name).faults == []


@ALL
def test_nothing_in_its_header_lies_on_something_else(visit, name):
    assert visit(name).overlaps == {width: [] for width in WIDTHS}


@ALL
def test_its_first_link_skips_to_the_content(visit, name):
    text, places, _ = visit(name).frame
    assert text.startswith("Skip to the ") and places == 1


@pytest.mark.parametrize("name", BEFORE_A_LOG_IN)
def test_before_a_log_in_its_header_shows_the_log_in(visit, name):
    assert visit(name).frame[-1] == "Log in"


@ALL
def test_it_keeps_its_budget_and_asks_no_other_site(visit, name):
    seen, kind = visit(name), PAGE_KINDS[name]
    assert seen.foreign == [] and seen.errors == []
    assert sum(seen.sizes.values()) <= kind.kilobytes * KB, seen.sizes
    assert len(seen.sizes) <= kind.requests, seen.sizes


@pytest.mark.parametrize("name", [name for name, kind in PAGE_KINDS.items() if kind.has_session])
def test_a_page_of_the_console_is_small_also_after_a_form_was_sent(visit, name):
    assert max(visit(name).documents) <= MAX_BYTES


@ALL
def test_its_text_needs_no_script_and_few_bytes(visit, name):
    seen = visit(name)
    scripts = re.findall(r"<script ([^>]*)>", seen.html)
    assert [each for each in scripts if not re.search(r"\b(defer|module)\b", each)] == ['src="/static/frame.js"']
    assert "<h1" in seen.html
    later = [path for path in seen.sizes if path.endswith((".js", ".svg")) and not path.endswith("/frame.js")]
    assert sum(size for path, size in seen.sizes.items() if path not in later) <= MOST_BEFORE_TEXT * KB, seen.sizes
