"""The read side: rows and sums computed from events, and the queries on them. Pure code and SQL text, no connection."""
