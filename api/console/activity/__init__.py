"""Activity: the log in sentences, the history of one object, and the verification of the hash chain."""
