"""The OpenAPI document, made from the declarations of what serves the API."""
