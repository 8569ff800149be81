"""The edit log of an organization: the changes of a period, read from the log and checked with its hashes."""
