"""Settings → Developer: the pages on which an organization lists, creates, rotates and revokes its API keys."""
