"""What other people wrote stays text: on every page, in every field, and in the answers of the assistant."""

import html
import json
from typing import Any

import httpx
import pytest

from api.console.objects.kinds import OBJECT_PAGES
from api.console.page import ConsolePage
from commands.accounts.api_key import RevokeLeakedKey
from commands.command import Actor, Context
from infra.identity.keys import create_key
from infra.identity.settings import update_organization
from infra.log.command_bus import execute_on
from infra.postgres.database import set_organization
from tests.support.console import enter_console, new_user
from tests.support.openapi import ALL_ROUTES
from tests.support.scenarios import (
    active_employee,
    active_party,
    bill_body,
    draft_credit_note,
    draft_invoice,
    invoice_body,
    pay_invoice,
    pending_leave,
    today,
)
from tests.support.senders import new_webhook

PAYLOADS = {
    "a script": "<script>window.hit=1;alert(1)</script>",
    "an image": "<img src=x onerror=alert(1)>",
    "the end of an attribute": '"><svg onload=alert(1)>',
    "the end of a single attribute": "' autofocus onfocus=alert(1) x='",
    "the end of a text area": "</textarea><script>alert(1)</script>",
    "the end of a title": "</title></bdi><script>alert(1)</script>",
    "a comment": "<!--<img src=x onerror=alert(1)>-->",
    "a template": "{{7*7}}{% raw %}${7*7}",
    "an entity": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "an address": "javascript:alert(1)",
    "bytes of UTF-7": "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
}
IN_A_BROWSER = "".join(
    PAYLOADS[name] for name in ("the end of an attribute", "an image", "the end of a text area", "a script")
)
"""A text that runs wherever it is markup: as a value of an attribute, in a text, and in a text area. A short field has
its beginning, which is enough in an attribute."""
PAGES = [
    path
    for path, page in ALL_ROUTES
    if isinstance(page, ConsolePage) and hasattr(page, "on_get") and not path.startswith("/profile/factors/")
]
"""Every page of the console that can be opened, so that a new one is tried, too."""
LISTS = tuple(each.type.path for each in OBJECT_PAGES)
WITHOUT_TEXTS = {
    *("/login", "/password/{token}", "/invitation/{token}", "/setup", "/signup", "/signup/{token}", "/login/factor"),
    *("/settings", "/profile/password", "/profile/sessions", "/home/files/{id}"),
    *(f"/home/{name}/list.{suffix}" for name in LISTS for suffix in ("csv", "xlsx")),
    *(f"/home/{name}/{{id}}/json" for name in LISTS),
    *(f"{each.path}/{{id}}/pdf" for each in OBJECT_PAGES if each.type.prints),
    "/settings/organization/logo.png",
}
"""Pages for people who are not signed in, those that only lead to another, and downloads, which are no HTML."""
OF_DOCUMENTS = {
    **dict.fromkeys(("/home/credit-notes/new", "/home/debit-notes/new"), ("invoiceId", "inv_")),
    "/home/vendor-credits/new": ("billId", "bill_"),
}
"""Pages that are about a document, which their address names: the parameter, and the beginning of its id."""
ATTEMPT = {"at": "2026-11-27T10:00:00Z", "status": 500, "durationMs": 1}


@pytest.fixture(params=list(PAYLOADS.values()), ids=list(PAYLOADS))
def payload(request):
    return request.param


@pytest.fixture
def places(api, organization, owner, payload):
    """The pages of an organization in which every text that somebody can write is the payload."""
    texts = {"notes": payload, "metadata": {"note": payload}}
    items = [{"description": payload, "quantity": 1, "unitPrice": 100, "taxRate": 0}]
    invoice = api.create("invoices", invoice_body(clientName=payload, items=items, **texts))
    invoice = api.update(f"invoices/{invoice['id']}", {"status": "sent"})
    pay_invoice(api, invoice, "1.00")
    payment = {"amount": "2.00", "paidOn": str(today("Asia/Kolkata")), "reference": payload, "method": payload[:20]}
    api.post(f"invoices/{invoice['id']}/payments", json=payment)
    bill = api.create("bills", bill_body(vendorName=payload, billNumber=payload[:64], **texts))
    leave = pending_leave(api, employeeName=payload, reason=payload)
    party = active_party(api, name=payload, address=payload, metadata={"note": payload})
    employee = active_employee(api, name=payload, metadata={"note": payload})
    key_id = create_key(owner, organization.id, payload, ("billing:read",), 10, None).row["id"]
    profile = dict.fromkeys(("legal_name", "trade_name", "address", "bank_line"), payload)
    update_organization(owner, organization.id, **profile)
    owner.execute("UPDATE organizations SET name = %s WHERE org_id = %s", (payload, organization.id))
    webhook, delivery = broken_webhook(owner, organization.id, payload)
    user_id = new_user(owner, organization.id).user.id
    named = (f"{payload}@{user_id}".lower(), payload[:80], user_id)
    owner.execute("UPDATE users SET email = %s, name = %s WHERE user_id = %s", named)
    note = draft_credit_note(api, invoiceId=invoice["id"], reason=payload, notes=payload, metadata={"note": payload})
    objects = [each["id"] for each in (invoice, bill, leave, note, party, employee)]
    ids = (user_id, *objects, key_id, webhook, leaked_key(owner, organization, payload))
    return [address for path in PAGES if path not in WITHOUT_TEXTS for address in addresses(path, ids, delivery)]


def addresses(path, ids, delivery):
    """Return the addresses of a page: one for each object that it can show."""
    prefix = {"/settings/developer/keys": "key_", "/settings/webhooks": "whk_", "/settings/people/{id}": "user_"}
    prefix |= {f"{each.path}/{{id}}": f"{each.type.aggregate.id_prefix}_" for each in OBJECT_PAGES}
    kind = next((kind for beginning, kind in prefix.items() if path.startswith(beginning)), "")
    shown = [id for id in ids if id.startswith(kind) and (kind or not id.startswith("user_"))]
    if path in OF_DOCUMENTS:
        parameter, beginning = OF_DOCUMENTS[path]
        return [f"{path}?{parameter}={next(id for id in ids if id.startswith(beginning))}"]
    return sorted({path.format(id=id, deliveryId=delivery) for id in shown})


def broken_webhook(owner, org_id, payload):
    """Make a webhook with a delivery that its receiver answers with the payload; return their ids."""
    webhook = new_webhook(owner, org_id, "https://127.0.0.1/hooks", description=payload).row["id"]
    with owner.transaction():
        owner.execute(set_organization(org_id))
        ask = "SELECT request_webhook_test(%s, 'invoice.sent', 'evt_1', %s)"
        (delivery,) = owner.execute(ask, (webhook, json.dumps({"note": payload}).encode())).fetchone()
    attempts = json.dumps([{**ATTEMPT, "error": payload, "response": payload}])
    owner.execute(
        "UPDATE webhook_deliveries SET status = 'failed', attempts = %s WHERE org_id = %s AND id = %s",
        (attempts, org_id, delivery),
    )
    owner.execute(
        "UPDATE webhook_cursors SET last_error = %s, failing_since = now() WHERE org_id = %s", (payload, org_id)
    )
    return webhook, delivery


def leaked_key(owner, organization, payload):
    """Make a key that was found in the place that the payload names; return its id."""
    id = organization.new_key().row["id"]
    context = Context(org_id=organization.id, actor=Actor("secret_scanning", "github"), request_id="test")
    execute_on(owner, RevokeLeakedKey(id=id, found_at=payload), context)
    return id


def test_no_page_holds_it_as_markup(console, places, payload):
    browser = console()
    escaped, shown = html.escape(payload), 0
    for path in places:
        page = browser.get(path)
        assert page.status_code == 200, path
        assert payload == escaped or payload not in page.text, path
        shown += payload in html.unescape(page.text)
    assert shown >= 8


def test_the_json_of_an_object_is_no_page(api, console):
    answer = console().get(f"/home/invoices/{draft_invoice(api)['id']}/json")
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("payload", [IN_A_BROWSER], ids=["all at once"], indirect=True)
def test_in_a_browser_nothing_of_it_runs(new_page, organization, owner, places, console_errors):
    page, dialogs = new_page, list[str]()
    enter_console(page, organization, owner)

    def refuse(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    for path in places:
        if path.endswith(("/rotate", "/edit", "/resume", "/delete", "/replay")):
            continue  # they show nothing that the pages before them do not show
        page.goto(f"{organization.url}{path}")
        assert page.evaluate("window.hit === undefined")
        assert page.locator("svg[onload], img[onerror], [onfocus], a[href^='javascript:']").count() == 0, path
    assert (dialogs, console_errors) == ([], [])


def test_what_a_form_or_a_filter_repeats_is_text(console, payload):
    browser, visitor = console(), console(None)
    fields = {"name": payload, "scope": payload, "limit": payload, "expires": payload}
    for page in (
        browser.fill("/settings/developer/new", fields),
        browser.get("/activity", params={"object": payload, "from": payload, "to": payload}),
        browser.get(f"/settings/developer/keys/{payload.replace('/', '')}"),
        visitor.fill("/login", {"email": payload, "password": payload, "next": payload}),
        visitor.get("/login", params={"next": payload}),
        visitor.post("/assistant", data={"question": payload, "language": payload}),
        visitor.post("/assistant", data={"question": payload}),
    ):
        assert page.headers["Content-Type"].startswith("text/html")
        assert payload == html.escape(payload) or payload not in page.text


def test_the_assistant_answers_with_text(service, payload):
    for accept in ("application/json", "text/event-stream"):
        question = {"question": f"What is {payload}?"}
        response = httpx.post(
            f"{service.url}/api/v1/assistant", json=question, headers={"Accept": accept}, trust_env=False
        )
        assert response.status_code == 200 and response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Type"].startswith(accept)
    page = httpx.post(
        f"{service.url}/assistant", data=question, headers={"Accept": "text/event-stream"}, trust_env=False
    )
    assert "<script" not in page.text and "<img" not in page.text and "<svg" not in page.text


@pytest.mark.parametrize(
    "path", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "https:evil.example", "\t//x"]
)
def test_no_link_to_the_log_in_leads_away(console, path):
    response = console().get("/login", params={"next": path})
    assert response.status_code == 303 and response.headers["Location"] == "/home"
