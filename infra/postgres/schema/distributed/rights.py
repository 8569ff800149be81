"""What the nodes of a distributed database need so that row-level security holds there, too.

Citus opens the application's views on the coordinator, and reads the shards as the application's role. So the role
reads the tables themselves, but only the columns that its views show, and the policies show it only the rows of its
organization.
"""

from __future__ import annotations

from psycopg import Connection, sql
from psycopg.rows import scalar_row

from infra.postgres.database import APP_ROLE, Row
from infra.postgres.schema.distributed.tables import list_placed

_ALLOW_LOG_IN = f"ALTER ROLE {APP_ROLE} LOGIN"
"""The nodes log in to each other as the role that a session has. It still has no password: the nodes must trust each
other, by pg_hba.conf."""
_PROPAGATE = """
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET citus.propagate_set_commands = ''local''', current_database());
END $$
"""
"""Lets SET LOCAL reach the nodes, in all sessions that begin from now on."""
_SET_ORGANIZATION = """
CREATE OR REPLACE FUNCTION set_organization(p_org text) RETURNS text LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('SET LOCAL app.org = %L', p_org);
    RETURN p_org;
END $$
"""
"""As in the migrations, but by a statement: Citus passes on SET LOCAL, and no call of set_config()."""
_SET_PLAN = """
CREATE OR REPLACE FUNCTION set_organization(p_org text, p_plan text) RETURNS text LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN public.set_organization(p_org);
END $$
"""
"""Without the plan: Citus chooses the shard by the values of a statement, so there is no plan for all values."""
_SELECT_SHOWN = """
SELECT u.table_name, array_agg(DISTINCT u.column_name::text ORDER BY u.column_name::text)
FROM information_schema.view_column_usage u
WHERE u.view_schema = 'public' AND u.table_schema = 'public'
AND has_table_privilege(%s, format('%%I.%%I', u.view_schema, u.view_name), 'SELECT')
GROUP BY u.table_name ORDER BY u.table_name
"""
_GRANT_VIEWS = f"""
DO $$ BEGIN
    EXECUTE (
        SELECT 'GRANT SELECT ON ' || string_agg(format('public.%I', v.viewname), ', ') || ' TO {APP_ROLE}'
        FROM pg_views v WHERE v.schemaname = 'public' AND v.viewname LIKE '%\\_list'
    );
END $$
"""
"""By their names, these are the views of the application (ARCHITECTURE.md)."""
_SELECT_POLICIES = "SELECT tablename FROM pg_policies WHERE schemaname = 'public'"
_POLICY = "CREATE POLICY own_organization ON {} USING (org_id = current_setting('app.org', true))"


def prepare_sessions(conn: Connection[Row]) -> None:
    """Let the role log in on the nodes, and the organization of a transaction reach them."""
    for statement in (_ALLOW_LOG_IN, _PROPAGATE, _SET_ORGANIZATION, _SET_PLAN):
        conn.execute(statement)


def grant_shown_columns(conn: Connection[Row], only: str | None = None) -> None:
    """Let the application's role read the columns of distributed tables that its views show, of its organization.

    `only` is the name of the table that is new; None for all tables. In a transaction that has read logs, Citus refuses
    to change `organizations`. Citus makes some views again when it distributes their tables, and forgets who may read
    them.
    """
    conn.execute(_GRANT_VIEWS)
    placed = list_placed(conn)
    policies = {*conn.cursor(row_factory=scalar_row).execute(_SELECT_POLICIES)}
    for table, columns in conn.execute(_SELECT_SHOWN, (APP_ROLE,)).fetchall():
        if table not in placed or only not in (None, table):
            continue
        name = sql.Identifier(table)
        conn.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name))
        if table not in policies:
            conn.execute(sql.SQL(_POLICY).format(name))
        shown = sql.SQL(", ").join(map(sql.Identifier, columns))
        role = sql.Identifier(APP_ROLE)
        conn.execute(sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(shown, name, role))
