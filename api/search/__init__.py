"""One search over the guides, the errors, the operations and their fields."""
