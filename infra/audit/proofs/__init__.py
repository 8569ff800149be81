"""Proofs of single events, and that a log only grew: made from the database, and checked without one."""
