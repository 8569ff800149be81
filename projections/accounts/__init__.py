"""The rows of API keys, and of what all keys of an organization share."""
