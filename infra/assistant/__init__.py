"""What the assistant needs from outside: a full-text index, and optionally a language model."""
