"""Lets statements on webhooks, which stay on the coordinator, read logs that are on other nodes."""

from __future__ import annotations

from psycopg import Connection

from infra.postgres.database import Row

_EVENT_PAGE = """
CREATE OR REPLACE FUNCTION event_page(p_org text, p_after bigint, p_limit integer)
RETURNS TABLE ("position" bigint, name text, recorded_at timestamptz, chain_hash bytea) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT e.position, e.name, e.recorded_at, e.chain_hash FROM public.events e
    WHERE e.org_id = p_org AND e.position > p_after ORDER BY e.position LIMIT p_limit;
END $$
"""
_ALL_POSITIONS = """
CREATE OR REPLACE FUNCTION all_log_positions() RETURNS TABLE (org_id text, "position" bigint)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT l.org_id, l.position FROM public.org_log l;
END $$
"""
_POSITIONS = """
CREATE OR REPLACE VIEW log_positions AS SELECT org_id COLLATE "C" AS org_id, position FROM all_log_positions()
"""
_REVOKE = "REVOKE ALL ON FUNCTION all_log_positions FROM PUBLIC"


def adapt_webhooks(conn: Connection[Row]) -> None:
    """Read the logs by functions, which the coordinator executes for each row, and not as a part of a join."""
    for statement in (_EVENT_PAGE, _ALL_POSITIONS, _REVOKE, _POSITIONS):
        conn.execute(statement)
