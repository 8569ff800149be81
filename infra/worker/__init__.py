"""The background worker: one leader among all processes, and its tasks."""
