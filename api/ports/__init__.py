"""What the API needs from outside: one file of Protocols and their types per subject, and nothing else."""
