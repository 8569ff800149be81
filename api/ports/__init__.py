"""What the API needs from outside: one file of Protocols per subject, and nothing else."""
