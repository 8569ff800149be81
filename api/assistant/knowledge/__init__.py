"""The knowledge of the assistant: the operations, the guides, the words that people use, and canned answers."""
