"""The public pages: the landing page, the API reference and the guides. Programs get the same texts as plain text."""
