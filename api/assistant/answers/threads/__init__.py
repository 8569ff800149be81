"""Answers to follow-up questions: what each kind of them takes over from the answer before."""
