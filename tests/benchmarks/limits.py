"""The limit that PostgreSQL sets: the same statements, sent by pgbench instead of Python."""

from __future__ import annotations

from psycopg import ClientCursor

from infra.log.heads import LOCK_STATE
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
    return [_append(org, row, with_row) for org in organizations]


def _append(org: str, sample: tuple[object, ...], with_row: bool) -> str:
    state, metadata, _, summary, details = (text.decode() if isinstance(text, bytes) else str(text) for text in sample)
    position = _POSITION.format(org=org)
    event = (f"'{org}'", position, "'inv_' || :n", "1", "'invoice.drafted'", "1", _text(state), _text(metadata))
    head = ("position + 1", "clock_timestamp()", _NEW_HASH, _quoted(org))
    steps = [
        "\\set n random(1, 9000000000000000)",
        "\\startpipeline",
        "BEGIN;",
        f"SET LOCAL app.org = '{org}';",
        f"{LOCK_STATE.strip() % _quoted(org)};",
        "\\endpipeline",
        "\\startpipeline",
    ]
    store = [INSERT_EVENT % (*event, "clock_timestamp()", "sha256(now()::text::bytea)"), MOVE_HEAD % head]
    if with_row:
        columns = ("'P' || :n", "2025", "'northwind'", "'draft'", "'2025-06-01'", "'2025-07-01'", "3267.00", "false")
        texts = ("'p' || :n || ' northwind northwind traders ltd'", "clock_timestamp()", "clock_timestamp()", "1")
        json = (f"{_text(summary)}::json", f"{_text(details)}::json")
        keys = ("'p' || :n", "'{northwind,traders,ltd}'", "NULL")
        row = (f"'{org}'", "'inv_' || :n", str(ROWS["invoice"].version), *columns, *texts, *json, *keys)
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
