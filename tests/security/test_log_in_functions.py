"""A client that can send SQL as the application still needs a user's password to log in as this user.

Seen red with functions like those before migration 14: `begin_login` returned the stored hash, the caller named the
counters, and the role could call the single steps.
"""

import secrets

import pytest
from msgspec import structs

from infra.identity.passwords import HASHER, hash_as
from infra.identity.sessions import counter_key, digest
from infra.postgres.database import SET_ORGANIZATION
from tests.support.console import PASSWORD, new_user
from tests.support.postgres import is_denied

BEGIN = "SELECT wait, setting FROM begin_login(%s, '', %s, %s, NULL, '192.0.2.1', 'req_1')"
FINISH = """
SELECT wait, has_begun
FROM finish_login(%s, '', %s, %s, NULL, '192.0.2.1', 'req_1', %s, %s, %s, sha256(random()::text::bytea))
"""
CALLABLE = {
    "vendor_credit_of_other_id",
    "refuse_conflict",
    "other_party_id",
    "other_employee_id",
    "leave_of_other_id",
    "leave_of_both_ids",
    "bill_of_other_id",
    "bill_of_both_ids",
    "add_factor",
    "admit",
    "admit_question",
    "ask_for_erasure",
    "begin_login",
    "begin_setup",
    "begin_sign_up",
    "cancel_erasure",
    "cancel_webhook_replay",
    "change_password",
    "change_profile",
    "check_own_use",
    "close_session",
    "confirm_password",
    "create_invitation",
    "create_password_link",
    "empty_test_log",
    "erasing_worker",
    "find_factors",
    "end_own_sessions",
    "find_link",
    "find_or_add_user",
    "find_profile",
    "find_session",
    "find_working_keys",
    "finish_factor",
    "finish_login",
    "has_factor",
    "invitation_mail",
    "keep_challenge",
    "finish_setup",
    "finish_sign_up",
    "log_position",
    "log_signing_key",
    "mails_are_on",
    "move_clock",
    "next_invoice_number",
    "note_client",
    "own_budget",
    "own_logo",
    "own_organization",
    "own_sessions",
    "queue_event_mail",
    "record_requests",
    "record_security_event",
    "remove_factor",
    "rename_factor",
    "replace_recovery_codes",
    "request_password",
    "request_sign_up",
    "request_webhook_test",
    "reset_member_factors",
    "retry_webhook_delivery",
    "role_of_session",
    "set_budget",
    "set_language",
    "set_members",
    "set_organization",
    "setup_state",
    "skip_webhook_events",
    "start_webhook_replay",
    "store_logo",
    "store_organization",
    "store_supplier",
    "switch_mode",
    "switch_organization",
    "take_challenge",
    "try_setup_code",
    "try_sign_up",
    "use_invitation",
    "use_link",
    "use_secret_key",
}


@pytest.fixture
def app(pool):
    """A connection as the application."""
    with pool.connection() as conn:
        yield conn


@pytest.fixture
def person(owner, organization):
    """A user who has set a password."""
    user = new_user(owner, organization.id).user
    owner.execute("UPDATE users SET password_hash = %s WHERE user_id = %s", (HASHER.hash(PASSWORD), user.id))
    return user


def subject():
    """A counter that nobody else uses."""
    return counter_key("test", secrets.token_hex(8))


def setting_of(app, person):
    return app.execute(BEGIN, (person.email, subject(), subject())).fetchone()[1]


def log_in(app, person, hash, raw_hash=None):
    token = secrets.token_urlsafe(32)
    row = app.execute(FINISH, (person.email, subject(), subject(), hash, raw_hash, digest(token))).fetchone()
    return (*row, token)


def sessions(owner, person):
    return owner.execute("SELECT count(*) FROM user_sessions WHERE user_id = %s", (person.id,)).fetchone()[0]


def test_the_right_password_begins_one_session(app, owner, person):
    hash = hash_as(setting_of(app, person), PASSWORD).prepared
    assert log_in(app, person, hash)[:2] == (0, True)
    assert sessions(owner, person) == 1


def test_the_beginning_of_a_log_in_tells_how_to_hash_but_not_the_hash(app, owner, person):
    (stored,) = owner.execute("SELECT password_hash FROM users WHERE user_id = %s", (person.id,)).fetchone()
    setting, result = setting_of(app, person), stored.rpartition("$")[2]
    assert setting == stored.removesuffix(result) + "A" * len(result)
    assert not log_in(app, person, setting)[1]


def test_sql_as_the_application_can_find_out_who_has_an_account(app, owner, person, organization):
    """SECURITY.md says so. Over HTTP nobody can: see tests/pages/test_login.py."""
    assert setting_of(app, person) is not None
    assert setting_of(app, structs.replace(person, email="nobody@example.in")) is None
    with app.transaction():
        app.execute(SET_ORGANIZATION, (organization.id,))
        assert (person.email, person.role) in app.execute("SELECT email, role FROM member_list").fetchall()


@pytest.mark.parametrize("hash", ["", "x", "%", None])
def test_without_the_hash_no_session_begins(app, owner, person, hash):
    assert log_in(app, person, hash)[:2] == (0, False)
    assert log_in(app, person, "x", hash)[:2] == (0, False)
    assert sessions(owner, person) == 0


def test_a_user_without_a_password_cannot_log_in(app, owner, organization):
    invited = new_user(owner, organization.id).user
    assert setting_of(app, invited) is None
    assert log_in(app, invited, None)[:2] == (0, False)


def test_each_comparison_is_counted_for_the_account_whatever_counters_the_caller_names(app, owner, person):
    """`log_in` names other counters each time."""
    hash = hash_as(setting_of(app, person), PASSWORD).prepared
    assert [log_in(app, person, "wrong")[0] for _ in range(20)] == [0] * 20
    wait, has_begun, _ = log_in(app, person, hash)
    assert wait > 0 and not has_begun
    assert setting_of(app, person) is None
    assert sessions(owner, person) == 0


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT open_session(sha256('x'), %s, '1 day', '1 day')",
        "SELECT account_counter(%s, '')",
        "SELECT login_wait(ARRAY[convert_to(%s, 'UTF8')])",
        "SELECT login_counters(%s, '', '', '', '')",
        "SELECT refuse_login('{}', 1, %s, '', '')",
        "SELECT count_failure('{}', '{}', '{}', %s, '', '')",
        "SELECT remember_browser(%s, NULL, '')",
    ],
)
def test_the_steps_of_a_log_in_cannot_be_called_alone(app, person, sql):
    assert is_denied(app, sql, person.id)


def test_the_role_can_call_these_functions_and_no_other_of_ours(owner):
    sql = """
        SELECT proname FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
        AND has_function_privilege('smartdhandha_app', p.oid, 'EXECUTE')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
    """
    assert {name for (name,) in owner.execute(sql)} == CALLABLE
