"""What can come of a read that a standby may answer, as the metrics count it."""

from __future__ import annotations

ANSWERED = "answered"
"""The standby has answered."""
BEHIND = "behind"
"""It has not yet the position of the log that the caller must see."""
UNCERTAIN = "uncertain"
"""It does not know the object, or a place in the log: only the primary says that there is none."""
AWAY = "away"
"""It could not be reached, or did not respond in time, within the last second."""
FAILED = "failed"
"""It has refused the query, such as one that stands in the way of what the primary has changed."""
NO_STANDBY = "no_standby"
"""The server is not a standby. Perhaps it was promoted."""
OTHER_DATABASE = "other_database"
"""It follows another primary, or has another database."""

OUTCOMES = (ANSWERED, BEHIND, UNCERTAIN, AWAY, FAILED, NO_STANDBY, OTHER_DATABASE)
"""All outcomes. After any but the first, the primary has answered."""
