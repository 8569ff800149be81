"""Settings → Webhooks: making a webhook, its test, a broken receiver, a replay, and who may do what."""

import re

import pytest
from playwright.sync_api import expect

from commands.accounts.webhook import DisableWebhook
from commands.command import Actor, Context
from domain.webhook import FAILING
from infra.log.command_bus import execute_on
from tests.support.command_line import environment
from tests.support.listening import listening, next_line
from tests.support.postgres import database_settings
from tests.support.receiver import Receiver
from tests.support.scenarios import draft_invoice
from tests.support.senders import RunningSender
from tests.support.waiting import wait_until

PATH = "/settings/webhooks"
SECRET = re.compile(r"whsec_[0-9A-Za-z+/=]{32}")


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


@pytest.fixture
def sending(shared_database, service):
    with RunningSender(shared_database) as sender:
        yield sender


def create(page, receiver):
    """Fill in the form and send it; return the secret that the page shows."""
    page.get_by_role("link", name=re.compile("^Create")).first.click()
    page.get_by_label("URL").fill(receiver.url)
    page.get_by_role("button", name="Create the webhook").click()
    return page.locator("#secret").inner_text()


@pytest.fixture
def listened(shared_database, organization, receiver, sending):
    """`smartdhandha listen` for the organization; it posts to a server of its own."""
    env = environment(**database_settings(shared_database))
    with Receiver() as own_server, listening(env, "--org", organization.id, "--forward-to", own_server.url) as process:
        yield process


def test_a_person_makes_a_webhook_tests_it_breaks_it_mends_it_and_replays(
    signed_in, organization, receiver, listened, console_errors
):
    page, api = signed_in(), organization.api()
    page.goto(f"{organization.url}/settings/developer")
    page.get_by_role("link", name="Webhooks", exact=True).click()
    expect(page.get_by_role("heading", name="No webhooks yet")).to_be_visible()
    assert SECRET.fullmatch(create(page, receiver))

    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("answered 200")).to_be_visible()
    (test,) = receiver.requests
    assert test.payload["type"] == "invoice.drafted"
    assert next_line(listened).split()[1:4] == ["invoice.drafted", test.id, "200"]

    receiver.status, receiver.body = 500, b"no table named invoices"
    invoice = draft_invoice(api)
    wait_until(lambda: len(receiver.requests) == 2)
    assert next_line(listened).split()[1:4] == ["invoice.drafted", receiver.ids[1], "200"]
    follow(page, page.get_by_role("link", name=receiver.url))
    reload_until(page, "Deliveries have failed since")
    page.get_by_role("link", name="invoice.drafted").first.click()
    expect(page.get_by_text("no table named invoices")).to_be_visible()
    expect(page.locator("#sent")).to_contain_text(invoice["id"])

    receiver.status, receiver.body = 200, b"ok"
    follow(page, page.get_by_role("button", name="Send it now"))
    reload_until(page, "answered 200")
    assert receiver.ids[1] == receiver.ids[2]

    page.get_by_role("link", name=receiver.url).click()
    page.get_by_role("link", name="Send events again").click()
    follow(page, page.get_by_role("button", name="Send them again"))
    wait_until(lambda: receiver.ids.count(receiver.ids[1]) == 3)
    reload_until(page, "1 of 1 delivered")
    assert console_errors == []


def follow(page, link):
    """Press a link or a button, and wait for the page to which it leads."""
    with page.expect_navigation():
        link.click()


def reload_until(page, text):
    """Reload the page until it shows a text: the sender works beside it."""

    def is_there():
        page.reload()
        return page.get_by_text(text).count()

    wait_until(is_there)


def test_it_is_paused_set_active_from_now_on_rotated_and_deleted(signed_in, organization, receiver):
    page, api = signed_in(), organization.api()
    page.goto(f"{organization.url}{PATH}")
    first = create(page, receiver)
    page.get_by_role("link", name="See the webhook").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("This webhook is paused by a person or a program.")).to_be_visible()
    draft_invoice(api)

    page.get_by_role("link", name="Set active").click()
    page.get_by_label("Begin with what happens from now on").check()
    page.get_by_role("button", name="Set it active").click()
    expect(page.get_by_text("active", exact=True)).to_be_visible()
    expect(page.locator("dl.facts dd").first).to_have_text("0")

    page.get_by_role("link", name="Rotate").click()
    page.get_by_role("button", name="Rotate").click()
    second = page.locator("#secret").inner_text()
    assert SECRET.fullmatch(second) and second != first
    expect(page.get_by_text("deliveries are signed with both secrets")).to_be_visible()

    page.get_by_role("link", name="See the webhook").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete the webhook").click()
    expect(page.get_by_role("heading", name="No webhooks yet")).to_be_visible()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"url": "ftp://example.in"}, "The URL "),
        ({"url": "http://10.0.0.1/"}, "The URL "),
        ({"url": ""}, "The URL "),
        ({"url": "https://example.in/hooks", "scope": []}, "Choose at least one scope."),
        (
            {"url": "https://example.in/hooks", "scope": ["leaves:read"], "type": ["invoice.sent"]},
            "invoice.sent needs the scope billing:read",
        ),
        ({"url": "https://example.in/hooks", "form_token": "old"}, "This page was open for too long"),
    ],
)
def test_a_wrong_form_says_what_to_do(console, fields, problem):
    page = console().fill(f"{PATH}/new", {"scope": ["billing:read"], **fields})
    assert page.status_code == 422 and problem in page.text


def test_a_form_that_is_sent_twice_makes_one_webhook_and_shows_no_secret(console, receiver):
    client = console()
    fields = {**client.hidden_on(f"{PATH}/new"), "url": receiver.url, "scope": ["billing:read"]}
    first, second = (client.post(f"{PATH}/new", data=fields) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 409)
    assert SECRET.search(first.text) and not SECRET.search(second.text)
    assert "This form was sent before" in second.text
    again = client.fill(f"{PATH}/new", {"url": receiver.url, "scope": ["billing:read"]})
    assert again.status_code == 422 and "There is a webhook with this URL and these types already." in again.text


@pytest.mark.parametrize("path", ["new", "{id}/pause", "{id}/test", "{id}/replay", "{id}/delete", "{id}/rotate"])
def test_members_see_webhooks_and_change_none(console, receiver, path):
    owner_client, member = console(), console(role="viewer")
    id = new_id(owner_client, receiver)
    assert id in member.get(PATH).text and member.get(f"{PATH}/{id}").status_code == 200
    refused = member.post(f"{PATH}/{path.format(id=id)}", data={"csrf": member.token_on("/logout")})
    assert refused.status_code == 403
    if path not in ("{id}/pause", "{id}/test"):  # they have no form
        assert member.get(f"{PATH}/{path.format(id=id)}").status_code == 403


@pytest.mark.parametrize("role", ["viewer", "hr", "accountant"])
def test_only_owners_and_admins_see_the_path_of_a_url(console, owner, organization, receiver, role):
    """Receivers often have a secret there: who knows it sends what it likes to the automation behind it."""
    boss, member = console("admin"), console(role)
    url = f"{receiver.url}/catch/SECRET-4711?token=SECRET-4712"
    page = boss.fill(f"{PATH}/new", {"url": url, "scope": ["billing:read"]})
    (id,) = set(re.findall(rf"{PATH}/(whk_\w+)", page.text))
    execute_on(owner, DisableWebhook(id=id, reason=FAILING), worker_of(organization.id))
    for path in ("/home", "/activity", f"/activity/{id}", PATH, f"{PATH}/{id}"):
        assert "SECRET" in boss.get(path).text, path
        shown = member.get(path).text
        assert "SECRET" not in shown and id in shown, path
    assert "<bdi>changed</bdi>" in member.get(f"/activity/{id}").text
    assert receiver.url.replace("/hooks", "/…") in member.get(PATH).text


def worker_of(org_id):
    return Context(org_id=org_id, actor=Actor("worker", "test"), request_id="req_1")


def new_id(client, receiver):
    page = client.fill(f"{PATH}/new", {"url": receiver.url, "scope": ["billing:read"]})
    (id,) = set(re.findall(rf"{PATH}/(whk_\w+)", page.text))
    return id


def test_a_replay_that_cannot_begin_says_why(console, receiver):
    client = console()
    path = f"{PATH}/{new_id(client, receiver)}/replay"
    wrong = client.fill(path, {"since": "soon"})
    assert wrong.status_code == 422 and "The time must be" in wrong.text
    begun = client.fill(path, {"since": "24h"})
    assert begun.status_code == 303, begun.text
    again = client.fill(path, {"since": "24h"})
    assert again.status_code == 422 and "An earlier replay has not ended" in again.text


def test_the_webhook_of_another_organization_is_not_there(console, other_organization, receiver):
    id = new_id(console(), receiver)
    stranger = console(org_id=other_organization.id)
    for path in (id, f"{id}/rotate", f"{id}/deliveries/dlv_1", f"{id}/replay"):
        assert stranger.get(f"{PATH}/{path}").status_code == 404
    assert stranger.post(f"{PATH}/{id}/pause", data={"csrf": stranger.token_on("/logout")}).status_code == 404


def test_home_shows_a_webhook_that_was_disabled(signed_in, organization, receiver, sending):
    receiver.status = 410
    page = signed_in()
    page.goto(f"{organization.url}{PATH}")
    create(page, receiver)
    draft_invoice(organization.api())
    page.goto(f"{organization.url}/home")
    reload_until(page, "is disabled, because its receiver accepted no event")
    page.get_by_role("link", name=receiver.url).click()
    expect(page.get_by_text("disabled, because its receiver answered 410 Gone")).to_be_visible()
