"""Runs projections: folds rows and sums from the log, rebuilds them under traffic, and compares them with the log."""
