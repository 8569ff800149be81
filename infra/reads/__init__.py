"""Queries on the read tables and the log, each for one organization; they implement the ports of the API."""
