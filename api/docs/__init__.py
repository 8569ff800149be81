"""Public pages: the landing page, the API reference, the guides, and the same texts for programs."""
