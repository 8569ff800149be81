"""The OpenAPI document, which is generated from the declarations of the resources."""
