"""Runs projections: computes rows and sums from the log, rebuilds them under traffic, and verifies them."""
