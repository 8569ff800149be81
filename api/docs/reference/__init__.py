"""The API reference: the page `/docs`, and a page for each operation, made from the OpenAPI document."""
