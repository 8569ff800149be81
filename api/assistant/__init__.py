"""The assistant, which answers questions in ordinary words from the API reference and the guides."""
