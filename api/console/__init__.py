"""Pages for the members of an organization: log-in, Home, Activity, API keys. They work without scripts."""
