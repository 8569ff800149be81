"""Rules for every page of the console: accessible, small, and usable with the keyboard and without JavaScript."""

import re

import httpx
import pytest

from tests.support.axe import COLOUR_RULES, faults, in_both_schemes, needs_axe, on_a_phone_and_wide
from tests.support.client import Api
from tests.support.console import enter_console, new_user
from tests.support.waiting import wait_until

DEVELOPER = "/settings/developer"
PAGES = {
    "log-in": "/login",
    "password": "{link}",
    "used link": "/password/spent",
    "log-out": "/logout",
    "home": "/home",
    "activity": "/activity",
    "a wrong filter": "/activity?from=yesterday&object=x",
    "history": "/activity/{id}",
    "keys": DEVELOPER,
    "new key": f"{DEVELOPER}/new",
    "key": f"{DEVELOPER}/keys/{{id}}",
    "rotate": f"{DEVELOPER}/keys/{{id}}/rotate",
    "revoke": f"{DEVELOPER}/keys/{{id}}/revoke",
    "not found": f"{DEVELOPER}/keys/key_x",
}
PUBLIC = ("log-in", "password", "used link")

LABELS_ARE_DARK_IN_THE_DARK = """() => [...document.styleSheets].at(-1).insertRule(
  "@media (prefers-color-scheme: dark) { label { color: #222 !important } }")"""
LABELS_GO_IN_THE_DARK = """() => matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
  document.querySelectorAll("label").forEach((label) => label.remove()))"""
"""Faults that the page has in dark colours alone: in its colours, and in its elements."""
LABELS_ARE_PALE_ON_A_PHONE = """() => [...document.styleSheets].at(-1).insertRule(
  "@media (max-width: 400px) { label { color: #ddd !important } }")"""
SPOILT = {
    "pale": "each.style.color = '#aaa';",
    "on another ground": "each.style.backgroundColor = '#333';",
    "half transparent": "each.parentElement.style.opacity = 0.3;",
    "on what lies there": """
      const other = document.body.appendChild(document.createElement("div")), { x, y } = each.getBoundingClientRect();
      each.style.position = "relative";
      each.style.zIndex = 2;
      const place = { position: "absolute", left: `${x - 9}px`, top: `${y + scrollY - 9}px` };
      Object.assign(other.style, { ...place, width: "900px", height: "99px", background: "#333", zIndex: 1 });""",
}
"""Scripts that make the words of the element `each` hard to read, while many others of the page are drawn alike."""


@pytest.fixture
def address(organization, owner):
    """Return the address of a page by its name, in an organization with a key that was used."""
    key = organization.new_key(limit=1000)
    with Api(organization.url, key.raw) as api:
        api.read("invoices")
    facts = {"id": key.row["id"], "link": new_user(owner, organization.id).path}
    return lambda name: PAGES[name].format(**facts)


@needs_axe
def test_axe_finds_no_serious_fault_in_a_wrong_form_and_on_the_page_of_a_new_key(signed_in, organization):
    page = signed_in()
    page.goto(f"{organization.url}{DEVELOPER}/new")
    page.get_by_role("button", name="Create the key").click()
    page.get_by_text("choose at least one of those").wait_for()
    assert faults(page) == []
    page.get_by_label("Name").fill("Zapier")
    page.get_by_role("checkbox", name="billing:read").check()
    page.get_by_role("button", name="Create the key").click()
    page.get_by_role("button", name="Copy the key").wait_for()
    assert faults(page) == []
    page.reload()
    page.get_by_role("heading", name="This form was sent before").wait_for()
    assert faults(page) == []


@needs_axe
def test_axe_would_find_a_fault(browser_page, organization):
    browser_page.goto(f"{organization.url}/login")
    browser_page.evaluate("document.querySelectorAll('label').forEach((label) => label.remove())")
    assert "label" in [id for id, _ in faults(browser_page)]


@needs_axe
def test_axe_would_find_a_fault_that_the_page_has_in_dark_colours_alone(browser_page, organization):
    browser_page.goto(f"{organization.url}/login")
    assert in_both_schemes(faults, browser_page) == []
    browser_page.evaluate(LABELS_ARE_DARK_IN_THE_DARK)
    assert {id for id, _ in in_both_schemes(faults, browser_page)} == {"color-contrast"}
    browser_page.evaluate(LABELS_GO_IN_THE_DARK)
    assert "label" in {id for id, _ in in_both_schemes(faults, browser_page)}


@needs_axe
def test_axe_would_find_colours_that_the_page_has_on_a_phone_alone(browser_page, organization):
    phone, wide = ({"width": width, "height": 844} for width in (390, 1280))
    browser_page.set_viewport_size(phone)
    browser_page.goto(f"{organization.url}/login")
    assert on_a_phone_and_wide(browser_page, phone, wide) == []
    browser_page.evaluate(LABELS_ARE_PALE_ON_A_PHONE)
    browser_page.emulate_media(color_scheme="light")
    browser_page.set_viewport_size(phone)
    assert {id for id, _ in on_a_phone_and_wide(browser_page, phone, wide)} == {"color-contrast"}


@needs_axe
@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_axe_would_find_the_one_entry_of_a_list_that_is_hard_to_read(browser_page, organization, spoil):
    browser_page.goto(f"{organization.url}/docs/guides")
    browser_page.evaluate(f"""() => {{
      const each = [...document.querySelectorAll("main li h3")].at(-2);
      {spoil}
    }}""")
    assert [id for id, _ in faults(browser_page, COLOUR_RULES)] == ["color-contrast"]


@needs_axe
def test_all_rules_of_axe_about_colours_are_run_in_dark_colours(browser_page, organization):
    browser_page.goto(f"{organization.url}/login")
    faults(browser_page)
    rules = browser_page.evaluate("axe.getRules(['cat.color']).map((rule) => rule.ruleId)")
    assert {*rules} == {
        *COLOUR_RULES,
        "color-contrast-enhanced",
    }  # this one is not among those that axe runs by default


@pytest.mark.parametrize("name", PAGES)
def test_it_is_small_and_its_policy_allows_no_inline_code_and_no_other_site(console, address, name):
    response = console(None if name in PUBLIC else "owner").get(address(name))
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert response.headers["Cache-Control"] == "no-store"
    assert len(response.content) < 60_000
    assert not re.search(r"<style|<script>|style=|\son\w+=", response.text)


def test_they_fit_the_screen_of_a_phone(browser_page, signed_in, organization, address):
    browser_page.set_viewport_size({"width": 360, "height": 740})
    widths: dict[str, int] = {}
    for name in sorted(PAGES, key=lambda name: name not in PUBLIC):
        if widths.keys() == {*PUBLIC}:
            signed_in()
        browser_page.goto(f"{organization.url}{address(name)}")
        widths[name] = browser_page.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(PAGES, 360)


def test_a_key_can_be_created_without_javascript(page_without_scripts, organization, owner):
    page = page_without_scripts
    enter_console(page, organization, owner)
    page.goto(f"{organization.url}{DEVELOPER}/new")
    page.get_by_label("Name").fill("Zapier")
    page.get_by_role("checkbox", name="billing:read").check()
    page.get_by_role("button", name="Create the key").click()
    assert page.locator("#raw-key").inner_text().startswith("sd_live_")
    assert page.get_by_role("button", name=re.compile("Copy")).count() == 0


def test_a_key_can_be_created_with_the_keyboard_alone(signed_in, organization):
    page = signed_in()
    page.goto(f"{organization.url}{DEVELOPER}/new")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Zapier")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert page.locator("#raw-key").inner_text().startswith("sd_live_")


def test_each_chart_has_a_table_of_its_numbers(console, address):
    client, path = console(), address("key")
    # The two charts are two queries, and the record of the request may be written between them.
    page = wait_until(lambda: (text := client.get(path).text).count(": 1 in total") == 2 and text)
    days, hours = re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)[:2]
    assert [len(re.findall("<tr>", table)) for table in (days, hours)] == [31, 25]
    numbers = [sum(map(int, re.findall(r'class="number">(\d+)', table))) for table in (days, hours)]
    assert numbers == [1, 1]
    assert page.count('role="img" aria-label="Requests per') == 2


def test_its_static_files_are_served(service):
    for name in ("console.css", "overview.css", "console.js"):
        assert httpx.get(f"{service.url}/static/{name}", trust_env=False).status_code == 200


def test_a_key_id_with_a_nul_character_is_not_found(console):
    response = console().get(f"{DEVELOPER}/keys/%00")
    assert response.status_code == 404 and response.headers["Content-Type"].startswith("text/html")
