"""Rules for every kind of page: large targets, a header without overlaps, and a budget of bytes and requests."""

from __future__ import annotations

import gzip
import re
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from api.docs.reference.scalar import OWN
from tests.support.console import SESSION, new_user, open_session
from tests.support.organization import Organization
from tests.support.page_kinds import MOST_BEFORE_TEXT, PAGE_KINDS
from tests.support.scenarios import open_bill, pending_leave, sent_invoice

ALL = pytest.mark.parametrize("name", PAGE_KINDS)
KB = 1024
PHONE = {"width": 390, "height": 844}
SMALL_TARGETS = r"""() => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  const isInline = (each) => getComputedStyle(each).display === "inline";
  const block = (each) => { do each = each.parentElement; while (isInline(each)); return each; };
  // A link in running text has words around it that are no links.
  const isInText = (each) => {
    if (!each.matches("a") || !isInline(each)) return false;
    const around = block(each).cloneNode(true);
    around.querySelectorAll("a").forEach((link) => link.remove());
    return /\p{L}/u.test(around.textContent);
  };
  const target = (each) => each.matches("[type=radio], [type=checkbox]") && each.labels[0] || each;
  const targets = document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])");
  return [...targets]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }))
    .filter((each) => !each.closest(".skip, .unseen") && !isInText(each))
    .map((each) => ({ each, box: target(each).getBoundingClientRect() }))
    .filter(({ box }) => box.width < 43.9 || box.height < 43.9)
    .map(({ each, box }) => `${Math.round(box.width)}x${Math.round(box.height)} ${each.outerHTML.slice(0, 110)}`);
}"""
"""A script that returns what is smaller than 44 pixels, but for links in running text (WCAG 2.5.5)."""
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


class Visit(NamedTuple):
    """What a browser saw of a page."""

    html: str
    sizes: dict[str, int]
    """The compressed bytes of each file from the service, by path, without pictures and without Scalar."""
    foreign: list[str]
    errors: list[str]
    small: list[str]
    width: int
    overlaps: dict[int, list[str]]
    """By a wider width of the window: the pairs of controls in the header that lie on each other."""


@pytest.fixture(scope="module")
def visit(chromium, service, owner):
    """Return a function that opens a kind of page on a phone, once for each kind."""
    organization = Organization(service.url, owner)
    api = organization.api()
    for make in (sent_invoice, open_bill, pending_leave):
        make(api)
    user = new_user(owner, organization.id)
    facts = {"key": organization.new_key().row["id"], "link": new_user(owner, organization.id).path}
    cookie = {"name": SESSION, "value": open_session(owner, user.user.id), "url": service.url}

    @cache
    def see(name):
        kind = PAGE_KINDS[name]
        context = chromium.new_context(viewport=PHONE, color_scheme="light")
        context.add_cookies([cookie] if kind.has_session else [])
        context.route(f"**{OWN}", lambda route: route.abort())
        try:
            return _see(context.new_page(), service.url, kind.path.format(**facts), kind.then)
        finally:
            context.close()

    yield see
    organization.close()


def _see(page, origin, path, then):
    sizes, foreign, errors = {}, [], []

    def note(response):
        address = urlsplit(response.url)
        if not response.url.startswith(f"{origin}/"):
            foreign.append(response.url)
        elif not address.path.startswith("/static/pictures/") and not 300 <= response.status < 400:
            sizes[address.path] = len(gzip.compress(response.body(), mtime=0))

    page.on("response", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    html = page.goto(f"{origin}{path}").text()
    if then:
        then(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    small = page.evaluate(SMALL_TARGETS)
    overlaps = {}
    for wider in WIDTHS:
        page.set_viewport_size({"width": wider, "height": PHONE["height"]})
        overlaps[wider] = page.evaluate(OVERLAPS)
    return Visit(html, sizes, foreign, errors, small, width, overlaps)


@ALL
def test_everything_that_a_finger_presses_is_large_enough(visit, name):
    assert visit(name).small == []


@ALL
def test_it_fits_the_screen_of_a_phone(visit, name):
    assert visit(name).width == PHONE["width"]


@ALL
def test_nothing_in_its_header_lies_on_something_else(visit, name):
    assert visit(name).overlaps == {width: [] for width in WIDTHS}


@ALL
def test_it_keeps_its_budget_and_asks_no_other_site(visit, name):
    seen, kind = visit(name), PAGE_KINDS[name]
    assert seen.foreign == [] and seen.errors == []
    assert sum(seen.sizes.values()) <= kind.kilobytes * KB, seen.sizes
    assert len(seen.sizes) <= kind.requests, seen.sizes


@ALL
def test_its_text_needs_no_script_and_few_bytes(visit, name):
    seen = visit(name)
    scripts = re.findall(r"<script ([^>]*)>", seen.html)
    assert [each for each in scripts if not re.search(r"\b(defer|module)\b", each)] == ['src="/static/frame.js"']
    assert "<h1" in seen.html or name == "assistant's panel"
    later = [path for path in seen.sizes if path.endswith((".js", ".svg")) and not path.endswith("/frame.js")]
    assert sum(size for path, size in seen.sizes.items() if path not in later) <= MOST_BEFORE_TEXT * KB, seen.sizes
