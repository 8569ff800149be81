"""Deliveries to webhooks while receivers fail, and senders, server processes and PostgreSQL are killed."""
