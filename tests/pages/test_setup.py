"""The first organization, set up in a browser: from the code in the terminal to the first invoice."""

import json
import re
import shutil
import subprocess

import pytest
from playwright.sync_api import expect

from infra.identity.users import create_user
from tests.support.console import PASSWORD
from tests.support.service import Service
from tests.support.setting_up import enter, installation, set_up, shown

CODE = re.compile(r"[0-9A-Z]{5}(-[0-9A-Z]{5}){3}")


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="there is no curl or no bash here")
@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.long)])
def test_from_the_printed_code_to_the_first_invoice(browser_page, own_database, width):
    page = browser_page
    page.set_viewport_size({"width": width, "height": 900})
    with Service(own_database, "--workers", "1") as service:
        code = service.ready["setupCode"]
        assert CODE.fullmatch(code) and service.ready["setupUrl"] == f"{service.url}/setup"
        page.goto(service.url)
        page.get_by_role("link", name="set up an organization of your own").click()
        page.get_by_label("Code from the terminal").fill(code.lower())
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("Name of the organization").fill("Sharma Textiles")
        page.get_by_label("Your e-mail address").fill("asha@example.in")
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_label("Repeat the password").fill(PASSWORD)
        page.get_by_role("button", name="Set up the organization").click()
        expect(page.get_by_role("heading", name="Sharma Textiles is set up")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        curl = page.locator("#curl").inner_text()
        done = subprocess.run(["bash", "-c", curl], capture_output=True, text=True, check=True)
        assert json.loads(done.stdout)["data"]["totalAmount"] == "82600.00"
        page.goto(f"{service.url}/home")
        if page.url.startswith(f"{service.url}/login"):  # on a busy machine, the page leaves the log-in to the person
            page.get_by_label("E-mail address").fill("asha@example.in")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", name="Home")).to_be_visible()
        expect(page.get_by_text("1 draft")).to_be_visible()
        page.goto(f"{service.url}/activity")
        expect(page.get_by_text("added asha@example.in as owner to the people of the organization")).to_be_visible()


def test_log_in_and_landing_page_lead_there_until_it_is_done(own_database):
    with installation(own_database) as new:
        browser = new.browser()
        code = new.new_code()
        for path in ("/", "/login"):
            page = browser.get(path)
            assert 'href="/setup"' in page.text and code not in page.text
        page = set_up(browser, code)
        key = shown(page, "raw-key")
        assert key.startswith("sd_live_") and key in shown(page, "curl")
        stranger = new.browser()
        for path in ("/", "/login"):
            assert 'href="/setup"' not in stranger.get(path).text
        assert "The set-up is over" in stranger.get("/setup").text


def test_a_later_start_prints_no_code(own_database):
    with installation(own_database) as new:
        set_up(new.browser(), new.new_code())
    with Service(own_database, "--workers", "1") as service:
        assert service.ready == {"url": service.url}


def test_without_invitations_nobody_new_gets_in_through_the_console(own_database):
    with installation(own_database) as new:
        boss = new.browser()
        set_up(boss, new.new_code())
        enter(boss)
        invited = boss.fill("/settings/people/invite", {"email": "ravi@example.in", "role": "viewer"})
        (link,) = re.findall(r"/invitation/[\w-]+", shown(invited, "link"))
    with installation(own_database, SMARTDHANDHA_SIGNUP="closed") as closed:
        boss, newcomer = closed.browser(), closed.browser()
        assert boss.log_in("asha@example.in", PASSWORD).status_code == 303
        people = boss.get("/settings/people")
        assert "Invite somebody" not in people.text and "Its operator adds people" in people.text
        assert boss.get("/settings/people/invite").status_code == 403
        fields = {"csrf": boss.token_on("/logout"), "email": "new@example.in", "role": "viewer"}
        refused = boss.post("/settings/people/invite", data=fields)
        assert refused.status_code == 403 and "smartdhandha user create" in refused.text
        assert newcomer.get(link).status_code == 403
        fields = {"csrf": newcomer.token_on("/login"), "password": PASSWORD, "again": PASSWORD}
        assert newcomer.post(link, data=fields).status_code == 403
        (org_id,) = closed.owner.execute("SELECT org_id FROM organizations").fetchone()
        added = create_user(closed.owner, org_id, "meera@example.in", "viewer")
        assert newcomer.fill(added.path, {"password": PASSWORD, "again": PASSWORD}).status_code == 303
