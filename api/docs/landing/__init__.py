"""The landing page `/`: the page, its facts from the OpenAPI document, and its pictures of the console."""
