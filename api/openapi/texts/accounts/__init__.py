"""The texts of the API reference about API keys and webhooks."""
