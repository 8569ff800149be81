"""Pages for the people of an organization: log-in, home, activity, keys. They need no script."""
