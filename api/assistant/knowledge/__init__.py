"""What the assistant knows: the operations, the guides, the words that people use, and canned answers."""
