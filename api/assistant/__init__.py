"""The assistant: questions in ordinary words, answered from the reference and the guides."""
