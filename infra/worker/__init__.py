"""The background worker: its tasks, and how one of all processes becomes the leader that runs them."""
