"""The rows of notes: credit notes."""
