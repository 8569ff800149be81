"""The page Activity, which shows the log in sentences, the history of an object, and the check of the hash chain."""
