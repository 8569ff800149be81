"""Erasures, and how long an organization must keep what it has recorded."""
