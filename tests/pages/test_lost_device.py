"""Settings → People: an owner or admin takes the second factors of a colleague away who has lost the device."""

from __future__ import annotations

import pytest

from infra.identity import users
from tests.support.console import PASSWORD, new_user, open_session
from tests.support.factors import FACTORS, MAKE_OLD, add_app, begin, kinds_of

PEOPLE = "/settings/people"


def colleague_of(console, owner, organization, role="accountant"):
    """A user with a password and an app, who is logged in."""
    link, browser = new_user(owner, organization.id, role), console(None)
    browser.fill(link.path, {"password": PASSWORD, "again": PASSWORD})
    browser.email, browser.user_id = link.user.email, link.user.id
    assert browser.log_in(browser.email, PASSWORD).status_code == 303
    add_app(browser)
    return browser


@pytest.fixture
def colleague(console, owner, organization):
    return colleague_of(console, owner, organization)


def page_of(user):
    return f"{PEOPLE}/{user.user_id}/factors"


def is_signed_in(browser):
    return browser.get("/home").status_code == 200


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_a_manager_takes_the_factors_away_and_the_sessions_end(console, owner, colleague, role):
    boss = console(role)
    assert page_of(colleague) in boss.get(f"{PEOPLE}/{colleague.user_id}").text
    asked = boss.get(page_of(colleague))
    assert asked.status_code == 200 and "the password alone protects the account" in asked.text
    assert is_signed_in(colleague)
    done = boss.fill(page_of(colleague))
    assert done.headers["Location"] == f"{PEOPLE}/{colleague.user_id}"
    assert not is_signed_in(colleague) and is_signed_in(boss)
    assert colleague.log_in(colleague.email, PASSWORD).headers["Location"] == "/home"
    assert kinds_of(owner, colleague.user_id)[-2:] == ["factors.reset", "login.succeeded"]
    assert f"removed all second factors of <bdi>{colleague.email}</bdi>" in boss.get("/settings/security").text
    assert page_of(colleague) not in boss.get(f"{PEOPLE}/{colleague.user_id}").text


@pytest.mark.parametrize("role", ["viewer", "accountant", "hr"])
def test_nobody_else_does(console, colleague, role):
    other = console(role)
    for response in (
        other.get(page_of(colleague)),
        other.post(page_of(colleague), data={"csrf": other.token_on("/logout")}),
    ):
        assert response.status_code == 403 and "Only owners and admins" in response.text
    assert page_of(colleague) not in other.get(f"{PEOPLE}/{colleague.user_id}").text
    assert is_signed_in(colleague)


def test_an_admin_does_not_of_an_owner(console, owner, organization):
    victim, admin = colleague_of(console, owner, organization, "owner"), console("admin")
    refused = admin.fill(page_of(victim))
    assert refused.status_code == 409 and "Only owners can remove the second factors of an owner" in refused.text
    assert is_signed_in(victim)


def test_a_stolen_session_does_not_and_the_proof_leads_back(console, owner, person, colleague):
    person.log_in(person.email, PASSWORD)
    (user_id,) = owner.execute("SELECT user_id FROM users WHERE email = %s", (person.email,)).fetchone()
    csrf = person.token_on("/logout")
    owner.execute(MAKE_OLD, (user_id,))
    asked = f"{FACTORS}/confirm?next={page_of(colleague)}"
    assert person.get(page_of(colleague)).headers["Location"] == asked
    assert person.post(page_of(colleague), data={"csrf": csrf}).headers["Location"] == asked
    assert is_signed_in(colleague)
    assert person.fill(f"{FACTORS}/confirm", {"password": "wrong"}, on=asked).status_code == 422
    proved = person.fill(f"{FACTORS}/confirm", {"password": PASSWORD}, on=asked)
    assert proved.headers["Location"] == page_of(colleague)
    assert person.fill(page_of(colleague)).status_code == 303 and not is_signed_in(colleague)


def test_of_a_person_who_belongs_elsewhere_too_only_the_operator_does(console, owner, colleague, other_organization):
    users.create_user(owner, other_organization.id, colleague.email, "viewer")
    refused = console().fill(page_of(colleague))
    assert refused.status_code == 409 and "user reset-factors" in refused.text and is_signed_in(colleague)


def test_nobody_removes_the_own_ones_here(console, owner, organization):
    boss = colleague_of(console, owner, organization, "owner")
    page = boss.get(f"{PEOPLE}/{boss.user_id}").text
    assert page_of(boss) not in page and f'href="{FACTORS}"' in page
    refused = boss.fill(page_of(boss))
    assert refused.status_code == 409 and "on the page of your factors" in refused.text and is_signed_in(boss)


def test_the_form_of_a_person_without_a_factor_is_not_shown(console, owner, organization):
    boss, plain = console(), new_user(owner, organization.id, "viewer").user
    page = boss.get(f"{PEOPLE}/{plain.id}/factors")
    assert page.status_code == 200 and "has no second factor" in page.text
    assert "<form" not in page.text.partition("<main")[2].partition("</main>")[0]


def test_somebody_who_is_only_invited_has_no_factor_to_be_seen(console, owner, other_organization, organization):
    """Whether a stranger protects the account is nobody's business before the person has joined."""
    stranger, boss = colleague_of(console, owner, other_organization), console()
    boss.fill(f"{PEOPLE}/invite", {"email": stranger.email, "role": "viewer"})
    page = boss.get(f"{PEOPLE}/{stranger.user_id}")
    assert page.status_code == 200 and page_of(stranger) not in page.text
    refused = boss.post(page_of(stranger), data={"csrf": boss.token_on("/logout")})
    assert refused.status_code == 409 and is_signed_in(stranger)


def test_the_profile_leads_to_the_factors(console, owner, organization):
    plain, protected = console("viewer"), colleague_of(console, owner, organization)
    assert "Add a second factor" in plain.get("/profile").text
    page = protected.get("/profile").text
    assert f'href="{FACTORS}"' in page and "Change your second factors" in page


def test_a_colleague_logs_in_with_the_password_and_adds_a_new_app(console, owner, organization, colleague):
    """The whole way: the device is lost, an owner helps, and the account is protected again."""
    lost = console(None)
    begin(lost, colleague.email)
    console().fill(page_of(colleague))
    assert lost.get("/login/factor").headers["Location"] == "/login", "the log-in that waited has ended, too"
    assert lost.log_in(colleague.email, PASSWORD).headers["Location"] == "/home"
    add_app(lost)
    begin(console(None), colleague.email)
    assert open_session(owner, colleague.user_id)
