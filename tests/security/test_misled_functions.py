"""A function with the owner's rights runs no code of its caller, whatever the caller puts in front of PostgreSQL's own.

Seen red with the `admit` of migration 1, in both tests, and with the search path of a function taken away, also of the
one that is called by a trigger.
"""

import re
import secrets
from datetime import UTC, datetime

import psycopg
import pytest

from domain.accounts.key_secret import hash_secret
from infra.identity.organizations import get_test_organization
from infra.postgres.database import connect_as_table_owner
from infra.worker.mail.outbox import turn_mails
from tests.support.console import new_user
from tests.support.log_ins import application_of
from tests.support.organization import Organization
from tests.support.senders import new_webhook

NEW = f"org_{'X' * 26}"
SIGNED_UP = NEW[:-1] + "Z"
CALLS = [
    "SELECT * FROM public.admit(%(key)s, 'GET', '/x', false)",
    "SELECT * FROM public.admit(%(key)s, 'GET', '/x', true)",
    "SELECT * FROM public.admit('', 'GET', '/x', false)",
    "SELECT * FROM public.admit(%(limited)s, 'GET', '/x', false, '192.0.2.7')",
    "SELECT * FROM public.admit(%(limited)s, 'GET', '/x', false, '192.0.2.7')",
    "SELECT * FROM public.admit(%(limited)s, 'GET', '/x', false, '192.0.2.7')",
    "SELECT * FROM public.admit(%(limited)s, 'GET', '/x', false, '198.51.100.7')",
    "SELECT * FROM public.admit(%(limited)s, 'GET', '/x', true, '')",
    "SELECT * FROM public.admit(%(limited)s, 'GET', '/x', false)",
    "SELECT public.set_budget(%(org)s, 1)",
    "SELECT public.set_members(%(org)s, '{}')",
    "SELECT public.store_organization(%(org)s, 'x', 'Asia/Kolkata', 'Asia/Dubai', %(since)s, 'ST')",
    "SELECT public.store_supplier(%(org)s, '{}'::pg_catalog.json)",
    "SELECT public.store_logo(%(org)s, 'x'::pg_catalog.bytea)",
    "SELECT * FROM public.own_logo()",
    "SELECT public.store_logo(%(org)s, NULL)",
    "SELECT * FROM public.own_organization()",
    "SELECT public.switch_organization(%(token)s, %(org)s)",
    "SELECT public.set_language(%(token)s, 'hi')",
    "SELECT public.find_or_add_user(%(email)s, %(email)s, 'user_x')",
    "SELECT * FROM public.create_invitation(%(token)s, 'user_x', 'user_y', 'a', 'r')",
    "SELECT * FROM public.invitation_mail('user_x')",
    "SELECT * FROM public.create_password_link(%(token)s, 'user_x', 'user_y', 'a', 'r')",
    "SELECT public.use_invitation(%(token)s)",
    "SELECT * FROM public.ask_for_erasure(%(token)s, 'e', 'party', 'x', NULL, 'a', 'r')",
    "SELECT public.cancel_erasure('e')",
    "SELECT * FROM public.erasing_worker()",
    "SELECT * FROM public.find_factors(%(token)s)",
    "SELECT * FROM public.finish_factor(%(token)s, 'a', 'b', 'a', 'r', 'f', 'p', 1, NULL, 'n', 'd')",
    "SELECT * FROM public.confirm_password(%(token)s, 'a', 'b', 'a', 'r', 'x', NULL)",
    "SELECT public.has_factor(%(token)s)",
    "SELECT public.keep_challenge(%(token)s, 'c')",
    "SELECT public.take_challenge(%(token)s)",
    "SELECT * FROM public.add_factor(%(token)s, 'f', 'app', 'n', 's', 'p', NULL, 1, NULL, 'a', 'r')",
    "SELECT * FROM public.rename_factor(%(token)s, 'f', 'n', 'a', 'r')",
    "SELECT * FROM public.remove_factor(%(token)s, 'f', false, 'a', 'r')",
    "SELECT * FROM public.replace_recovery_codes(%(token)s, NULL, 'a', 'r')",
    "SELECT * FROM public.reset_member_factors(%(token)s, 'user_x', 'a', 'r')",
    "SELECT * FROM public.admit(%(limited)s, 'GET', '/x', false, '192.0.2.7', true)",
    "SELECT * FROM public.admit(%(limited)s, 'GET', '/x', false, '192.0.2.7')",
    "SELECT public.set_budget(%(org)s, 100)",
    "SELECT * FROM public.admit(%(key)s, 'GET', '/x', false, '', true)",
    "SELECT * FROM public.own_budget()",
    "SELECT public.check_own_use(%(org)s, 'key_1')",
    "SELECT public.admit_question('192.0.2.1', 20)",
    "SELECT * FROM public.begin_login(%(email)s, '', '', '', '', 'a', 'r')",
    "SELECT * FROM public.finish_login(%(email)s, '', 'a', 'b', 'c', 'a', 'r', 'x', NULL, %(token)s, 'd')",
    "SELECT * FROM public.find_session(%(token)s, '1 day', '1 day')",
    "SELECT public.note_client(%(token)s, 'a', 'b')",
    "SELECT public.role_of_session(%(token)s, %(org)s)",
    "SELECT * FROM public.find_profile(%(token)s)",
    "SELECT public.change_profile(%(token)s, 'a', 'dark')",
    "SELECT * FROM public.own_sessions(%(token)s)",
    "SELECT public.end_own_sessions(%(token)s, NULL, 'a', 'r')",
    "SELECT * FROM public.change_password(%(token)s, 'b', 'c', 'a', 'r', 'x', NULL, 'y', 't')",
    "SELECT * FROM public.change_password(%(token)s, 'b', 'c', 'a', 'r', 'wrong', NULL, 'y', 't')",
    "SELECT public.close_session(%(token)s, true, 'a', 'r')",
    "SELECT * FROM public.find_link(%(token)s)",
    "SELECT * FROM public.find_working_keys(ARRAY[%(key)s]::pg_catalog.bytea[])",
    "SELECT public.use_link(%(token)s, 'x', 'a', 'r', 'b', 'c')",
    'SELECT public.record_requests(\'[{"org": "org_1", "key": "key_1", "age": 1.5, "request": "r", '
    '"method": "GET", "status": 200, "us": 10, "kept": true}]\')',
    "SELECT public.record_security_event('test', %(org)s, NULL, NULL, NULL, NULL, 'r', NULL)",
    "SELECT * FROM public.next_invoice_number(%(org)s, 2026)",
    "SELECT public.request_webhook_test(%(webhook)s, 'invoice.sent', 'evt_1', '{}')",
    "SELECT public.retry_webhook_delivery(%(webhook)s, %(delivery)s)",
    "SELECT public.skip_webhook_events(%(webhook)s, ARRAY['invoice.drafted'])",
    "SELECT public.retry_webhook_delivery(%(webhook)s, %(delivery)s)",
    "SELECT * FROM public.start_webhook_replay(%(webhook)s, NULL, %(since)s, ARRAY['invoice.drafted'])",
    "SELECT public.cancel_webhook_replay(%(webhook)s, 'rpl_1')",
    "SELECT public.use_secret_key(ARRAY['a', 'b'])",
    "INSERT INTO public.webhooks VALUES (%(org)s, 'whk_2', 1, 'https://a/', 'a', NULL, false, '{}', 'active', 's', "
    "NULL, NULL, %(since)s, %(since)s, 1, '{}')",
    "SELECT * FROM public.log_signing_key()",
    "SELECT public.mails_are_on()",
    "SELECT public.queue_event_mail(%(org)s, 'threshold_reached', 'key_1', '50')",
    "SELECT * FROM public.request_password(%(email)s, %(email)s, '192.0.2.0/24', 'a', 'r')",
    "SELECT public.setup_state()",
    "SELECT * FROM public.try_setup_code('wrong', 'form', 'a', 'r')",
    f"SELECT * FROM public.begin_setup(%(token)s, 'form', 'a', 'r', '{NEW}', 'n', 'Asia/Kolkata', 'x@example.in', '')",
    f"SELECT * FROM public.finish_setup(%(token)s, 'form', 'a', 'r', '{NEW}', 'user_x', 'x@example.in', 'hash')",
    "SELECT * FROM public.request_sign_up(%(email)s, '', 'a', 'a', 'r')",
    "SELECT * FROM public.try_sign_up(%(token)s, 'form')",
    f"SELECT * FROM public.begin_sign_up(%(token)s, 'form', 'a', 'r', '{SIGNED_UP}', 'n', 'UTC', 'a@x.in', '')",
    f"SELECT * FROM public.finish_sign_up(%(token)s, 'form', 'a', 'r', '{SIGNED_UP}', 'user_y', 'a@x.in', 'hash')",
    "SELECT public.switch_mode(%(token)s, true, %(test)s)",
    "SELECT pg_catalog.set_config('app.org', %(test)s, false)",
    "SELECT public.move_clock(%(test)s, %(until)s)",
    "SELECT public.empty_test_log(%(test)s)",
]
"""Calls of every function that the application may call, and a statement that fires a trigger of the owner's rights.

Those of `admit` with a limited key end with each of its verdicts on networks, bursts and budgets.
"""
TYPES = (
    "timestamptz",
    "interval",
    "text",
    "int8",
    "int4",
    "bool",
    "bytea",
    "date",
    "jsonb",
    "float8",
    "inet",
    "cidr",
    "json",
)
RAISE = "LANGUAGE plpgsql AS $$ BEGIN RAISE 'misled'; END $$"


@pytest.fixture
def table_owner(own_database):
    with connect_as_table_owner(own_database) as conn:
        yield conn


@pytest.fixture
def values(table_owner):
    """The values of CALLS, of an organization with a key, a user, and a webhook with a delivery."""
    organization = Organization("http://localhost", table_owner)
    key = hash_secret(organization.new_key(limit=10).raw)
    limited = hash_secret(organization.new_key(limit=10, allowed_cidrs=("192.0.2.0/24",), burst=2).raw)
    email = new_user(table_owner, organization.id).user.email
    webhook = new_webhook(table_owner, organization.id, "https://127.0.0.1/hooks").row["id"]
    table_owner.execute("SELECT set_config('app.org', %s, false)", (organization.id,))
    sql = "SELECT request_webhook_test(%s, 'invoice.sent', 'evt_1', '{}')"
    (delivery,) = table_owner.execute(sql, (webhook,)).fetchone()
    token = secrets.token_bytes(32)
    turn_mails(table_owner, is_on=True)
    table_owner.execute("UPDATE organizations SET is_sample = true")
    table_owner.execute("INSERT INTO setup_codes VALUES (true, %s, clock_timestamp() + interval '1 hour', 5)", (token,))
    table_owner.execute("INSERT INTO signups VALUES (%s, 'a@x.in', clock_timestamp() + interval '1 day')", (token,))
    return {
        "key": key,
        "limited": limited,
        "email": email,
        "token": token,
        "org": organization.id,
        "webhook": webhook,
        "delivery": delivery,
        "since": datetime(2026, 1, 1, tzinfo=UTC),
        "until": datetime(2099, 1, 1, tzinfo=UTC),
        "test": get_test_organization(table_owner, organization.id),
    }


def call_all(app, values):
    """Call every function for the organization of the values."""
    app.execute("SELECT pg_catalog.set_config('app.org', %(org)s, false)", values)
    verdicts = set()
    for call in CALLS:
        cursor = app.execute(call, values)
        if "admit(%(limited)s" in call:
            verdicts.add(cursor.fetchone()[0])
    assert verdicts == {"admitted", "burst", "elsewhere", "unknown", "over_budget", "exhausted"}


def test_temporary_types_do_not_mislead_admission(own_database, table_owner, values):
    """The attack of a review: a domain in the temporary schema, whose check makes its owner a superuser.

    TEMPORARY is granted for it, so this test does not rest on the wall that `revoke_temporary` is.
    """
    table_owner.execute("DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO PUBLIC', current_database()); END $$")
    with application_of(own_database) as app:
        for name in TYPES:
            app.execute(f"CREATE FUNCTION pg_temp.evil(v pg_catalog.{name}) RETURNS pg_catalog.bool {RAISE}")
            app.execute(f"CREATE DOMAIN pg_temp.{name} AS pg_catalog.{name} CHECK (pg_temp.evil(value))")
        made = "SELECT count(*) FROM pg_type WHERE typnamespace = pg_my_temp_schema() AND typtype = 'd'"
        assert app.execute(made).fetchone() == (len(TYPES),)
        call_all(app, values)
        verdict = app.execute(f"SELECT verdict FROM ({CALLS[0]}) a", values).fetchone()
        assert verdict == ("admitted",)


def test_functions_and_operators_in_front_do_not_mislead(own_database, table_owner, values):
    """A schema has a copy of each function and operator that ours name, and the caller sets it as its search path."""
    table_owner.execute("CREATE SCHEMA evil")
    table_owner.execute("GRANT USAGE ON SCHEMA evil TO PUBLIC")
    assert _copy_operators(table_owner) > 100
    assert _copy_functions(table_owner) > 20
    with application_of(own_database) as app:
        app.execute("SET search_path = evil, pg_catalog, public")
        with pytest.raises(psycopg.errors.RaiseException, match="misled"):
            app.execute("SELECT clock_timestamp()")
        with pytest.raises(psycopg.errors.RaiseException, match="misled"):
            app.execute("SELECT 1::int8 + 1::int8")
        call_all(app, values)


def test_every_function_that_the_application_may_call_is_tried(table_owner):
    sql = """
        SELECT proname FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND prosecdef
        AND has_function_privilege('smartdhandha_app', p.oid, 'EXECUTE')
    """
    called = {found[1] for call in CALLS if (found := re.search(r"public\.(\w+)\(", call))}
    assert {name for (name,) in table_owner.execute(sql)} == called


def test_a_function_with_its_owners_rights_fixes_its_search_path(table_owner):
    """`admit` alone names the schema of everything instead, since every request calls it."""
    sql = """
        SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
        AND NOT coalesce(proconfig @> ARRAY['search_path=pg_catalog, pg_temp'], false)
    """
    assert table_owner.execute(sql).fetchall() == [("admit",)]


def _copy_functions(owner):
    """Copy each function of PostgreSQL whose name occurs in one of ours; return how many."""
    sources = owner.execute(
        "SELECT string_agg(pg_get_functiondef(oid), '') FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
        "AND prosecdef"
    ).fetchone()[0]
    sql = """
        SELECT format('CREATE FUNCTION evil.%%I(%%s) RETURNS %%s ', proname, pg_get_function_identity_arguments(oid),
                      pg_get_function_result(oid))
        FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND proname = ANY (%s)
        AND NOT ('internal'::regtype = ANY (proargtypes) OR 'cstring'::regtype = ANY (proargtypes))
        AND prorettype NOT IN ('internal'::regtype, 'cstring'::regtype, 'trigger'::regtype)
    """
    names = sorted(set(re.findall(r"\b[a-z_]+(?=\()", sources)))
    return sum(_create(owner, head + RAISE) for (head,) in owner.execute(sql, (names,)).fetchall())


def _copy_operators(owner):
    """Copy the operators of PostgreSQL that ours use, for all types; return how many."""
    sql = """
        SELECT row_number() OVER (), oprname, format_type(oprleft, NULL), format_type(oprright, NULL),
               format_type(oprresult, NULL)
        FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprleft <> 0
        AND oprname IN ('=', '<>', '<', '<=', '>', '>=', '+', '-', '*', '/', '%%', '||', '->>', '<<=')
    """
    return sum(_create_operator(owner, *row) for row in owner.execute(sql).fetchall())


def _create_operator(owner, number, name, left, right, result):
    function = f"evil.operator_{number}"
    made = _create(owner, f"CREATE FUNCTION {function}(a {left}, b {right}) RETURNS {result} {RAISE}")
    arguments = f"LEFTARG = {left}, RIGHTARG = {right}, FUNCTION = {function}"
    return made and _create(owner, f"CREATE OPERATOR evil.{name} ({arguments})")


def _create(owner, sql):
    """Execute the statement; return whether it was possible. Pseudo-types are not possible in PL/pgSQL."""
    try:
        owner.execute(sql)
    except (psycopg.ProgrammingError, psycopg.NotSupportedError):
        return False
    return True
