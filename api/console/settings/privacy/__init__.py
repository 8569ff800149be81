"""Settings → Privacy: what is held about a person, and requests to erase it."""
