"""What makes a log provable: the chain of hashes through its events. Nothing here needs a database."""
