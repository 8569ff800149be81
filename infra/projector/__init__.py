"""Projections at work: rows and sums are folded from the log, rebuilt under traffic, and compared with it."""
