"""Rebuilds a whole read table beside the served table, while the service keeps running."""
