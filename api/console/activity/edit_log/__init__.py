"""The edit log for an auditor: a line for each changed field, what was checked, and both as a file."""
