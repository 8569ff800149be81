"""Lists, exports and erases what an organization holds about one person (docs/decisions/0093)."""
