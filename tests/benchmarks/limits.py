"""The limit that PostgreSQL sets: the same statements, sent by pgbench instead of Python."""

from __future__ import annotations

from psycopg import ClientCursor

from infra.log.heads import LOCK_LOG, SELECT_SETTINGS
from infra.log.recorder import INSERT_EVENT, MOVE_HEAD
from infra.postgres.database import APP_ROLE, connect_as_table_owner
from infra.postgres.statements import joined
from projections.invoice import INVOICE_LIST
from projections.registry import ROWS
from tests.benchmarks.postgres import Postgres
from tests.benchmarks.seed import Key

LISTS: tuple[dict[str, str], ...] = (
    {},
    {"status": "paid"},
    {"status": "sent", "dateFrom": "2025-03-01", "dateTo": "2025-09-30"},
    {"search": "acme"},
)
"""The filters of `lua/ours.lua`."""

AS_APP = f"-c role={APP_ROLE}"
UNSYNCED = "-c synchronous_commit=off"

# Python computes these two between its round trips. pgbench cannot, so SQL does.
_POSITION = "(SELECT position + 1 FROM org_log WHERE org_id = '{org}')"
_NEW_HASH = "sha256(chain_hash)"


def appends(conninfo: str, organizations: list[str], *, with_row: bool) -> list[str]:
    """Return a script for each organization: the statements that draft an invoice, in the same two pipelines."""
    with connect_as_table_owner(conninfo) as conn:
        row = conn.execute(
            "SELECT e.state, e.metadata, to_jsonb(i) - 'summary' - 'details', i.summary, i.details "
            "FROM events e JOIN invoices i ON i.org_id = e.org_id AND i.id = e.originator_id "
            "WHERE e.name = 'invoice.drafted' LIMIT 1"
        ).fetchone()
    assert row is not None
    return [append_script(org, row, with_row) for org in organizations]


def append_script(org: str, sample: tuple[object, ...], with_row: bool) -> str:
    """Return the script of one organization. `sample` has the JSON of a drafted invoice, as `appends` reads it."""
    state, metadata, _, summary, details = (text.decode() if isinstance(text, bytes) else str(text) for text in sample)
    position = _POSITION.format(org=org)
    event = (f"'{org}'", position, "'inv_' || :n", "1", "'invoice.drafted'", "1", _text(state), _text(metadata))
    head = ("position + 1", "clock_timestamp()", _NEW_HASH, _quoted(org))
    steps = [
        "\\set n random(1, 9000000000000000)",
        "\\startpipeline",
        "BEGIN;",
        f"SET LOCAL app.org = '{org}';",
        f"{LOCK_LOG.strip() % _quoted(org)};",
        f"{SELECT_SETTINGS % _quoted(org)};",
        "\\endpipeline",
        "\\startpipeline",
    ]
    store = [INSERT_EVENT % (*event, "clock_timestamp()", "NULL", "sha256(now()::text::bytea)"), MOVE_HEAD % head]
    if with_row:
        values = {
            "org_id": f"'{org}'",
            "id": "'inv_' || :n",
            "projection_version": str(ROWS["invoice"].version),
            "invoice_number": "'P' || :n",
            "financial_year": "2025",
            "client_id": "'northwind'",
            "status": "'draft'",
            "invoice_date": "'2025-06-01'",
            "due_date": "'2025-07-01'",
            "total_amount": "3267.00",
            "is_overdue": "false",
            "search": "'p' || :n || ' northwind northwind traders ltd'",
            "created_at": "clock_timestamp()",
            "updated_at": "clock_timestamp()",
            "version": "1",
            "summary": f"{_text(summary)}::json",
            "details": f"{_text(details)}::json",
            "number_key": "'p' || :n",
            "beginnings": "'{northwind,traders,ltd}'",
            "metadata_keys": "NULL",
            "number_from_series": "false",
        }
        row = tuple(values[column] for column in ROWS["invoice"].stored_columns)
        store.append(ROWS["invoice"].insert % row)
    steps.append(f"{joined(*store)};")
    return "\n".join([*(" ".join(step.split("\n")) for step in steps), "COMMIT;", "\\endpipeline", ""])


def admissions(keys: list[Key], conninfo: str) -> str:
    """Return a script that admits one of these keys, with the statement of the service."""
    with connect_as_table_owner(conninfo) as conn:
        rows = conn.execute(
            "SELECT encode(hash, 'hex') FROM api_key_hashes WHERE key_id = ANY(%s)", ([k.id for k in keys],)
        )
        hashes = ", ".join(f"'\\x{hash}'::bytea" for (hash,) in rows)
    return (
        f"\\set k random(1, {len(keys)})\n"
        "SELECT verdict, org, key, granted, quota, used, first_at, last_at, asked_at, readmitted_at "
        f"FROM admit((ARRAY[{hashes}])[:k], 'GET', '/api/v1/invoices', false);\n"
    )


def lists(keys: list[Key], conninfo: str) -> list[str]:
    """Return a script for each filter: admission of a key, and a page of 50 of an organization, in one trip."""
    organizations = sorted({key.org_id for key in keys})
    choices = ", ".join(map(_quoted, organizations))
    org = f"(ARRAY[{choices}])[:o]"
    pick, admitted = admissions(keys, conninfo).splitlines()
    scripts = []
    for filters in LISTS:
        query = INVOICE_LIST.query("ORG", {**filters, "limit": "50"})
        with connect_as_table_owner(conninfo) as conn:
            page = " ".join(ClientCursor(conn).mogrify(query.sql, query.args).split()).replace("'ORG'", org)
        steps = (f"\\set o random(1, {len(organizations)})", pick, "\\startpipeline", admitted, "\\syncpipeline")
        read = (f"SELECT set_config('app.org', {org}, true);", f"{page};", "\\endpipeline", "")
        scripts.append("\n".join((*steps, *read)))
    return scripts


INSERT_CREDIT = (
    "\\set n random(1, 9000000000000000)\n"
    "INSERT INTO credits VALUES ('bare', :n, clock_timestamp(), 'GET', '/api/v1/invoices');\n"
)


def append_limit(postgres: Postgres, database: str, scripts: list[str], seconds: float) -> dict[str, float]:
    """Run the scripts with as many clients as `appends.race` has writers."""
    return postgres.pgbench(database, scripts, seconds, clients=8, options=AS_APP)


def _text(text: str) -> str:
    """Return the text as a constant in which pgbench finds no variables, whatever it contains."""
    return f"convert_from('\\x{text.encode().hex()}'::bytea, 'UTF8')"


def _quoted(text: str) -> str:
    return f"'{text}'"
