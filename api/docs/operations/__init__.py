"""The pages of the operations in the API reference: what they show, read from the OpenAPI document."""
