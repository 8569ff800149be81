"""Requests about webhooks: which operation a question asks for, and its body."""
