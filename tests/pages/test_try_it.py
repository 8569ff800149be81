"""The start page of a service with a sandbox: a visitor runs a request on test data without a key, a few a minute."""

import re

import httpx
import pytest

from infra.identity.sandbox import LIVE_ID, TEST_ID, prepare_sandbox, sandbox_secret
from infra.postgres.database import connect_as_table_owner
from tests.support.axe import in_both_schemes, needs_axe, violations
from tests.support.client import Api, error_of
from tests.support.command_line import KEY
from tests.support.service import Service
from tests.support.targets import SMALL_TARGETS
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def database(new_database):
    return new_database()


@pytest.fixture(scope="module")
def sandbox(database):
    with Service(
        database, SMARTDHANDHA_SANDBOX="true", SMARTDHANDHA_SECRET_KEY=KEY, SMARTDHANDHA_ASSISTANT_RATE="5"
    ) as service:
        yield service


@pytest.fixture
def visitor(sandbox, database):
    """A client without a key, from whose address nothing was run yet."""
    with connect_as_table_owner(database) as conn:
        conn.execute("DELETE FROM assistant_askers")
    with httpx.Client(base_url=sandbox.url, timeout=30, trust_env=False) as client:
        yield client


def test_without_the_setting_there_is_neither_the_button_nor_the_page(service):
    assert "Run one now" not in httpx.get(f"{service.url}/").text
    assert httpx.get(f"{service.url}/run").status_code == 404


def test_a_visitor_runs_a_request_and_sees_its_response(visitor):
    assert "Run one now" in visitor.get("/").text
    page = visitor.get("/run")
    assert page.status_code == 200 and "<b>200</b> OK" in page.text
    text = re.sub("<[^>]+>", "", page.text)
    assert text.count("&quot;invoiceNumber&quot;") == 2 or text.count('"invoiceNumber"') == 2
    assert not re.search("sd_test_[0-9A-Za-z]{4}", page.text)
    assert (
        page.headers["Cache-Control"] == "no-store" and "default-src 'none'" in page.headers["Content-Security-Policy"]
    )


def test_a_visitor_runs_a_few_requests_a_minute_and_no_more(visitor):
    statuses = [visitor.get("/run").status_code for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2


def test_the_key_of_the_sandbox_reads_test_data_and_changes_nothing(sandbox):
    with Api(sandbox.url, sandbox_secret(KEY)) as api:
        me = api.read("me")
        assert (me["livemode"], me["organization"]["id"], me["key"]["scopes"]) == (False, TEST_ID, ["billing:read"])
        error_of(api.post("invoices", json={}), 403, "insufficient_scope")
        error_of(api.post("test/reset"), 403, "insufficient_scope")


def test_a_second_start_adds_nothing_and_another_secret_key_adds_a_key(database):
    def count(conn, org_id):
        return conn.execute("SELECT count(*) FROM events WHERE org_id = %s", (org_id,)).fetchone()[0]

    with connect_as_table_owner(database) as conn:
        prepare_sandbox(conn, KEY)
        before = count(conn, TEST_ID)
        prepare_sandbox(conn, KEY)
        assert (count(conn, TEST_ID), count(conn, LIVE_ID)) == (before, 0)
        prepare_sandbox(conn, "another")
        assert count(conn, TEST_ID) == before + 1


def test_with_a_script_the_response_comes_below_the_button(browser_page, sandbox, visitor):
    browser_page.goto(f"{sandbox.url}/")
    browser_page.get_by_role("button", name="Run it").click()
    browser_page.locator("#ran .answer").wait_for()
    assert browser_page.url == f"{sandbox.url}/"


@needs_axe
def test_anyone_can_use_the_button_and_the_page_of_the_response(browser_page, sandbox, visitor):
    browser_page.set_viewport_size({"width": 390, "height": 844})
    found = {}
    for path in ("/", "/run"):
        browser_page.goto(f"{sandbox.url}{path}")
        if path == "/":
            browser_page.get_by_role("button", name="Run it").click()
            browser_page.locator("#ran .answer").wait_for()
        browser_page.locator(".run .answer .copy").last.wait_for()
        width = browser_page.evaluate("document.documentElement.scrollWidth")
        found[path] = (width, browser_page.evaluate(SMALL_TARGETS), in_both_schemes(violations, browser_page))
    assert found == dict.fromkeys(found, (390, [], []))


def test_without_a_script_the_button_opens_the_page(page_without_scripts, sandbox, visitor):
    page_without_scripts.goto(f"{sandbox.url}/")
    page_without_scripts.get_by_role("button", name="Run it").click()
    wait_until(lambda: "/run" in page_without_scripts.url)
    page_without_scripts.locator(".answer").wait_for()
