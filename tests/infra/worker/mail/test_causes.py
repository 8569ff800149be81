"""What causes a mail adds it to the outbox in its own transaction, for the people whom it concerns, and nobody else."""

import json
import secrets

import pytest
from psycopg.errors import RaiseException

from commands.accounts.api_key import RecordKeyUse, RevokeLeakedKey
from commands.accounts.budget import RecordBudgetUse, SetBudget
from commands.accounts.mail import MailKind
from commands.accounts.people import InvitePerson, JoinOrganization
from commands.accounts.webhook import DisableWebhook
from commands.command import Actor, Context, Person
from domain.accounts.budget import budget_id
from domain.accounts.people import people_id
from domain.accounts.thresholds import THRESHOLDS
from domain.webhook import FAILING
from infra.identity.keys import create_key
from infra.identity.organizations import create_organization, get_test_organization
from infra.identity.sessions import digest
from infra.identity.users.factors.reset import reset_factors
from infra.log.command_bus import execute_on
from infra.postgres.database import set_organization
from infra.worker.mail.outbox import enqueue, turn_mails
from tests.support.console import new_user
from tests.support.mails import kinds, mail_of
from tests.support.senders import new_webhook

GITHUB = Person("github", "secret-scanning", "192.0.2.9")
LOG_IN = "SELECT accept_login(%s, 'x', %s, %s, %s, %s, '192.0.2.1', 'req_1')"


def execute(conn, org_id, command, person=None):
    context = Context(org_id=org_id, actor=Actor("worker", "test"), request_id="req_1", person=person)
    return execute_on(conn, command, context)


def new_key(conn, org_id, limit=1000):
    return create_key(conn, org_id, "Zapier", ("billing:read",), limit, None).row["id"]


def log_in(conn, user, browser=None):
    token = [secrets.token_bytes(32) for _ in range(3)]
    conn.execute(LOG_IN, (user.id, token[0], token[1], browser, token[2]))
    return token[2]


@pytest.fixture
def people(conn, org_id):
    """A user of each role."""
    return {role: new_user(conn, org_id, role).user for role in ("owner", "admin", "accountant", "hr", "viewer")}


def who_gets(conn, people, kind):
    return {role for role, user in people.items() if kind in kinds(conn, user.id)}


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_each_reached_threshold_of_a_key_is_told_to_owners_and_admins(conn, org_id, people, threshold):
    execute(conn, org_id, RecordKeyUse(id=new_key(conn, org_id, limit=100), used=threshold))
    assert who_gets(conn, people, "threshold_reached") == {"owner", "admin"}


def test_of_several_thresholds_at_once_the_highest_is_told(conn, org_id, people):
    execute(conn, org_id, RecordKeyUse(id=new_key(conn, org_id), used=1000))
    assert kinds(conn, people["owner"].id) == ["threshold_reached"]
    assert b'"100"' in mail_of(conn, people["owner"].id)["facts"]


def test_a_threshold_that_is_left_is_told_to_nobody(conn, org_id, people):
    key = new_key(conn, org_id)
    execute(conn, org_id, RecordKeyUse(id=key, used=500))
    conn.execute("DELETE FROM mails")
    execute(conn, org_id, RecordKeyUse(id=key, used=1))
    assert kinds(conn) == []


def test_a_reached_threshold_of_the_budget_is_told_to_owners_and_admins(conn, org_id, people):
    execute(conn, org_id, SetBudget(id=budget_id(org_id), credit_limit=10))
    execute(conn, org_id, RecordBudgetUse(id=budget_id(org_id), used=10))
    assert who_gets(conn, people, "threshold_reached") == {"owner", "admin"}


def test_a_disabled_webhook_is_told_to_owners_and_admins(conn, org_id, people):
    webhook = new_webhook(conn, org_id, "http://127.0.0.1:9/").row["id"]
    execute(conn, org_id, DisableWebhook(id=webhook, reason=FAILING))
    assert who_gets(conn, people, "webhook_disabled") == {"owner", "admin"}


def test_a_leaked_key_is_told_to_owners_and_admins(conn, org_id, people):
    command = RevokeLeakedKey(id=new_key(conn, org_id), found_at="https://github.com/x")
    execute(conn, org_id, command, GITHUB)
    assert who_gets(conn, people, "key_leaked") == {"owner", "admin"}


def test_test_mode_causes_mails_only_for_leaked_keys(conn, org_id, people):
    sibling = get_test_organization(conn, org_id)
    key = new_key(conn, sibling)
    execute(conn, sibling, RecordKeyUse(id=key, used=1000))
    assert kinds(conn) == []
    execute(conn, sibling, RevokeLeakedKey(id=key, found_at="https://github.com/x"), GITHUB)
    assert who_gets(conn, people, "key_leaked") == {"owner", "admin"}


def test_an_invitation_is_sent_to_the_invited_person_alone(conn, org_id, people):
    others = [new_user(conn, org_id, "viewer").user for _ in range(2)]
    conn.execute("DELETE FROM mails")
    second = create_organization(conn, "Other Traders").id
    for other in others:
        execute(conn, second, InvitePerson(id=people_id(second), user_id=other.id, role="viewer"))
    assert [kinds(conn, other.id) for other in others] == [["invitation"]] * 2 and len(kinds(conn)) == 2


def test_nobody_is_invited_who_belongs_to_the_organization(conn, org_id, people):
    with conn.transaction():
        conn.execute(set_organization(org_id))
        conn.execute("SELECT queue_event_mail(%s, 'invitation', %s, NULL)", (org_id, people["viewer"].id))
    assert kinds(conn) == []


def test_a_log_in_with_another_browser_is_told_once(conn, people):
    user = people["viewer"]
    browser = log_in(conn, user)
    assert kinds(conn) == kinds(conn, user.id) == ["unknown_browser"]
    log_in(conn, user, browser)
    assert kinds(conn) == ["unknown_browser"]
    log_in(conn, user)
    assert kinds(conn) == ["unknown_browser"] * 2


def set_password(conn, user, token):
    """Set a password with a link; return the token of the browser."""
    insert = "INSERT INTO user_links (token_hash, user_id, expires_at) VALUES (%s, %s, now() + interval '1 hour')"
    conn.execute(insert, (digest(token), user.id))
    browser = secrets.token_bytes(32)
    conn.execute("SELECT use_link(%s, 'hash', '192.0.2.1', 'req_1', NULL, %s)", (digest(token), browser))
    return browser


def test_a_changed_password_is_told_and_a_first_one_is_not(conn, people):
    user = people["viewer"]
    browser = set_password(conn, user, "first")
    assert kinds(conn) == []
    log_in(conn, user, browser)
    assert kinds(conn) == [], "the browser that has set the password is known"
    set_password(conn, user, "second")
    assert kinds(conn) == kinds(conn, user.id) == ["password_changed"]


def test_a_person_of_several_organizations_is_told_once(conn, org_id, people):
    user, other = people["hr"], create_organization(conn, "Another").id
    invite = InvitePerson(id=people_id(other), user_id=user.id, role="viewer")
    execute(conn, other, invite)
    execute(conn, other, JoinOrganization(id=people_id(other), user_id=user.id))
    set_password(conn, user, "first")
    set_password(conn, user, "second")
    stored = "SELECT count(DISTINCT org_id) FROM security_events WHERE kind = 'password.changed' AND object_id = %s"
    assert conn.execute(stored, (user.id,)).fetchone() == (2,)
    assert kinds(conn, user.id).count("password_changed") == 1


CHANGES_OF_FACTORS = ["factor.added", "factor.removed", "factors.reset", "recovery_codes.replaced"]


@pytest.mark.parametrize("kind", CHANGES_OF_FACTORS)
def test_a_change_of_factors_is_told_to_the_user_alone(conn, people, kind):
    user = people["viewer"]
    values = (kind, user.id, user.id)
    conn.execute("SELECT record_security_event(%s, NULL, 'user', %s, %s, '192.0.2.1', 'r', NULL)", values)
    assert kinds(conn) == kinds(conn, user.id) == ["factors_changed"]
    facts = json.loads(mail_of(conn, user.id)["facts"])
    assert (facts["detail"], facts["network"]) == (kind, "192.0.2.1")


def test_a_name_of_a_factor_and_a_used_code_cause_no_mail(conn, people):
    for kind in ("factor.renamed", "recovery_code.used"):
        values = (kind, people["hr"].id, people["hr"].id)
        conn.execute("SELECT record_security_event(%s, NULL, 'user', %s, %s, '192.0.2.1', 'r', NULL)", values)
    assert kinds(conn) == []


def test_a_mail_about_an_operator_does_not_name_the_account_of_the_operating_system(conn, people):
    reset_factors(conn, people["hr"].email)
    assert json.loads(mail_of(conn, people["hr"].id)["facts"])["network"] is None


def test_nothing_is_added_when_the_transaction_is_rolled_back(conn, people):
    with conn.transaction(force_rollback=True):
        log_in(conn, people["viewer"])
        assert kinds(conn) == ["unknown_browser"]
    assert kinds(conn) == []


def test_without_a_mail_server_nothing_is_added(conn, org_id, people):
    turn_mails(conn, is_on=False)
    execute(conn, org_id, RecordKeyUse(id=new_key(conn, org_id), used=1000))
    log_in(conn, people["viewer"])
    set_password(conn, people["viewer"], "first")
    enqueue(conn, MailKind.TEST, people["viewer"].id, {})
    assert conn.execute("SELECT count(*) FROM mails").fetchone() == (0,)
    turn_mails(conn, is_on=True)
    assert kinds(conn) == [], "what happened before causes no mails later"


def test_a_mail_can_be_added_by_the_owner_of_the_tables(conn, people):
    enqueue(conn, MailKind.TEST, people["viewer"].id, {"a": "b"})
    assert mail_of(conn, people["viewer"].id)["address"] == people["viewer"].email


def test_a_user_gets_at_most_twenty_mails_of_a_kind_in_an_hour(conn, people):
    for _ in range(25):
        enqueue(conn, MailKind.TEST, people["viewer"].id, {})
    enqueue(conn, MailKind.TEST, people["hr"].id, {})
    assert len(kinds(conn, people["viewer"].id)) == 20 and len(kinds(conn, people["hr"].id)) == 1
    conn.execute("UPDATE mails SET queued_at = queued_at - interval '1 hour'")
    enqueue(conn, MailKind.TEST, people["viewer"].id, {})
    assert len(kinds(conn, people["viewer"].id)) == 21


def test_an_organization_uses_up_no_mails_of_another_one(conn, org_id, people):
    """A stranger could otherwise invite somebody twenty times, and nobody else could within the hour."""
    add, user = "SELECT add_mail('invitation', %s, %s, %s, '{}')", people["viewer"]
    others = [create_organization(conn, f"Other {number}").id for number in range(4)]
    for other in others[:2]:
        for _ in range(25):
            conn.execute(add, (other, user.id, user.email))
    assert kinds(conn, user.id) == ["invitation"] * 40
    conn.execute(add, (org_id, user.id, user.email))
    assert len(kinds(conn, user.id)) == 41
    for _ in range(25):
        conn.execute(add, (others[2], user.id, user.email))
    assert len(kinds(conn, user.id)) == 60, "all organizations together send 60 mails of a kind"
    free_at = "SELECT mail_free_at('invitation', %s, %s) - max(queued_at) < interval '1 hour' FROM mails"
    assert conn.execute(free_at, (others[3], user.id)).fetchone() == (True,)
    conn.execute("UPDATE mails SET queued_at = queued_at - interval '1 hour'")
    assert conn.execute("SELECT mail_free_at('invitation', %s, %s)", (others[3], user.id)).fetchone() == (None,)


@pytest.mark.parametrize(
    ("kind", "detail"),
    [("password_reset", None), ("threshold_reached", "49"), ("webhook_disabled", "<b>"), ("key_leaked", None)],
)
def test_events_cause_only_their_own_kinds(conn, org_id, people, kind, detail):
    conn.execute("SELECT set_config('app.org', %s, false)", (org_id,))
    with pytest.raises(RaiseException, match="no event causes"):
        conn.execute("SELECT queue_event_mail(%s, %s, 'key_1', %s)", (org_id, kind, detail))


def test_events_cause_mails_of_their_own_organization_only(conn, org_id, people):
    with pytest.raises(RaiseException, match="own organization"):
        conn.execute("SELECT queue_event_mail(%s, 'threshold_reached', 'key_1', '50')", (org_id,))


def test_an_organization_sends_thirty_invitations_in_an_hour(conn, org_id):
    """Somebody who signs up must not become a sender of mails to strangers."""
    add = "SELECT add_mail(%s, %s, %s, %s, '{}')"
    for number in range(70):
        conn.execute(add, ("invitation", org_id, f"user_{number}", f"user{number}@example.in"))
    hours = """
        SELECT round(extract(epoch FROM due_at - queued_at) / 3600)::integer, count(*) FROM mails GROUP BY 1 ORDER BY 1
    """
    assert conn.execute(hours).fetchall() == [(0, 30), (1, 30), (2, 10)]
    other = create_organization(conn, "Other Traders").id
    conn.execute(add, ("invitation", other, "user_x", "x@example.in"))
    conn.execute(add, ("password_reset", org_id, "user_1", "user1@example.in"))
    assert conn.execute(hours).fetchall() == [(0, 32), (1, 30), (2, 10)]


@pytest.mark.parametrize("function", ["request_password", "request_sign_up"])
def test_no_text_of_a_callers_choice_is_in_a_mail(conn, people, function):
    email = people["viewer"].email
    conn.execute(f"SELECT {function}(%s, %s, 'network', %s, 'req_1')", (email, email, "pay here " * 99))
    (facts,) = conn.execute("SELECT facts ->> 'network' FROM mails").fetchone()
    assert len(facts) == 64
