"""The commands on API keys, and on what all keys of an organization share."""
