"""The resources of notes: credit notes."""
