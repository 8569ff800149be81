"""The migrations as files, what they lock, and how they wait for these locks."""
