"""The texts of the API reference about notes: credit notes."""
