"""Webhooks: who may be called, how deliveries are signed and sent, and the sender that reads the logs on."""
