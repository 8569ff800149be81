"""The commands on notes: credit notes."""
