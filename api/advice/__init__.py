"""Advice for the sender of a wrong request, about the mistakes that clients often make."""
