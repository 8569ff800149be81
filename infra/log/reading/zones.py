"""The time zone of an organization in SQL, of which `domain/accounts/zones.py` says when it counts.

All statements that read a time zone take it from here. In their expressions, `o` is the row of the organization.
"""

from __future__ import annotations

ZONES = "o.time_zone, o.new_time_zone, o.new_time_zone_from"
"""The columns that make Zones, in this order."""


def zone_at(at: str) -> str:
    """Return an SQL expression: the zone that counts at the time `at`, an SQL expression too."""
    return f"CASE WHEN o.new_time_zone_from <= {at} THEN o.new_time_zone ELSE o.time_zone END"


def day_at(at: str) -> str:
    """Return an SQL expression: the organization's day at the time `at`, an SQL expression too."""
    return f"({at} AT TIME ZONE {zone_at(at)})::date"


PRESENT = f"""(
    SELECT o.org_id, o.name, o.supplier, {zone_at("now() + l.clock_offset")} AS time_zone
    FROM organizations o JOIN org_log l USING (org_id)
)"""
"""Organizations with their profiles and the zone that counts now by the clock of their logs, as a table of a query."""
