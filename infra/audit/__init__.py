"""Audit tooling: replay of an object, the check of the hash chain, seals, export and import."""
