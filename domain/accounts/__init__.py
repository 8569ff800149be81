"""Who may get in: users and their passwords, the secrets of API keys."""
