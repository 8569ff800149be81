"""What can be read: rows folded from events, and the queries on them; pure but for SQL text."""
