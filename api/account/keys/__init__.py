"""API keys over HTTP, for keys that may manage other keys of their organization."""
