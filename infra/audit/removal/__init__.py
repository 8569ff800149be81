"""Removes an organization wholly, and keeps a signed record of it."""
