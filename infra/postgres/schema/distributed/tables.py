"""Where each table of a distributed database is, and which functions of Citus put it there."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import Connection
from psycopg.rows import scalar_row

from infra.postgres.database import Row, is_distributed

EVERYWHERE = ("organizations", "api_keys")
"""Each node has a copy of these tables: they are small, seldom written, and joined with tables of any place."""
BY_ORGANIZATION = (
    "org_log",  # the first one: the others are put beside it
    "events",
    "invoices",
    "bills",
    "leaves",
    "parties",
    "employees",
    "credit_notes",
    "debit_notes",
    "vendor_credits",
    "idempotency_keys",
    "credits",
    "credit_windows",
    "budgets",
    "people",
    "organization_settings",
    "erasures",
    "budget_credits",
    "budget_windows",
    "request_records",
    "request_counts",
    "request_endings",
    "usage_hours",
    "usage_progress",
    "projection_skips",
    "balance_items",
    "balances",
    "balance_progress",
    "past_rows",
    "past_row_progress",
    "log_tiles",
    "log_tile_progress",
    "chain_checks",
    "pdf_files",
)
"""All rows of an organization in these tables are in shards that stay together on one node."""
ON_COORDINATOR = (
    "users",
    "user_links",
    "memberships",
    "organization_logos",
    "log_exports",
    "saved_views",
    "list_files",
    "list_file_pieces",
    "erasure_requests",
    "setup_codes",
    "signups",
    "user_sessions",
    "known_browsers",
    "login_failures",
    "user_factors",
    "recovery_codes",
    "pending_logins",
    "passkey_challenges",
    "security_events",
    "mail_setup",
    "mails",
    "api_key_hashes",
    "webhooks",
    "webhook_secrets",
    "webhook_cursors",
    "webhook_deliveries",
    "webhook_replays",
    "secret_keys",
    "log_keys",
    "removed_organizations",
    "use_checks",
    "assistant_passages",
    "assistant_words",
    "assistant_askers",
    "worker_runs",
    "schema_migrations",
)
"""These tables stay where they are: they are found before the organization is known, or belong to none, or a sender
chooses among the rows of all organizations."""

ALLOW_TRIGGERS = "SET citus.enable_unsafe_triggers = on"
"""The triggers of invoices and bills read and write rows of their own shard only, so they are safe on the nodes."""
_SELECT_PLACED = "SELECT logicalrelid::regclass::text FROM pg_dist_partition"
_TO_REFERENCE = "SELECT create_reference_table(%s)"
_TO_SHARDS = "SELECT create_distributed_table(%s, 'org_id', colocate_with => %s)"


def list_placed(conn: Connection[Row]) -> set[str]:
    """Return the tables that are distributed, or that each node has a copy of."""
    return {*conn.cursor(row_factory=scalar_row).execute(_SELECT_PLACED)}


def place(conn: Connection[Row], table: str, name: str | None = None) -> None:
    """Put a table in its place. `name` is the one that SQL uses for it, if it has a schema of its own."""
    if table in EVERYWHERE:
        conn.execute(_TO_REFERENCE, (name or table,))
    elif table in BY_ORGANIZATION:
        beside = "none" if name is None and table == BY_ORGANIZATION[0] else BY_ORGANIZATION[0]
        conn.execute(_TO_SHARDS, (name or table, beside))


def place_copy(conn: Connection[Row], table: str, name: str) -> None:
    """Put a new table in the place of `table`, if the database is distributed. SQL calls the new one `name`."""
    if is_distributed(conn):
        conn.execute(ALLOW_TRIGGERS)
        place(conn, table, name)


def missing(placed: Iterable[str]) -> list[str]:
    """Return the tables that are not in their places yet, in the order in which they get there."""
    return [table for table in (*EVERYWHERE, *BY_ORGANIZATION) if table not in placed]
