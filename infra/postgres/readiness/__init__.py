"""Finds out whether a process can serve requests, for `/readyz`."""
