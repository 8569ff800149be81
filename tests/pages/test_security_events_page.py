"""Settings → Security: an organization's own security events in sentences, with filters and pages."""

from __future__ import annotations

import html
import re
from functools import partial

import msgspec
import pytest

from api.console.settings.security.sentences import GROUPS, WORDS
from domain.accounts.security_event import SecurityEventKind
from infra.audit import own_security_events as security_events
from infra.audit.security_events import SecurityEventFilter, list_security_events
from infra.identity import users
from infra.identity.organizations import create_organization
from infra.log.security_events import RECORD
from infra.postgres.database import SET_ORGANIZATION, connect_as_table_owner
from infra.postgres.pool import open_pool
from projections.views.security_events import SecurityQuery
from tests.support.console import PASSWORD, new_user
from tests.support.postgres import logins_of

PATH = "/settings/security"
MANY = """
INSERT INTO security_events (at, kind, org_id, request_id)
SELECT clock_timestamp() - interval '1 day' - n * interval '1 second', 'key.changed', %s, 'req_1'
FROM generate_series(1, 20000) n
"""


def sentences(client, **params):
    """Return the sentences of the page, as text, the newest first."""
    page = client.get(PATH, params=params)
    assert page.status_code == 200, page.text
    found = re.findall(r"<li><p>(.*?)</p>", page.text)
    return [html.unescape(re.sub(r"<[^>]+>", "", each)) for each in found]


def record(owner, org_id, kind="key.changed", object_id="key_1", times=1):
    for _ in range(times):
        owner.execute(RECORD, (kind, org_id, "user", "user_1", object_id, "192.0.2.1", "req_1", None))


def test_log_ins_failures_and_changes_are_told_with_who_and_from_where(console, person, owner, organization):
    boss = console()
    person.log_in(person.email, "wrong")
    person.log_in(person.email, PASSWORD)
    boss.fill("/settings/developer/new", {"name": "Zapier", "scope": "billing:read", "limit": "10"})
    told = sentences(boss)
    assert f"{person.email} logged in" in told and f"Somebody gave a wrong password for {person.email}" in told
    assert any(each.endswith(" created the API key Zapier") for each in told)
    page = boss.get(PATH).text
    assert f"from <bdi>{person.headers['X-Forwarded-For']}</bdi>" in page
    assert "They are kept for 400 days" in page
    assert "The administrator of this service added " in " ".join(told) and "on the server" in page


def test_a_changed_role_is_told_with_who_changed_whose_role_to_which(console):
    boss, colleague = console("owner"), console("admin")
    for role, earlier in (("hr", "admin"), ("owner", "hr")):
        form = {"role": role, "earlier": earlier}
        assert boss.fill(f"/settings/people/{colleague.user_id}", form).status_code == 303
    assert sentences(boss, kind="people")[:2] == [
        f"{boss.email} changed the role of {colleague.email} to owner, which has more rights",
        f"{boss.email} changed the role of {colleague.email} to HR, which has fewer rights",
    ]


def test_only_owners_and_admins_see_the_page(console):
    assert [console(role).get(PATH).status_code for role in ("admin", "accountant", "hr", "viewer")] == [
        200,
        403,
        403,
        403,
    ]


def test_an_organization_sees_its_own_events_and_none_of_unknown_accounts(console, other_organization, owner):
    boss, stranger = console(), console(None)
    stranger.log_in("nobody@example.in", "wrong")
    elsewhere = new_user(owner, other_organization.id).user
    told = sentences(boss)
    assert not any("does not exist" in each or elsewhere.email in each for each in told)


def test_a_log_in_of_a_person_of_two_organizations_shows_in_both_without_naming_the_other(
    console, person, owner, organization, other_organization
):
    boss, other_boss = console(), console(None)
    users.create_user(owner, other_organization.id, person.email, "viewer")
    there = new_user(owner, other_organization.id)
    assert other_boss.fill(there.path, {"password": PASSWORD, "again": PASSWORD}).status_code == 303
    other_boss.log_in(there.user.email, PASSWORD)
    person.log_in(person.email, "wrong")
    person.log_in(person.email, PASSWORD)
    for each, hidden in ((boss, other_organization), (other_boss, organization)):
        told = sentences(each)
        assert told.count(f"{person.email} logged in") == 1, told
        assert told.count(f"Somebody gave a wrong password for {person.email}") == 1
        assert hidden.id not in each.get(PATH).text
    listed = partial(list_security_events, owner)
    wanted = SecurityEventFilter(user=person.email, kinds=["login.succeeded"])
    assert len(listed(wanted)) == 1, "the operator sees the event once, not its copies"
    assert [len(listed(wanted._replace(org_id=each.id))) for each in (organization, other_organization)] == [1, 1]


def test_somebody_who_is_only_invited_shows_nothing_to_who_invites(
    console, person, owner, organization, other_organization
):
    """Else an invitation would tell when and from where a stranger logs in."""
    other_boss = console(None)
    there = new_user(owner, other_organization.id)
    other_boss.fill(there.path, {"password": PASSWORD, "again": PASSWORD})
    other_boss.log_in(there.user.email, PASSWORD)
    invited = other_boss.fill("/settings/people/invite", {"email": person.email, "role": "viewer"})
    assert invited.status_code == 200
    person.log_in(person.email, PASSWORD)
    assert f"{person.email} logged in" not in sentences(other_boss)


def test_the_filters_select_by_who_what_and_day(console, person, owner, organization):
    boss = console()
    person.log_in(person.email, "wrong")
    record(owner, organization.id)
    assert sentences(boss, kind="failure") == [f"Somebody gave a wrong password for {person.email}"]
    (user_id,) = owner.execute("SELECT user_id FROM users WHERE email = %s", (person.email,)).fetchone()
    assert f"Somebody gave a wrong password for {person.email}" in sentences(boss, who=user_id)
    assert not any("key_1" in each for each in sentences(boss, who=user_id))
    assert len(sentences(boss, who="key_1")) == 1
    move = "UPDATE security_events SET at = '2026-01-31T18:30:00Z' WHERE object_id = 'key_1' AND org_id = %s"
    owner.execute(move, (organization.id,))
    assert len(sentences(boss, **{"from": "2026-02-01", "to": "2026-02-01"})) == 1  # midnight in Kolkata
    assert sentences(boss, **{"from": "2026-01-31", "to": "2026-01-31"}) == []
    assert sentences(boss, to="2025-12-31") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "x"), ("from", "yesterday"), ("to", "2026-02-30"), ("before", "x"), ("who", "x" * 101)],
)
def test_a_wrong_filter_is_marked_and_says_what_to_enter(console, field, value):
    page = console().get(PATH, params={field: value})
    assert page.status_code == 400 and f'id="{field}-problem"' in page.text


def test_the_pages_follow_each_other_without_a_gap_or_a_repetition(console, owner, organization):
    boss = console()
    record(owner, organization.id, times=120)
    page, seen = boss.get(PATH, params={"kind": "key"}), []
    while True:
        seen.append(page.text.count("changed the API key"))
        older = re.search(r'rel="next" href="([^"]+)"', page.text)
        if older is None:
            break
        record(owner, organization.id)  # newer events do not move the page
        page = boss.get(html.unescape(older[1]))
    assert seen == [50, 50, 20]


def test_a_page_reads_as_little_among_many_events_as_among_few(own_database):
    with connect_as_table_owner(own_database) as owner:
        org_id = create_organization(owner, "Acme Traders").id
        owner.execute(MANY, (org_id,))
        owner.execute("ANALYZE security_events")
    events = security_events._events(values := security_events._values(org_id, SecurityQuery()))
    with open_pool(logins_of(own_database), 1) as pool, pool.connection() as conn, conn.transaction():
        conn.execute(SET_ORGANIZATION, (org_id,))
        explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {security_events._page(events, [])}"
        ((plan,),) = conn.execute(explain, values).fetchall()
    top = msgspec.json.decode(plan)[0]["Plan"]
    assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] < 100, top


def test_in_test_mode_the_events_of_test_mode_show(console, owner, organization):
    boss = console()
    boss.fill("/mode", {"mode": "test"}, on="/logout")
    page = boss.get(PATH).text
    assert "These are events of test mode" in page and "logged in" not in page


def test_every_kind_has_a_sentence_and_a_group():
    assert WORDS.keys() == set(SecurityEventKind)
    assert {words.group for words in WORDS.values()} == set(GROUPS)
