"""The read side: rows and sums that are computed from events, and queries on them. No module opens a connection."""
