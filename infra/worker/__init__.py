"""The background worker: its tasks, and how one process becomes the leader that runs them."""
