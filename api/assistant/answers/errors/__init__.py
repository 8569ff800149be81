"""Answers about errors: one that was pasted, and one that a question names."""
