"""Organizations, API keys, users and their sessions, as they are stored."""
