"""Implements the API's ports for reading, with queries on the read tables and the log of one organization."""
