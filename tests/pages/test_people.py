"""Settings → People: who may invite, change and remove whom, and how somebody gets in."""

from __future__ import annotations

import html
import re
import uuid
from urllib.parse import quote, urlencode, urlsplit

import pytest

from infra.identity import users
from infra.identity.sessions import digest
from tests.support.console import PASSWORD, SESSION, new_user, open_session
from tests.support.factors import LAST_STEP, MAKE_OLD, add_app, begin, give
from tests.support.waiting import run_at_once

PATH = "/settings/people"
OTHER_PASSWORD = "another tractor over ten lakes"


def address():
    return f"ravi.{uuid.uuid4().hex[:10]}@example.in"


def invite(client, email, role="accountant"):
    """Invite somebody; return the path of the link."""
    page = client.fill(f"{PATH}/invite", {"email": email, "role": role})
    assert page.status_code == 200, page.text
    return link_on(page)


def link_on(page):
    """Return the path of the link that a page shows."""
    (link,) = re.findall(r'<code id="link">(.*?)</code>', page.text)
    return urlsplit(html.unescape(link)).path


def accept(client, link, password=PASSWORD):
    return client.fill(link, {"password": password, "again": password})


def person_path(owner, organization, email):
    return f"{PATH}/{next(user.id for user in users.list_users(owner, organization.id) if user.email == email)}"


def roles(owner, organization):
    return {user.email: (user.role, user.status) for user in users.list_users(owner, organization.id)}


def text_of(page):
    return html.unescape(re.sub(r"<[^>]+>", "", page.text))


def test_an_invited_person_sets_a_password_and_sees_the_part_of_the_role(console, owner, organization):
    boss, email = console(), address()
    link = invite(boss, email)
    assert roles(owner, organization)[email] == ("accountant", "invited")
    newcomer = console(None)
    assert newcomer.log_in(email, PASSWORD).status_code == 422
    assert "is invited to" in newcomer.get(link).text
    assert accept(newcomer, link).headers["location"] == "/login?set=1"
    assert newcomer.log_in(email, PASSWORD).status_code == 303
    home = newcomer.get("/home").text
    assert "Receivables" in home and "Leave requests" not in home
    told = text_of(boss.get("/activity"))
    assert f"invited {email} as accountant to the people of the organization" in told
    assert f"{email} accepted the invitation to the people of the organization" in told


@pytest.mark.parametrize("kind", ["used", "withdrawn", "replaced", "expired", "unknown"])
def test_an_invitation_works_once_and_only_while_it_stands(console, owner, organization, kind):
    boss, email = console(), address()
    link = invite(boss, email)
    path = person_path(owner, organization, email)
    if kind == "used":
        accept(console(None), link)
    elif kind == "withdrawn":
        boss.fill(f"{path}/remove")
    elif kind == "replaced":
        link_on(boss.fill(f"{path}/link", on=path))
    elif kind == "expired":
        owner.execute("UPDATE user_links SET expires_at = clock_timestamp() WHERE purpose = 'invitation'")
    else:
        link = "/invitation/unknown"
    other = console(None)
    page = other.get(link)
    assert page.status_code == 410 and "This link does not work any more" in page.text
    fields = {"csrf": other.token_on("/login"), "password": PASSWORD, "again": PASSWORD}
    assert other.post(link, data=fields).status_code == 410


def test_an_invitation_does_not_change_a_password_that_somebody_has(console, owner, other_organization):
    """Else an owner who invites somebody could get into the person's other organizations."""
    person = users.create_user(owner, other_organization.id, address(), "owner")
    accept(console(None), person.path)
    link = invite(console(), person.user.email)
    attacker = console(None)
    page = attacker.get(link)
    assert "You have an account" in page.text and "new password" not in page.text
    fields = {"csrf": attacker.token_on("/login"), "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    assert attacker.post(link, data=fields).status_code == 403
    as_password = link.replace("/invitation/", "/password/")
    assert attacker.get(as_password).status_code == 410
    assert attacker.post(as_password, data=fields).status_code == 410
    assert attacker.log_in(person.user.email, OTHER_PASSWORD).status_code == 422
    assert console(None).log_in(person.user.email, PASSWORD).status_code == 303


def test_an_invitation_sets_no_password_of_somebody_whom_another_organization_has_added(
    console, owner, organization, other_organization
):
    """The person has not opened the link of the other organization yet, so there is no password to keep.

    Seen red before migration 55: the link opened the other organization.
    """
    person = users.create_user(owner, other_organization.id, address(), "owner")
    link = invite(console(), person.user.email)
    attacker = console(None)
    page = attacker.get(link)
    assert "You have an account" in page.text and "new password" not in page.text
    fields = {"csrf": attacker.token_on("/login"), "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    assert attacker.post(link, data=fields).status_code == 403
    token = digest(link.rpartition("/")[2])
    sql = "SELECT use_link(%s, 'hash', 'a', 'r', NULL, '\\x01')"
    assert owner.execute(sql, (token,)).fetchone() == (None,)
    assert attacker.log_in(person.user.email, OTHER_PASSWORD).status_code == 422
    assert accept(console(None), person.path).status_code == 303


def test_somebody_with_an_account_accepts_after_logging_in_and_can_switch(console, owner, other_organization):
    person = users.create_user(owner, other_organization.id, address(), "owner")
    newcomer = console(None)
    accept(newcomer, person.path)
    link = invite(console(), person.user.email, "hr")
    fields = {"email": person.user.email, "password": PASSWORD}
    assert newcomer.fill("/login", fields).status_code == 303
    assert newcomer.fill(link).headers["location"] == "/home"
    home = newcomer.get("/home").text
    assert "Leave requests" in home and "Receivables" not in home
    assert newcomer.fill("/organization", {"organization": other_organization.id}, on="/logout").status_code == 303
    assert "Receivables" in newcomer.get("/home").text


def test_an_invitation_does_not_tell_when_the_person_has_used_another_organization(console, owner, other_organization):
    """Nor the name that is used there. Seen red while the page said when somebody who is only invited was seen last."""
    known, unknown = users.create_user(owner, other_organization.id, address(), "owner").user, address()
    owner.execute("UPDATE users SET name = 'Asha Sharma' WHERE user_id = %s", (known.id,))
    open_session(owner, known.id)
    boss = console()
    pages = []
    for email in (known.email, unknown):
        invite(boss, email)
        (id,) = owner.execute("SELECT user_id FROM users WHERE email = %s", (email,)).fetchone()
        pages.append(text_of(boss.get(f"{PATH}/{id}")).replace(email, "X"))
    assert pages[0] == pages[1] and "never" in pages[0]


def test_nobody_else_who_is_logged_in_can_accept(console, owner, organization, other_organization):
    person = users.create_user(owner, other_organization.id, address(), "owner")
    accept(console(None), person.path)
    link = invite(console(), person.user.email)
    stranger = console("viewer")
    assert "You are logged in as" in stranger.get(link).text
    assert stranger.fill(link, on="/logout").status_code == 403
    assert roles(owner, organization)[person.user.email] == ("accountant", "invited")


def test_who_was_invited_by_two_and_joins_the_second_sees_the_second(console, owner, other_organization):
    email = address()
    invite(console(), email, "hr")
    link = invite(console(org_id=other_organization.id), email)
    newcomer = console(None)
    accept(newcomer, link)
    assert newcomer.log_in(email, PASSWORD).status_code == 303
    assert "Receivables" in newcomer.get("/home").text


def test_who_was_removed_elsewhere_meanwhile_can_still_accept(console, owner, other_organization):
    """Seen red while the person was asked to log in again and again: without an organization, nobody was logged in."""
    email, newcomer = address(), console(None)
    link = invite(console(), email)
    elsewhere = console(org_id=other_organization.id)
    accept(newcomer, invite(elsewhere, email))
    elsewhere.fill(f"{person_path(owner, other_organization, email)}/remove")
    assert f'href="/login?next={link}"' in newcomer.get(link).text
    login = newcomer.fill("/login", {"email": email, "password": PASSWORD}, on=f"/login?next={link}")
    assert newcomer.get(login.headers["location"]).headers["location"] == link
    assert newcomer.fill(link).headers["location"] == "/home"
    assert "Receivables" in newcomer.get("/home").text


def test_an_invitation_is_not_accepted_before_the_second_factor(console, owner, other_organization):
    person, newcomer = users.create_user(owner, other_organization.id, address(), "owner"), console(None)
    accept(newcomer, person.path)
    newcomer.log_in(person.user.email, PASSWORD)
    app = add_app(newcomer)
    link, thief = invite(console(), person.user.email), console(None)
    begin(thief, person.user.email)
    assert "Log in with this address" in thief.get(link).text
    assert thief.fill(link, on=LAST_STEP).status_code == 403
    assert give(thief, app.code()).status_code == 303
    assert thief.fill(link).status_code == 303


def test_somebody_is_not_invited_twice(console):
    boss, email = console(), address()
    invite(boss, email)
    page = boss.fill(f"{PATH}/invite", {"email": email.upper(), "role": "hr"})
    assert page.status_code == 422 and "has been invited to" in page.text


@pytest.mark.parametrize(
    ("email", "role"), [("", "hr"), ("ravi", "hr"), ("a b@example.in", "hr"), ("x@example.in", "boss")]
)
def test_a_wrong_form_invites_nobody_and_says_what_is_wrong(console, owner, organization, email, role):
    page = console().fill(f"{PATH}/invite", {"email": email, "role": role})
    assert page.status_code == 422 and ("e-mail address must be" in page.text or "Choose a role" in page.text)
    assert len(roles(owner, organization)) == 1


def test_a_form_that_is_sent_twice_invites_once(console, owner, organization):
    boss, email = console(), address()
    fields = {**boss.hidden_on(f"{PATH}/invite"), "email": email, "role": "hr"}
    links = [link_on(boss.post(f"{PATH}/invite", data=fields)) for _ in range(2)]
    assert [console(None).get(link).status_code for link in links] == [410, 200]
    sql = "SELECT count(*) FROM events WHERE org_id = %s AND name = 'user.invited'"
    assert owner.execute(sql, (organization.id,)).fetchone() == (1,)


def test_a_form_that_is_sent_again_with_another_address_is_another_invitation(console, owner, organization):
    """As a retry of the first one, it would lead to a page that says how old the account of the address is."""
    boss = console()
    fields = {**boss.hidden_on(f"{PATH}/invite"), "role": "hr"}
    for email in (address(), address()):
        boss.post(f"{PATH}/invite", data={**fields, "email": email})
    sql = "SELECT count(*) FROM events WHERE org_id = %s AND name = 'user.invited'"
    assert owner.execute(sql, (organization.id,)).fetchone() == (2,)


def test_an_old_form_that_is_sent_again_makes_no_link_for_what_the_person_is_by_then(console, owner, organization):
    """An admin who has invited a viewer would otherwise get a link for the owner whom somebody makes of the viewer."""
    admin, boss, email = console("admin"), console(), address()
    fields = {**admin.hidden_on(f"{PATH}/invite"), "email": email, "role": "viewer"}
    assert admin.post(f"{PATH}/invite", data=fields).status_code == 200
    page = person_path(owner, organization, email)
    assert boss.fill(page, {"role": "owner", "earlier": "viewer"}).status_code == 303
    again = admin.post(f"{PATH}/invite", data=fields)
    assert again.status_code == 409 and "/invitation/" not in again.text
    owner.execute(MAKE_OLD, (boss.user_id,))
    assert boss.fill(f"{page}/link", on=page).headers["Location"] == f"/profile/factors/confirm?next={page}"


@pytest.mark.parametrize("has_factor", [True, False])
def test_an_open_browser_lets_nobody_in_who_can_do_as_much(console, owner, organization, has_factor):
    """A factor or the password is asked for first, so a stolen session makes no owner, and no link for a password."""
    boss, colleague = console(), f"{PATH}/{new_user(owner, organization.id, 'viewer').user.id}"
    if has_factor:
        add_app(boss)
    email = address()
    filled_in = f"{PATH}/invite?{urlencode({'email': email, 'role': 'owner'})}"
    forms = [
        (f"{PATH}/invite", filled_in, {"email": email, "role": "owner"}),
        (colleague, colleague, {"role": "admin", "earlier": "viewer"}),
        (f"{colleague}/link", colleague, {}),
    ]
    owner.execute(MAKE_OLD, (boss.user_id,))
    for path, page, fields in forms:
        answer = boss.fill(path, fields, on=page)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/profile/factors/confirm?next={quote(page)}")
    form = boss.get(filled_in).text
    assert f'value="{email}"' in form and '<option value="owner" selected' in form
    assert boss.fill(f"{PATH}/invite", {"email": address(), "role": "viewer"}).status_code == 200
    owner.execute("UPDATE user_sessions SET proved_at = now() WHERE user_id = %s", (boss.user_id,))
    assert "Location" not in boss.fill(f"{colleague}/link", on=colleague).headers


@pytest.mark.parametrize("role", ["accountant", "hr", "viewer"])
def test_others_see_the_people_and_change_nobody(console, owner, organization, role):
    target = new_user(owner, organization.id, "viewer").user
    client, path = console(role), f"{PATH}/{target.id}"
    page = client.get(PATH)
    assert target.email in page.text and f"{PATH}/invite" not in page.text
    assert "Change the role" not in client.get(path).text
    for form, fields in (
        (path, {"role": "owner", "earlier": "viewer"}),
        (f"{path}/link", {}),
        (f"{path}/remove", {}),
        (f"{PATH}/invite", {"email": address(), "role": "viewer"}),
    ):
        page = client.fill(form, fields, on="/logout")
        assert page.status_code == 403 and "Only owners and admins" in page.text
    assert len(roles(owner, organization)) == 2


def test_an_admin_neither_makes_nor_changes_owners(console, owner, organization):
    boss, target = new_user(owner, organization.id).user, new_user(owner, organization.id, "viewer").user
    admin = console("admin")

    def send(path, **fields):
        return admin.fill(f"{PATH}/{path}", fields, on="/logout").status_code

    assert send(target.id, role="hr", earlier="viewer") == 303
    assert send(target.id, role="owner", earlier="hr") == 422
    assert send(boss.id, role="hr", earlier="owner") == 403
    assert send(f"{boss.id}/remove") == 403
    assert send(f"{boss.id}/link") == 409
    assert admin.fill(f"{PATH}/invite", {"email": address(), "role": "owner"}).status_code == 422
    found = roles(owner, organization)
    assert found[boss.email] == ("owner", "active") and found[target.email] == ("hr", "active")


def test_the_last_owner_stays_and_the_page_says_what_to_do(console):
    boss = console()
    path = f"{PATH}/{boss.user_id}"
    for form, fields in ((path, {"role": "admin", "earlier": "owner"}), (f"{path}/remove", {})):
        page = boss.fill(form, fields, on="/logout")
        assert page.status_code == 409 and "Make somebody else an owner first" in page.text


def test_of_two_owners_who_remove_each_other_at_once_one_stays(console, owner, organization):
    clients = [console(), console()]
    tokens = [client.token_on("/logout") for client in clients]

    def remove(number):
        other = clients[1 - number].user_id
        return clients[number].post(f"{PATH}/{other}/remove", data={"csrf": tokens[number]}).status_code

    run_at_once(2, remove)
    assert [role for role, _ in roles(owner, organization).values()] == ["owner"]


def test_of_two_owners_who_leave_at_once_one_stays(console, owner, organization):
    """Each may do it, so only the rule that there is an owner stops the second one. Seen red without it."""
    clients = [console(), console()]
    tokens = [client.token_on("/logout") for client in clients]

    def leave(number):
        path = f"{PATH}/{clients[number].user_id}/remove"
        return clients[number].post(path, data={"csrf": tokens[number]}).status_code

    assert sorted(run_at_once(2, leave)) == [303, 409]
    assert [role for role, _ in roles(owner, organization).values()] == ["owner"]


def test_who_is_removed_is_logged_out_and_a_new_role_counts_from_the_next_request(console):
    boss, person = console(), console("hr")
    path = f"{PATH}/{person.user_id}"
    assert "Leave requests" in person.get("/home").text
    assert boss.fill(path, {"role": "viewer", "earlier": "hr"}, on=path).status_code == 303
    assert "Leave requests" not in person.get("/home").text
    assert boss.fill(f"{path}/remove").status_code == 303
    assert person.get("/home").headers["location"].startswith("/login")


def test_who_also_belongs_elsewhere_keeps_only_the_sessions_of_there(console, owner, other_organization):
    """Seen red while `set_members` deleted no session and `find_session` did not ask whether the user still belongs."""
    boss, person, elsewhere = console(), console("hr"), console(None)
    users.create_user(owner, other_organization.id, person.email, "viewer")
    elsewhere.cookies.set(SESSION, open_session(owner, person.user_id), domain="127.0.0.1")
    elsewhere.fill("/organization", {"organization": other_organization.id}, on="/logout")
    assert boss.fill(f"{PATH}/{person.user_id}/remove").status_code == 303
    assert person.get("/home").headers["location"].startswith("/login")
    assert "Receivables" in elsewhere.get("/home").text


def test_a_role_that_somebody_changed_meanwhile_is_shown_first(console, owner, organization):
    boss, target = console(), new_user(owner, organization.id, "viewer").user
    users.change_role(owner, target.email, "hr")
    page = boss.fill(f"{PATH}/{target.id}", {"role": "admin", "earlier": "viewer"}, on="/logout")
    assert page.status_code == 409 and "changed meanwhile, to HR" in page.text


def test_everybody_may_leave(console):
    console()
    person = console("viewer")
    path = f"{PATH}/{person.user_id}"
    assert "Leave the organization" in person.get(path).text
    assert person.fill(f"{path}/remove").headers["location"] == "/login"
    assert person.get("/home").status_code == 303


def test_a_password_link_is_made_for_who_belongs_to_this_organization_alone(
    console, owner, organization, other_organization
):
    boss, person = console(), new_user(owner, organization.id, "viewer").user
    path = f"{PATH}/{person.id}"
    link = link_on(boss.fill(f"{path}/link", on=path))
    assert accept(console(None), link).status_code == 303
    assert console(None).log_in(person.email, PASSWORD).status_code == 303
    users.create_user(owner, other_organization.id, person.email, "owner")
    page = boss.fill(f"{path}/link", on=path)
    assert page.status_code == 409 and "belongs to another organization" in page.text


@pytest.mark.parametrize("path", ["", "/link", "/remove"])
def test_nobody_of_another_organization_is_found(console, owner, other_organization, path):
    boss, stranger = console(), new_user(owner, other_organization.id).user
    assert stranger.email not in boss.get(PATH).text
    fields = {"role": "hr", "earlier": "owner"}
    page = boss.fill(f"{PATH}/{stranger.id}{path}", fields, on="/logout")
    assert page.status_code == (303 if path == "/remove" else 404)


def test_in_test_mode_people_are_shown_and_not_changed(console, owner, organization):
    boss, target = console(), new_user(owner, organization.id, "viewer").user
    boss.fill("/mode", {"mode": "test"}, on="/logout")
    page = boss.get(PATH)
    assert target.email in page.text and "Switch to live mode" in page.text
    page = boss.fill(f"{PATH}/{target.id}", {"role": "hr", "earlier": "viewer"}, on="/logout")
    assert page.status_code == 403 and "live mode" in page.text
    assert "Switch to live mode" in boss.get(f"{PATH}/invite").text
    assert roles(owner, organization)[target.email] == ("viewer", "active")


def test_events_of_people_are_not_in_the_api(console, api):
    invite(console(), address())
    assert [event for event in api.get("events").json()["data"] if event["type"].startswith("user.")] == []


def test_switching_ends_test_mode_and_needs_membership(console, owner, other_organization):
    client = console()
    page = client.fill("/organization", {"organization": other_organization.id}, on="/logout")
    assert page.status_code == 403 and "invite you" in page.text
    users.create_user(owner, other_organization.id, client.email, "viewer")
    client.fill("/mode", {"mode": "test"}, on="/logout")
    client.fill("/organization", {"organization": other_organization.id}, on="/logout")
    assert "Test mode." not in client.get("/home").text


def test_a_form_that_was_opened_before_a_switch_changes_nothing_in_the_other_organization(
    console, owner, organization, other_organization
):
    """The other tab still shows the first organization. Seen red with a token of the session alone."""
    boss, email = console(), address()
    users.create_user(owner, other_organization.id, boss.email, "owner")
    fields = {**boss.hidden_on(f"{PATH}/invite"), "email": email, "role": "admin"}
    boss.fill("/organization", {"organization": other_organization.id}, on="/logout")
    refused = boss.post(f"{PATH}/invite", data=fields)
    assert refused.status_code == 403 and "another organization" in refused.text
    assert email not in roles(owner, other_organization)
    boss.fill("/organization", {"organization": organization.id}, on="/logout")
    assert boss.post(f"{PATH}/invite", data=fields).status_code == 200


def test_two_browsers_of_one_user_show_two_organizations(console, owner, other_organization):
    first = console()
    users.create_user(owner, other_organization.id, first.email, "owner")
    open_session(owner, first.user_id)
    first.fill("/organization", {"organization": other_organization.id}, on="/logout")
    sql = "SELECT count(DISTINCT org_id) FROM user_sessions WHERE user_id = %s"
    assert owner.execute(sql, (first.user_id,)).fetchone() == (2,)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_buttons_of_a_person_stand_on_one_line(signed_in, organization, owner, width):
    page, somebody = signed_in(), new_user(owner, organization.id, "viewer").user
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{organization.url}{PATH}/{somebody.id}")
    buttons = page.locator("main > .row").locator("a, button").all()
    assert len(buttons) == 2 and len({button.bounding_box()["y"] for button in buttons}) == 1
