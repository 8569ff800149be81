"""The OpenAPI document, made from what the resources declare."""
