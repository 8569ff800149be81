"""The rows of API keys."""
