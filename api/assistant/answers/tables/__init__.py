"""Answers that are read from the tables of the API: its fields, statuses, errors, scopes and credits."""
