"""Profile: what users decide about their own accounts."""
