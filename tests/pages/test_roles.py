"""A role shows its part of the console, and each refusal says whom to ask."""

from __future__ import annotations

import pytest

from domain.accounts.user import ROLES, plural_of, roles_with, scopes_of
from domain.registry import SCOPES
from tests.support.scenarios import draft_invoice, pending_leave

BILLING, LEAVES = {"owner", "admin", "accountant", "viewer"}, {"owner", "admin", "hr"}
DRAFTED, REQUESTED = "</strong> drafted", "</strong> requested"
REASON = "fever and a cough"


@pytest.fixture
def invoice(api):
    return draft_invoice(api, invoiceNumber="A/1")


@pytest.fixture
def leave(api):
    return pending_leave(api, type="sick", reason=REASON)


@pytest.mark.parametrize("role", ROLES)
def test_home_shows_the_part_of_the_role(invoice, leave, console, role):
    text = console(role).get("/home").text
    assert ("Receivables" in text) == (role in BILLING)
    assert ("Asha Rao" in text) == (role in LEAVES)


@pytest.mark.parametrize("role", ROLES)
def test_activity_shows_the_part_of_the_role(invoice, leave, console, role):
    client = console(role)
    text = client.get("/activity").text
    assert (DRAFTED in text) == (role in BILLING) and (REQUESTED in text) == (role in LEAVES)
    assert "a test" in text
    assert ("Leave: requested" in text) == (role in LEAVES)
    for object, roles in ((invoice["id"], BILLING), ("A/1", BILLING), (leave["id"], LEAVES)):
        found = client.get("/activity", params={"object": object}).text
        assert (DRAFTED in found or REQUESTED in found) == (role in roles)
    for type, roles in (("invoice.drafted", BILLING), ("leave.requested", LEAVES)):
        assert client.get("/activity", params={"type": type}).status_code == (200 if role in roles else 400)


@pytest.mark.parametrize("role", ROLES)
def test_a_history_is_shown_to_its_roles_and_to_others_it_says_whom_to_ask(invoice, leave, console, role):
    client = console(role)
    for object, roles in ((invoice, BILLING), (leave, LEAVES)):
        page = client.get(f"/activity/{object['id']}")
        assert page.status_code == (200 if role in roles else 403)
    assert (REASON in page.text) == (role in LEAVES)
    assert ("Only owners, admins and HR can see this." in page.text) == (role not in LEAVES)


def test_managers_have_every_scope_and_others_their_own():
    assert [scopes_of(role) for role in ROLES[2:]] == [
        ("billing:read", "billing:write"),
        ("leaves:read", "leaves:write"),
        ("billing:read",),
    ]
    assert scopes_of("owner") == scopes_of("admin") == SCOPES
    assert plural_of(roles_with("leaves:write")) == "owners, admins and HR"
    assert plural_of(("owner",)) == "owners"
