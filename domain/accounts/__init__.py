"""What lets people and programs in: users, their passwords, and the secrets of API keys."""
