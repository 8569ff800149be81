"""The second factor: the last step of a log-in, and Profile → Second factors."""
