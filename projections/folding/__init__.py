"""Reads stored events and folds them into rows."""
