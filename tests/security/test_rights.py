"""Everything that the application's log-in may read and change, in every schema: a new right stands here first.

Seen red with SELECT on `users`, UPDATE of the whole of `org_log` (as before migration 38), USAGE of a sequence, a
schema that everybody may use, and a trigger's function that PUBLIC may call.
"""

import pytest

from tests.support.log_ins import application_of

ROWS = {"INSERT": "", "SELECT": "id org_id", "UPDATE": ""}
"""The rights on a table of rows that commands write: they are read through a view."""
RIGHTS = {
    "api_key_hashes": {"DELETE": "", "INSERT": "", "SELECT": "key_id org_id valid_until"},
    "api_keys": ROWS,
    "assistant_passages": {"DELETE": "", "INSERT": "", "SELECT": ""},
    "assistant_words": {"DELETE": "", "INSERT": "", "SELECT": ""},
    "balance_items": {"SELECT": ""},
    "balance_progress": {"SELECT": ""},
    "balances": {"SELECT": ""},
    "bills": ROWS,
    "budgets": ROWS,
    "chain_checks": {"INSERT": "", "SELECT": "", "UPDATE": ""},
    "credit_notes": ROWS,
    "debit_notes": ROWS,
    "employees": ROWS,
    "events": {"INSERT": "", "SELECT": ""},
    "idempotency_keys": {"INSERT": "", "SELECT": ""},
    "invoices": ROWS,
    "leaves": ROWS,
    "list_file_pieces": {"SELECT": ""},
    "list_files": {"DELETE": "", "INSERT": "file_id filters kind language org_id time_zone user_id", "SELECT": ""},
    "log_exports": {"DELETE": "", "INSERT": "", "SELECT": "", "UPDATE": ""},
    "log_tile_progress": {"SELECT": ""},
    "org_log": {"SELECT": "", "UPDATE": "chain_hash position recorded_at series unkeyed_numbers"},
    "organization_settings": ROWS,
    "organizations": {"SELECT": ""},
    "past_row_progress": {"SELECT": ""},
    "parties": ROWS,
    "pdf_files": {
        "INSERT": "content content_hash etag fonts kind library object_id org_id payment template version",
        "SELECT": "",
    },
    "people": ROWS,
    "saved_views": {"DELETE": "", "INSERT": "", "SELECT": "", "UPDATE": ""},
    "schema_migrations": {"SELECT": ""},
    "usage_hours": {"SELECT": ""},
    "webhook_secrets": {"INSERT": "encrypted id org_id"},
    "vendor_credits": ROWS,
    "webhooks": ROWS,
}
"""The rights on each table: for each one the columns, or nothing for the whole table."""
VIEWS = {
    "api_key_list",
    "api_key_state_list",
    "bill_list",
    "budget_list",
    "credit_list",
    "credit_window_list",
    "invoice_list",
    "leave_list",
    "log_key_list",
    "log_tile_list",
    "member_list",
    "organization_settings_list",
    "erasure_request_list",
    "erasures_list",
    "employee_list",
    "credit_note_list",
    "debit_note_list",
    "vendor_credit_list",
    "party_list",
    "past_bill_list",
    "past_employee_list",
    "past_invoice_list",
    "past_credit_note_list",
    "past_debit_note_list",
    "past_vendor_credit_list",
    "past_leave_list",
    "past_party_list",
    "people_list",
    "projection_skip_list",
    "request_arrival_list",
    "request_count_list",
    "request_ending_list",
    "request_record_list",
    "security_event_list",
    "usage_progress_list",
    "webhook_delivery_list",
    "webhook_delivery_state_list",
    "webhook_list",
    "webhook_progress_list",
    "webhook_replay_list",
    "webhook_state_list",
}
"""What may be read, and not changed."""
SELECT_RIGHTS = """
SELECT c.relname, p.name, CASE WHEN NOT has_table_privilege(c.oid, p.name) THEN held.columns ELSE '' END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN unnest('{SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN}'::text[]) AS p(name)
CROSS JOIN LATERAL (
    SELECT string_agg(a.attname, ' ' ORDER BY a.attname) AS columns FROM pg_attribute a
    WHERE p.name IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND a.attrelid = c.oid AND a.attnum > 0
    AND NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, p.name)
) held
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
AND (has_table_privilege(c.oid, p.name) OR held.columns IS NOT NULL)
"""
SELECT_OTHERS = """
SELECT 'schema ' || nspname FROM pg_namespace
WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND has_schema_privilege(oid, 'USAGE')
UNION ALL SELECT 'objects in ' || nspname FROM pg_namespace WHERE has_schema_privilege(oid, 'CREATE')
UNION ALL SELECT 'sequence ' || relname FROM pg_class
WHERE relkind = 'S' AND (has_sequence_privilege(oid, 'USAGE') OR has_sequence_privilege(oid, 'SELECT'))
UNION ALL SELECT 'schemas in the database' WHERE has_database_privilege(current_database(), 'CREATE')
UNION ALL SELECT 'temporary tables' WHERE has_database_privilege(current_database(), 'TEMPORARY')
UNION ALL SELECT 'the file system' WHERE pg_has_role('pg_read_server_files', 'USAGE')
UNION ALL SELECT 'large object ' || oid FROM pg_largeobject_metadata
UNION ALL SELECT 'setting ' || parname FROM pg_parameter_acl
"""
"""What else a log-in can hold. Everybody may use the schema `public`."""


@pytest.fixture
def app(shared_database):
    """A connection of the application's log-in."""
    with application_of(shared_database) as conn:
        yield conn


def test_on_tables_and_views_the_application_has_these_rights_and_no_others(app):
    held: dict[str, dict[str, str]] = {}
    for table, right, columns in app.execute(SELECT_RIGHTS):
        held.setdefault(table, {})[right] = columns
    assert held == {**RIGHTS, **{view: {"SELECT": ""} for view in VIEWS}}


def test_it_has_no_rights_on_anything_else(app):
    assert {name for (name,) in app.execute(SELECT_OTHERS)} == {"schema public"}


def test_no_function_of_ours_can_be_called_by_everybody(app):
    """Those that the application may call are named one by one in `test_log_in_functions.py`."""
    sql = """
        SELECT proname FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
        AND EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0)
    """
    assert app.execute(sql).fetchall() == []
